import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { HOUR } from '@/lib/domain/duration'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { absenceEffect } from '@/lib/queries/absence'
import { countToDecide } from '@/lib/queries/approvals'
import { groupPage, listGroups } from '@/lib/queries/groups'
import { personPage } from '@/lib/queries/people'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { decideOnRequest } from './decisions'
import { membersOf } from './facts'
import { nestGroups, unnestGroup } from './group-nesting'
import { deactivateGroup, removeMember } from './groups'
import { askForAccess } from './requests'

let world: LeaseWorld
let carl: TestPerson
let dana: TestPerson
let [top, middle, bottom] = ['', '', '']
beforeEach(async () => {
  world = await createLeaseWorld()
  carl = await world.person('Carl Diaz')
  dana = await world.person('Dana Ekow')
  top = await world.group('Board', [])
  middle = await world.group('Platform', [dana])
  bottom = await world.group('On call', [carl])
  must(await nestGroups(admin(), { groupId: top, childIds: [middle] }))
  must(await nestGroups(admin(), { groupId: middle, childIds: [bottom] }))
})
afterEach(() => world.close())

const admin = () => world.as(world.ines)
const members = async (id = top) => (await membersOf(world.db, id)).sort()
const versionOf = async (id: string) =>
  (await world.db.query.group.findFirst({ where: eq(schema.group.id, id) }))!.version
async function policy(more: Partial<PolicyDefinition>): Promise<string> {
  const external = world.target.state.addEntitlement({ name: 'staging_write' })
  const entitlementId = await world.entitlement(world.applicationId, 'staging_write', {
    externalId: external.id,
  })
  await world.policy('Staging write', { entitlementIds: [entitlementId], ...more })
  return entitlementId
}
const boardDecides = () => ({
  steps: [{ approvers: [{ kind: 'group' as const, id: top }], quorum: 1 as const }],
})
const ask = (who: TestPerson, entitlementId: string) =>
  askForAccess(world.as(who), { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' })

describe('a group in a group in a group', () => {
  it('has its people decide for the outermost, shown to them and counted', async () => {
    const entitlementId = await policy(boardDecides())
    const { requestId } = must(await ask(world.ana, entitlementId))
    const now = new Date()
    expect(await countToDecide(world.as(carl), now)).toBe(1)
    expect((await listGroups(admin()))?.rows).toMatchObject([
      { name: 'Board', size: 2 },
      { name: 'On call', size: 1 },
      { name: 'Platform', size: 2 },
    ])
    expect(await groupPage(admin(), middle)).toMatchObject({
      members: [{ name: 'Dana Ekow' }],
      groups: [{ name: 'On call', size: 1 }],
      within: [{ name: 'Board' }],
      size: 2,
      groupCandidates: [],
    })
    expect((await personPage(admin(), carl.id, now))?.groups).toMatchObject([
      { name: 'On call' },
      { name: 'Board', through: true },
      { name: 'Platform', through: true },
    ])
    const decided = await decideOnRequest(world.as(carl), {
      requestId,
      verdict: 'approve',
      note: null,
      version: 1,
    })
    expect(must(decided)).toMatchObject({ state: 'approved' })
  })

  it('lets its people ask by the outermost, as long as it is in it', async () => {
    const requesters = { kind: 'some' as const, groupIds: [top], personIds: [] }
    const entitlementId = await policy({
      requesters,
      steps: [{ approvers: [{ kind: 'owners' }], quorum: 1 }],
    })
    must(await ask(carl, entitlementId))
    must(await unnestGroup(admin(), { groupId: top, childId: middle }))
    expect(await ask(dana, entitlementId)).toMatchObject({ code: 'not_eligible' })
    expect(await members()).toEqual([])
  })

  it('is not walked through a deactivated one, neither to its people nor beyond it', async () => {
    expect(await members()).toEqual([carl.id, dana.id].sort())
    must(await deactivateGroup(admin(), { groupId: middle, version: await versionOf(middle) }))
    expect(await members()).toEqual([])
    expect(await members(bottom)).toEqual([carl.id])
  })

  it('that is taken out takes what waited for its people to the owners at once', async () => {
    const { requestId } = must(await ask(world.ana, await policy(boardDecides())))
    expect(must(await unnestGroup(admin(), { groupId: top, childId: middle }))).toMatchObject({
      escalated: 1,
    })
    expect(await world.verbs(requestId)).toEqual(['asked', 'escalated'])
    expect(await world.verbs(top)).toEqual(['changed', 'changed'])
  })

  it('is never in itself, whoever says it and in whatever order', async () => {
    for (const [groupId, childId] of [
      [top, top],
      [bottom, top],
      [middle, top],
    ] as const)
      expect(await nestGroups(admin(), { groupId, childIds: [childId] })).toMatchObject({
        code: 'invalid',
        field: 'childIds',
      })
    const circle = world.db.insert(schema.groupNesting).values({ parentId: bottom, childId: top })
    await expect(circle).rejects.toMatchObject({
      cause: { message: expect.stringContaining('would be in itself') },
    })
    must(await unnestGroup(admin(), { groupId: top, childId: middle }))
    const both = await Promise.all([
      nestGroups(admin(), { groupId: top, childIds: [middle] }),
      nestGroups(admin(), { groupId: bottom, childIds: [top] }),
    ])
    expect(both.filter((r) => r.ok)).toHaveLength(1)
    expect(await nestGroups(world.as(world.ben), { groupId: top, childIds: [bottom] })).toMatchObject({
      code: 'forbidden',
    })
  })

  it('is counted when something is thought away: another way to the same person is still a way', async () => {
    await policy({ ...boardDecides(), requesters: { kind: 'some', groupIds: [], personIds: [world.ana.id] } })
    const gaps = async (absence: { groupId: string; personId?: string }) =>
      (await absenceEffect(admin(), absence))!.policies.length
    expect(await gaps({ groupId: middle })).toBe(1)
    expect(await gaps({ groupId: bottom })).toBe(0)
    must(await removeMember(admin(), { groupId: middle, personId: dana.id }))
    expect(await gaps({ groupId: bottom, personId: carl.id })).toBe(1)
    must(await nestGroups(admin(), { groupId: top, childIds: [bottom] }))
    expect(await gaps({ groupId: middle })).toBe(0)
    expect(await gaps({ groupId: bottom })).toBe(1)
  })
})
