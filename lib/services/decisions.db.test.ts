import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { DAY, HOUR } from '@/lib/domain/duration'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { type DecideInput, decideOnRequest, lapseRequest, withdrawRequest } from './decisions'
import { askForAccess } from './requests'

let world: LeaseWorld
afterEach(() => world.close())

/** A lease world whose policy asks Ben (Ana's manager) first and the security group, both of them, then. */
async function twoSteps() {
  world = await createLeaseWorld()
  const sam = await world.person('Sam Security')
  const sue = await world.person('Sue Security')
  const groupId = await world.group('Security', [sam, sue])
  const [version] = await world.db.select().from(schema.policyVersion)
  const id = crypto.randomUUID()
  const steps = [
    { approvers: [{ kind: 'manager' as const }], quorum: 1 },
    { approvers: [{ kind: 'group' as const, id: groupId }], quorum: 'all' as const },
  ]
  await world.db
    .insert(schema.policyVersion)
    .values({ ...version!, id, number: 2, definition: { ...version!.definition, steps } })
  await world.db.update(schema.policy).set({ currentVersionId: id })
  return { sam, sue, groupId, requestId: await asked() }
}

async function asked(seconds = DAY) {
  const input = { entitlementId: world.entitlementId, seconds, reason: 'INC-2417', startAt: null }
  return must(await askForAccess(world.as(world.ana), input)).requestId
}

const decide = (who: TestPerson, requestId: string, more: Partial<DecideInput> = {}) =>
  decideOnRequest(world.as(who), { requestId, verdict: 'approve', note: null, version: 1, ...more })
const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const mails = async (kind: string) =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })).map((m) => m.recipient).sort()
const armed = async () =>
  (await world.db.query.work.findMany()).map((w) => w.kind).filter((kind) => kind !== 'send')

describe('two steps', () => {
  it('ask the second step only when the first has agreed, and give when all have', async () => {
    const { sam, sue, requestId } = await twoSteps()
    expect(await mails('decision-needed')).toEqual([world.ben.email])
    expect(await decide(sam, requestId)).toMatchObject({
      code: 'forbidden',
      message: 'You are not asked to decide on this step',
    })
    expect(must(await decide(world.ben, requestId))).toEqual({ state: 'pending', grantId: null })
    expect(await mails('decision-needed')).toEqual([world.ben.email, sam.email, sue.email].sort())
    expect(must(await decide(sam, requestId)).state).toBe('pending')
    const last = must(await decide(sue, requestId))
    expect(last.state).toBe('approved')
    expect(await world.verbs(requestId)).toEqual(['asked', 'agreed', 'agreed', 'approved'])
    expect((await request(requestId)).grantId).toBe(last.grantId)
    expect(await mails('request-approved')).toEqual([world.ana.email])
    expect(await armed()).toEqual(['give'])
  })

  it('"all" asks those who are there: who left is not waited for, and does not stand in for who stayed', async () => {
    const { sam, sue, groupId, requestId } = await twoSteps()
    const eve = await world.person('Eve Security')
    await world.db.insert(schema.groupMember).values({ groupId, personId: eve.id })
    must(await decide(world.ben, requestId))
    must(await decide(sam, requestId))
    await world.db
      .update(schema.person)
      .set({ deactivatedAt: new Date() })
      .where(eq(schema.person.id, sam.id))
    expect(must(await decide(sue, requestId)).state).toBe('pending')
    expect(must(await decide(eve, requestId)).state).toBe('approved')
  })

  it('a denial on the second ends it, and the requester reads why', async () => {
    const { sam, requestId } = await twoSteps()
    must(await decide(world.ben, requestId))
    expect(await decide(sam, requestId, { verdict: 'deny' })).toMatchObject({
      code: 'invalid',
      field: 'note',
    })
    must(await decide(sam, requestId, { verdict: 'deny', note: 'Use the read replica' }))
    expect((await request(requestId)).state).toBe('denied')
    expect(await mails('request-denied')).toEqual([world.ana.email])
    expect(await world.db.query.grant.findMany()).toEqual([])
    expect(await armed()).toEqual([])
  })

  it('lapses at once when nobody is left who could agree', async () => {
    const { sue, requestId } = await twoSteps()
    expect(await lapseRequest(world.as('engine'), requestId)).toMatchObject({ code: 'conflict' })
    must(await decide(world.ben, requestId))
    await world.db.delete(schema.groupMember)
    expect(await decide(sue, requestId)).toMatchObject({ code: 'forbidden' })
    must(await lapseRequest(world.as('engine'), requestId))
    const [, , entry] = await world.db.query.timeline.findMany({
      where: eq(schema.timeline.subjectId, requestId),
      orderBy: schema.timeline.version,
    })
    expect(entry).toMatchObject({ verb: 'lapsed', data: { why: 'nobody_left' } })
  })

  it('a person may not lapse a request by hand', async () => {
    const { requestId } = await twoSteps()
    expect(await lapseRequest(world.as(world.ines), requestId)).toMatchObject({ code: 'forbidden' })
  })
})

describe('one step', () => {
  it('shortened, the grant is as short, with the notice of the preset that fits', async () => {
    world = await createLeaseWorld()
    const requestId = await asked(DAY)
    expect(await decide(world.ben, requestId, { seconds: 2 * DAY })).toMatchObject({
      code: 'invalid',
      field: 'seconds',
    })
    expect(await decide(world.ben, requestId, { seconds: 600 })).toMatchObject({
      message: 'The minimum is 15 minutes',
    })
    const { grantId } = must(await decide(world.ben, requestId, { seconds: 8 * HOUR }))
    expect(await world.grant(grantId!)).toMatchObject({ durationSeconds: 8 * HOUR, noticeSeconds: HOUR })
    expect(await request(requestId)).toMatchObject({ seconds: 8 * HOUR, askedSeconds: DAY })
    const [vote] = await world.db.query.decision.findMany()
    expect(vote).toMatchObject({ personId: world.ben.id, verdict: 'approve', seconds: 8 * HOUR })
  })

  it('shortened below every preset, the notice still comes before the end', async () => {
    world = await createLeaseWorld()
    const { grantId } = must(await decide(world.ben, await asked(), { seconds: HOUR }))
    expect(await world.grant(grantId!)).toMatchObject({ durationSeconds: HOUR, noticeSeconds: 600 })
  })

  it('is decided by who is asked: not by an admin, not by who asked', async () => {
    world = await createLeaseWorld()
    const requestId = await asked()
    for (const who of [world.ines, world.ana])
      expect(await decide(who, requestId)).toEqual({
        ok: false,
        code: 'forbidden',
        message: 'You are not asked to decide on this request',
      })
    expect(await world.verbs(requestId)).toEqual(['asked'])
  })

  it('withdrawn by who asked only, it is not decided any more', async () => {
    world = await createLeaseWorld()
    const requestId = await asked()
    expect(await withdrawRequest(world.as(world.ben), requestId)).toMatchObject({ code: 'forbidden' })
    must(await withdrawRequest(world.as(world.ana), requestId))
    expect(await decide(world.ben, requestId)).toEqual({
      ok: false,
      code: 'conflict',
      message: 'This request is withdrawn by the requester',
    })
    expect(await withdrawRequest(world.as(world.ana), requestId)).toMatchObject({ code: 'conflict' })
    expect(await armed()).toEqual([])
  })

  it('is judged by the policy version it was asked under', async () => {
    world = await createLeaseWorld()
    const requestId = await asked()
    const [version] = await world.db.select().from(schema.policyVersion)
    const id = crypto.randomUUID()
    const definition = {
      ...version!.definition,
      steps: [],
      requesters: { kind: 'some' as const, groupIds: [], personIds: [] },
    }
    await world.db.insert(schema.policyVersion).values({ ...version!, id, number: 2, definition })
    await world.db.update(schema.policy).set({ currentVersionId: id })
    const { grantId } = must(await decide(world.ben, requestId))
    expect((await world.grant(grantId!)).policyVersionId).toBe(version!.id)
  })

  it('uses up the links in everybody’s mails when it is decided', async () => {
    world = await createLeaseWorld()
    const requestId = await asked()
    await world.drain()
    const open = async () => (await world.db.query.link.findMany()).filter((link) => link.usedAt === null)
    expect(await open()).toHaveLength(1)
    must(await withdrawRequest(world.as(world.ana), requestId))
    expect(await open()).toEqual([])
  })

  it('that is not there is not found', async () => {
    world = await createLeaseWorld()
    expect(await decide(world.ben, crypto.randomUUID())).toMatchObject({ code: 'not_found' })
  })
})
