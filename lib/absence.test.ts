import { describe, expect, it } from 'vitest'
import { directoryWithout, foundThrough, isAbsent } from './absence'
import type { PolicyDirectory } from './policy-coverage'

const directory: PolicyDirectory = {
  people: [
    { id: 'ana', name: 'Ana', managerId: null },
    { id: 'ana2', name: 'Ana', managerId: null, countsAs: 'ana' },
    { id: 'ana3', name: 'Ana', managerId: null, countsAs: 'ana' },
    { id: 'ben', name: 'Ben', managerId: 'ana' },
  ],
  groups: [
    { id: 'ops', name: 'Ops', memberIds: ['ana', 'ben'] },
    { id: 'data', name: 'Data', memberIds: ['ana'] },
  ],
  applications: [{ id: 'dwh', name: 'Data warehouse', ownerIds: ['ana', 'ben'] }],
  adminIds: ['ana'],
}

describe('a directory without', () => {
  it('a person has them nowhere, and the next account of theirs counts', () => {
    const { people, groups, applications, adminIds } = directoryWithout(directory, { personId: 'ana' })
    expect(people).toEqual([
      { id: 'ana2', name: 'Ana', managerId: null },
      { id: 'ana3', name: 'Ana', managerId: null, countsAs: 'ana2' },
      { id: 'ben', name: 'Ben', managerId: 'ana' },
    ])
    expect(groups.map((g) => g.memberIds)).toEqual([['ben'], []])
    expect(applications.map((a) => a.ownerIds)).toEqual([['ben']])
    expect(adminIds).toEqual([])
  })

  it('a group has everybody, but not through it', () => {
    const without = directoryWithout(directory, { groupId: 'ops' })
    expect(without).toEqual({ ...directory, groups: [directory.groups[1]] })
  })

  it('somebody’s place in a group has both, but not together', () => {
    const without = directoryWithout(directory, { groupId: 'ops', personId: 'ana' })
    expect(without.groups.map((g) => g.memberIds)).toEqual([['ben'], ['ana']])
    expect({ ...without, groups: directory.groups }).toEqual(directory)
  })
})

it.each([
  { absence: undefined, gone: false, found: true },
  { absence: { personId: 'ana' }, gone: true, found: false },
  { absence: { personId: 'ben' }, gone: false, found: true },
  { absence: { groupId: 'ops' }, gone: false, found: false },
  { absence: { groupId: 'data' }, gone: false, found: true },
  { absence: { groupId: 'ops', personId: 'ana' }, gone: false, found: false },
  { absence: { groupId: 'data', personId: 'ana' }, gone: false, found: true },
  { absence: { groupId: 'ops', personId: 'ben' }, gone: false, found: true },
])('Ana in Ops with $absence away: gone $gone, found through it $found', ({ absence, gone, found }) => {
  expect(isAbsent(absence, 'ana')).toBe(gone)
  expect(foundThrough(absence, 'ops', 'ana')).toBe(found)
})
