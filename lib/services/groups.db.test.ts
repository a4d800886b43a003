import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { ApprovalStep, PolicyDefinition } from '@/lib/domain/policy'
import { absenceEffect } from '@/lib/queries/absence'
import { groupPage, listGroups } from '@/lib/queries/groups'
import { taskDetails } from '@/lib/queries/tasks'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { editApplication } from './applications'
import { decideOnRequest } from './decisions'
import {
  addMembers,
  addMembersInput,
  createGroup,
  createGroupInput,
  deactivateGroup,
  editGroup,
  reactivateGroup,
  removeMember,
} from './groups'
import { deactivatePerson } from './people'
import { askForAccess } from './requests'

let world: LeaseWorld
let carl: TestPerson
let dana: TestPerson
let groupId: string
beforeEach(async () => {
  world = await createLeaseWorld()
  carl = await world.person('Carl Diaz')
  dana = await world.person('Dana Ekow')
  groupId = await world.group('Approvers', [carl, dana])
})
afterEach(() => world.close())

const admin = () => world.as(world.ines)
const group = async (id = groupId) =>
  (await world.db.query.group.findFirst({ where: eq(schema.group.id, id) }))!
const deactivate = async () =>
  must(await deactivateGroup(admin(), { groupId, version: (await group()).version }))
const takeOut = (who: TestPerson) => removeMember(admin(), { groupId, personId: who.id })
const byGroup = (quorum: number | 'all' = 1): ApprovalStep => ({
  approvers: [{ kind: 'group', id: groupId }],
  quorum,
})
async function policy(more: Partial<PolicyDefinition>): Promise<string> {
  const external = world.target.state.addEntitlement({ name: 'staging_write' })
  const entitlementId = await world.entitlement(world.applicationId, 'staging_write', {
    externalId: external.id,
  })
  await world.policy('Staging write', { entitlementIds: [entitlementId], steps: [byGroup()], ...more })
  return entitlementId
}
const ask = (who: TestPerson, entitlementId: string) =>
  askForAccess(world.as(who), { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' })
const asked = async (more: Partial<PolicyDefinition> = {}) =>
  must(await ask(world.ana, await policy(more))).requestId
const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const say = async (who: TestPerson, requestId: string) => {
  const { version } = await request(requestId)
  return decideOnRequest(world.as(who), { requestId, verdict: 'approve', note: null, version })
}
const toldOf = async (requestId: string, kind: string) => {
  const { mail } = schema
  const where = and(eq(mail.requestId, requestId), eq(mail.kind, kind))
  return (await world.db.query.mail.findMany({ where })).map((m) => m.recipient).sort()
}
const ownedBy = async (...owners: TestPerson[]) => {
  await world.db.delete(schema.applicationOwner)
  const { applicationId } = world
  for (const { id } of owners)
    await world.db.insert(schema.applicationOwner).values({ applicationId, personId: id })
}

describe('a group', () => {
  it('is made, filled, renamed, emptied and put out of use, each in its timeline', async () => {
    const made = must(await createGroup(admin(), createGroupInput.parse({ name: ' Data stewards ' })))
    const id = made.groupId
    must(await addMembers(admin(), { groupId: id, personIds: [carl.id, dana.id] }))
    const renamed = { groupId: id, version: 2, name: 'Stewards', description: 'Look after data' }
    must(await editGroup(admin(), renamed))
    must(await removeMember(admin(), { groupId: id, personId: carl.id }))
    must(await deactivateGroup(admin(), { groupId: id, version: 4 }))
    must(await reactivateGroup(admin(), { groupId: id, version: 5 }))
    expect(await group(id)).toMatchObject({
      name: 'Stewards',
      description: 'Look after data',
      deactivatedAt: null,
      version: 6,
    })
    expect(await world.verbs(id)).toEqual([
      'created',
      'changed',
      'changed',
      'changed',
      'deactivated',
      'changed',
    ])
    const page = await groupPage(admin(), id)
    expect(page?.members.map((m) => m.name)).toEqual(['Dana Ekow'])
    expect(page?.candidates?.map((p) => p.name)).not.toContain('Dana Ekow')
  })

  it('has a name of its own, in whatever case', async () => {
    const taken = { code: 'invalid', field: 'name' }
    const input = createGroupInput.parse({ name: 'APPROVERS' })
    expect(await createGroup(admin(), input)).toMatchObject(taken)
    const other = must(await createGroup(admin(), createGroupInput.parse({ name: 'Others' }))).groupId
    const rename = { groupId: other, version: 1, name: 'approvers', description: null }
    expect(await editGroup(admin(), rename)).toMatchObject(taken)
    // Its own name in another case is free.
    must(await editGroup(admin(), { groupId, version: 1, name: 'approvers', description: null }))
  })

  it('refuses what is not so any more', async () => {
    const gone = await world.person('Gone Already', { deactivatedAt: new Date('2026-01-01') })
    const add = (...who: TestPerson[]) => addMembers(admin(), { groupId, personIds: who.map((p) => p.id) })
    expect(await add(gone)).toMatchObject({ code: 'invalid', field: 'personIds' })
    expect(await add(carl, dana)).toMatchObject({ code: 'conflict' })
    must(await add(carl, world.ben))
    expect(await takeOut(world.ana)).toMatchObject({ code: 'conflict' })
    const old = { groupId, version: 1 }
    expect(await editGroup(admin(), { ...old, name: 'Else', description: null })).toMatchObject({
      code: 'stale',
    })
    expect(await deactivateGroup(admin(), old)).toMatchObject({ code: 'stale' })
    expect(await reactivateGroup(admin(), old)).toMatchObject({ code: 'conflict' })
    await deactivate()
    expect(await deactivateGroup(admin(), old)).toMatchObject({ code: 'conflict' })
    expect(addMembersInput.safeParse({ groupId }).error?.issues[0]?.message).toBe(
      'Choose at least one person',
    )
    const nowhere = { groupId: '0190a000-0000-7000-8000-000000000000', personId: carl.id }
    expect(await removeMember(admin(), nowhere)).toMatchObject({ code: 'not_found' })
    expect(await world.verbs(groupId)).toEqual(['changed', 'deactivated'])
  })

  it('is for admins alone to change, and for owners and auditors to see', async () => {
    const auditor = await world.person('Aud Itor', { auditor: true })
    const input = { groupId, personId: carl.id }
    for (const who of [world.ben, world.ana, auditor]) {
      expect(await removeMember(world.as(who), input)).toMatchObject({ code: 'forbidden' })
      expect(await absenceEffect(world.as(who), { groupId })).toBeNull()
    }
    expect(await listGroups(world.as(world.ana))).toBeNull()
    expect(await groupPage(world.as(world.ana), groupId)).toBeNull()
    for (const who of [world.ben, auditor]) {
      expect(await listGroups(world.as(who))).toMatchObject({ canCreate: false, rows: [{ size: 2 }] })
      expect(await groupPage(world.as(who), groupId)).toMatchObject({ candidates: null })
    }
  })

  it('says where it is used', async () => {
    await policy({ requesters: { kind: 'some', groupIds: [groupId], personIds: [] } })
    await world.application('Wiki', { fulfilmentGroupId: groupId })
    const named = (name: string) => [expect.objectContaining({ name })]
    expect((await listGroups(admin()))?.rows[0]?.uses).toEqual({
      decides: named('Staging write'),
      asks: named('Staging write'),
      automatic: [],
      fulfils: named('Wiki'),
    })
  })
})

/** Every way in which the group comes to have nobody who could decide. */
const ways: [string, () => Promise<unknown>][] = [
  ['is emptied', async () => [must(await takeOut(carl)), must(await takeOut(dana))]],
  ['is deactivated', () => deactivate()],
  [
    'loses its people, who are deactivated',
    async () => {
      for (const who of [carl, dana]) must(await deactivatePerson(admin(), { personId: who.id }))
    },
  ],
]

describe.each(ways)('when the group that decides %s', (_, lose) => {
  it('what waits goes to the owners at once', async () => {
    const id = await asked()
    await lose()
    expect(await world.verbs(id)).toEqual(['asked', 'escalated'])
    expect(await say(carl, id)).toMatchObject({ ok: false })
    expect(await toldOf(id, 'decision-needed')).toEqual([carl.email, dana.email, world.ben.email].sort())
    expect(must(await say(world.ben, id))).toMatchObject({ state: 'approved' })
  })

  it('it goes to the admins where the only owner is who asks', async () => {
    await ownedBy(world.ana)
    const id = await asked()
    await lose()
    expect(await world.verbs(id)).toEqual(['asked', 'escalated'])
    expect(await toldOf(id, 'decision-needed')).toContain(world.ines.email)
    expect(must(await say(world.ines, id))).toMatchObject({ state: 'approved' })
  })

  it('it lapses at once where nobody at all is left, and whoever asked is owed the mail', async () => {
    await ownedBy()
    const id = await asked({ steps: [byGroup(2)] })
    await lose()
    expect((await world.verbs(id)).at(-1)).toBe('lapsed')
    expect(await request(id)).toMatchObject({ state: 'lapsed' })
    const [last] = await world.db
      .select()
      .from(schema.timeline)
      .where(and(eq(schema.timeline.subjectId, id), eq(schema.timeline.verb, 'lapsed')))
    expect(last?.data).toMatchObject({ why: 'nobody_left' })
    expect(await toldOf(id, 'request-lapsed')).toEqual([world.ana.email])
    expect((await world.db.query.work.findMany()).filter((w) => w.subjectId === id)).toEqual([])
  })
})

describe('a deactivated group', () => {
  it('does no tasks any more, and no application can be handed to it', async () => {
    const wiki = await world.application('Wiki', { owners: [world.ben], fulfilmentGroupId: groupId })
    const entitlementId = await world.entitlement(wiki, 'Editors')
    await world.policy('Wiki editors', { entitlementIds: [entitlementId] })
    const { requestId } = must(await ask(world.ana, entitlementId))
    must(await say(world.ben, requestId))
    await world.drain()
    const { id } = (await world.db.query.task.findFirst())!
    const now = await readNow(world.db)
    expect(await taskDetails(world.as(carl), id, now)).toMatchObject({ mayComplete: true })
    await deactivate()
    expect(await taskDetails(world.as(carl), id, now)).toBeNull()
    expect(await taskDetails(world.as(world.ben), id, now)).toMatchObject({ mayComplete: true })
    const input = { applicationId: wiki, version: 1, name: 'Wiki', fulfilmentGroupId: groupId }
    expect(
      await editApplication(admin(), { ...input, description: null, checklist: null, taskSeconds: HOUR }),
    ).toMatchObject({ code: 'invalid', field: 'fulfilmentGroupId' })
  })

  it('lets nobody ask by it, nor be given what was agreed before', async () => {
    must(await addMembers(admin(), { groupId, personIds: [world.ana.id] }))
    const owners: ApprovalStep = { approvers: [{ kind: 'owners' }], quorum: 1 }
    const requesters = { kind: 'some' as const, groupIds: [groupId], personIds: [] }
    const entitlementId = await policy({ requesters, steps: [owners] })
    const { requestId } = must(await ask(world.ana, entitlementId))
    const { grantId } = must(await say(world.ben, requestId))
    await deactivate()
    expect(await ask(carl, entitlementId)).toMatchObject({ code: 'not_eligible' })
    await world.drain()
    expect(await world.grant(grantId!)).toMatchObject({ state: 'failed' })
    must(await reactivateGroup(admin(), { groupId, version: (await group()).version }))
    must(await ask(world.ana, entitlementId))
  })

  it('decides again on what is asked after it is in use again', async () => {
    const entitlementId = await policy({})
    await deactivate()
    expect(await ask(world.ana, entitlementId)).toMatchObject({ code: 'nobody_can_approve' })
    must(await reactivateGroup(admin(), { groupId, version: (await group()).version }))
    const { requestId } = must(await ask(world.ana, entitlementId))
    expect(must(await say(carl, requestId))).toMatchObject({ state: 'approved' })
  })
})

describe('what it would mean is said before', () => {
  const effect = async (absence: { personId?: string; groupId?: string }) =>
    (await absenceEffect(admin(), absence))!

  it('of a group that decides: what waits, what goes to others, and under which policies nobody could agree', async () => {
    const id = await asked({ requesters: { kind: 'some', groupIds: [groupId], personIds: [world.ana.id] } })
    await world.application('Wiki', { fulfilmentGroupId: groupId })
    const found = await effect({ groupId })
    expect(found).toMatchObject({
      ending: 0,
      waiting: 1,
      stuck: [{ id, person: 'Ana Oliveira', entitlement: 'staging_write', lapses: false }],
      policies: [{ name: 'Staging write', blocked: 1, eligible: 1 }],
      asks: [{ name: 'Staging write' }],
      fulfils: [{ name: 'Wiki' }],
    })
    await deactivate()
    expect(await world.verbs(id)).toEqual(['asked', 'escalated'])
    expect(await effect({ groupId })).toMatchObject({ waiting: 0, stuck: [], policies: [] })
  })

  it('of one member: nothing is lost while another is left', async () => {
    await asked()
    expect(await effect({ groupId, personId: carl.id })).toMatchObject({ waiting: 1, stuck: [] })
    must(await takeOut(dana))
    const last = await effect({ groupId, personId: carl.id })
    expect(last.stuck).toHaveLength(1)
    expect(last.policies).toMatchObject([{ name: 'Staging write' }])
  })

  it('of what nobody at all could agree to: that it lapses', async () => {
    await ownedBy()
    const id = await asked({ steps: [byGroup(2)] })
    expect(await effect({ groupId })).toMatchObject({ stuck: [{ id, lapses: true }] })
    await deactivate()
    expect(await request(id)).toMatchObject({ state: 'lapsed' })
  })

  it('of a person: what ends, what stays, what they alone own, and what they are asked', async () => {
    await world.approved(DAY)
    await world.drain()
    await ownedBy(world.ana)
    const [first] = await world.db.query.grant.findMany()
    expect(await effect({ personId: world.ana.id })).toMatchObject({
      ending: 1,
      staying: 0,
      unowned: [{ name: 'Data warehouse' }],
    })
    await world.db.update(schema.grant).set({ preexisting: true }).where(eq(schema.grant.id, first!.id))
    expect(await effect({ personId: world.ana.id })).toMatchObject({ ending: 1, staying: 1 })
    await world.db.update(schema.grant).set({ preexisting: false }).where(eq(schema.grant.id, first!.id))
    must(await deactivatePerson(admin(), { personId: world.ana.id }))
    expect(await effect({ personId: world.ana.id })).toMatchObject({ ending: 0, unowned: [] })
  })

  it('and shown to nobody who may not do it', async () => {
    expect(await absenceEffect(world.as(world.ben), { personId: world.ana.id })).toBeNull()
  })
})
