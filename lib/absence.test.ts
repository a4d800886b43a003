import { describe, expect, it } from 'vitest'
import { directoryWithout, isAbsent } from './absence'
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

  it('somebody’s place in a group was read without it already', () => {
    expect(directoryWithout(directory, { groupId: 'ops', personId: 'ana' })).toEqual(directory)
  })
})

it.each([
  { absence: undefined, gone: false },
  { absence: { personId: 'ana' }, gone: true },
  { absence: { personId: 'ben' }, gone: false },
  { absence: { groupId: 'ops' }, gone: false },
  { absence: { groupId: 'ops', personId: 'ana' }, gone: false },
])('Ana with $absence away is gone: $gone', ({ absence, gone }) => {
  expect(isAbsent(absence, 'ana')).toBe(gone)
})
