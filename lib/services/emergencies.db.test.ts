import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { DAY, HOUR } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { askForExtension } from './extension-requests'
import { returnGrant, revokeGrant } from './grants'
import { deactivatePerson } from './people'
import { type AskInput, type AskOneInput, askForAccess, askForSeveral } from './requests'
import { type CompleteReviewInput, completeReview } from './reviews'
import { completeTask } from './tasks'

const emergency = { allowed: true, seconds: 6 * HOUR }

let world: LeaseWorld
/** A second entitlement of the same application, under a permanent policy with emergency access. */
let second: string
beforeEach(async () => {
  world = await createLeaseWorld({ emergency })
  const external = world.target.state.addEntitlement({ name: 'prod_write' })
  second = await world.entitlement(world.applicationId, 'prod_write', { externalId: external.id })
  await world.policy('Production write', {
    entitlementIds: [second],
    mode: 'permanent',
    presets: [],
    emergency: { allowed: true, seconds: 6 * HOUR },
  })
})
afterEach(() => world.close())

const take = (more: Partial<AskOneInput> = {}, who: TestPerson = world.ana, ctx = world.as(who)) =>
  askForAccess(ctx, {
    entitlementId: world.entitlementId,
    seconds: null,
    reason: 'The primary is down',
    emergency: true,
    ...more,
  })
const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
/** Takes emergency access as Ana, and has it given. */
async function taken(entitlementId = world.entitlementId): Promise<string> {
  const { requestId } = must(await take({ entitlementId }))
  await world.drain()
  return (await request(requestId)).grantId!
}
const reviews = (grantId?: string) =>
  world.db.query.task.findMany({
    where: and(eq(schema.task.kind, 'review'), grantId ? eq(schema.task.grantId, grantId) : undefined),
  })
const mailed = async (kind: string) =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })).map((m) => m.recipient).sort()
const entries = (subjectId: string) =>
  world.db.query.timeline.findMany({
    where: eq(schema.timeline.subjectId, subjectId),
    orderBy: schema.timeline.version,
  })
async function review(who: TestPerson, more: Partial<CompleteReviewInput> = {}) {
  const [task] = await reviews()
  const said = { verdict: 'justified' as const, evidence: 'INC-2417 says the same', version: 1 }
  return completeReview(world.as(who), { taskId: task!.id, ...said, ...more })
}
const giveBack = (grantId: string) => returnGrant(world.as(world.ana), { grantId, reason: '' })

describe('taking emergency access', () => {
  it('is approved at once, given, and told to owners and admins, not to who took it', async () => {
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: world.ana.id })
    const { requestId } = must(await take())
    const row = await request(requestId)
    expect(row).toMatchObject({ state: 'approved', approval: 'emergency', seconds: 6 * HOUR, version: 2 })
    expect((await entries(requestId)).map((e) => [e.verb, e.data, e.actorId])).toMatchObject([
      ['asked', { emergency: true, reason: 'The primary is down' }, world.ana.id],
      ['approved', { by: 'emergency' }, world.ana.id],
    ])
    expect(await mailed('emergency-taken')).toEqual([world.ben.email, world.ines.email].sort())
    await world.drain()
    const grant = await world.grant(row.grantId!)
    expect(grant).toMatchObject({ state: 'active', emergency: true, mode: 'just-in-time' })
    expect(world.holders()).toEqual([world.anaAccount])
    expect(await reviews()).toEqual([])
  })

  it('has an end under a permanent policy too', async () => {
    const grant = await world.grant(await taken(second))
    expect(grant).toMatchObject({ mode: 'just-in-time', durationSeconds: 6 * HOUR, noticeSeconds: HOUR })
    expect(Number(grant.endsAt) - Number(grant.grantedAt)).toBe(6 * HOUR * 1000)
  })

  it('needs nobody who could approve', async () => {
    await world.db.delete(schema.applicationOwner)
    expect(await take({ emergency: false, seconds: 6 * HOUR })).toMatchObject({ code: 'nobody_can_approve' })
    must(await take())
    expect(await mailed('emergency-taken')).toEqual([world.ines.email])
  })

  it('withdraws the usual request, and tells whoever had asked for it', async () => {
    const usual = await askForAccess(world.as(world.ines), {
      entitlementId: world.entitlementId,
      seconds: 6 * HOUR,
      reason: 'On call next week',
      personId: world.ana.id,
    })
    const { requestId } = must(usual)
    must(await take())
    expect(await request(requestId)).toMatchObject({ state: 'withdrawn' })
    expect((await entries(requestId)).at(-1)).toMatchObject({ verb: 'withdrawn', data: { why: 'emergency' } })
    expect(await mailed('request-withdrawn')).toEqual([world.ines.email])
    const left = await world.db.query.work.findMany({ where: eq(schema.work.subjectId, requestId) })
    expect(left).toEqual([])
  })

  it('is not extended', async () => {
    const grantId = await taken()
    const more = { grantId, seconds: 6 * HOUR, reason: 'Still down' }
    expect(await askForExtension(world.as(world.ana), more)).toMatchObject({
      code: 'limit',
      message: 'Emergency access is not extended. Ask for it in the usual way',
    })
  })

  it.each<[string, Partial<AskOneInput>, object]>([
    ['without a reason', { reason: ' ' }, { code: 'invalid', field: 'reason' }],
    ['for later', { startAt: new Date('2199-01-01') }, { code: 'invalid', field: 'startAt' }],
  ])('is refused %s', async (_case, more, refusal) => {
    expect(await take({ ...more, reason: more.reason?.trim() ?? 'The primary is down' })).toMatchObject(
      refusal,
    )
    expect(await world.db.query.grant.findMany()).toEqual([])
  })

  it('is refused for somebody else, also by an admin', async () => {
    expect(await take({ personId: world.ana.id }, world.ines)).toMatchObject({
      code: 'forbidden',
      message: 'Emergency access is for oneself only',
    })
  })

  it('is refused for several at once', async () => {
    const ask: AskInput = {
      items: [world.entitlementId, second].map((entitlementId) => ({ entitlementId, seconds: null })),
      reason: 'The primary is down',
      emergency: true,
    }
    expect(await askForSeveral(world.as(world.ana), ask)).toMatchObject({ code: 'invalid' })
  })

  it('is refused where the policy has none', async () => {
    const other = await world.entitlement(world.applicationId, 'audit_read')
    await world.policy('Audit', { entitlementIds: [other] })
    expect(await take({ entitlementId: other })).toMatchObject({ code: 'unavailable' })
  })

  it('is refused to whoever published the policy that allows it', async () => {
    const [version] = await world.db
      .select()
      .from(schema.policyVersion)
      .where(eq(schema.policyVersion.name, 'Production read'))
    const id = newId()
    const published = { id, number: 2, publishedBy: world.ines.id }
    await world.db.insert(schema.policyVersion).values({ ...version!, ...published })
    await world.db
      .update(schema.policy)
      .set({ currentVersionId: id })
      .where(eq(schema.policy.id, version!.policyId))
    expect(await take({}, world.ines)).toMatchObject({ code: 'forbidden' })
    must(await take())
  })

  it('is refused under a minimum that was raised since', async () => {
    await world.db.update(schema.organisation).set({ floorSeconds: 8 * HOUR })
    expect(await take()).toMatchObject({
      code: 'unavailable',
      message: 'The organisation’s minimum is 8 hours by now, longer than this policy’s emergency access',
    })
  })

  it('is refused to a deactivated person', async () => {
    must(await deactivatePerson(world.as(world.ines), { personId: world.ana.id }))
    expect(await take()).toMatchObject({ code: 'unavailable' })
    const ctx = { db: world.db, actor: { ...world.ana.actor, active: false } }
    expect(await take({}, world.ana, ctx)).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('one at a time', () => {
  const blocked = (message: string) => ({ ok: false, code: 'limit', message })

  it('is refused while one is live, and until it was reviewed', async () => {
    const grantId = await taken()
    expect(await take({ entitlementId: second })).toMatchObject(
      blocked('You have emergency access to prod_read already, and one at a time is the most'),
    )
    must(await giveBack(grantId))
    expect(await take({ entitlementId: second })).toMatchObject(
      blocked('Your emergency access to prod_read is still being taken back, and one at a time is the most'),
    )
    await world.drain()
    expect(await take({ entitlementId: second })).toMatchObject(
      blocked(
        'Your emergency access to prod_read was not reviewed yet. An owner or an admin has to, before the next one',
      ),
    )
    must(await review(world.ben))
    must(await take({ entitlementId: second }))
  })

  it('lets one of two win that are taken at the same moment', async () => {
    const clients = openDatabase(world.url, { max: 2, name: 'leasehold-emergency-race' })
    try {
      const ctx = { db: clients.db, actor: world.ana.actor }
      const ids = [world.entitlementId, second]
      const results = await Promise.all(ids.map((entitlementId) => take({ entitlementId }, world.ana, ctx)))
      expect(results.filter((r) => r.ok)).toHaveLength(1)
      expect(results.find((r) => !r.ok)).toMatchObject({ code: 'limit' })
      expect(await world.db.query.grant.findMany()).toHaveLength(1)
    } finally {
      await clients.close()
    }
  })

  it('is one at a time for a person, by whatever account, and none of them reviews it', async () => {
    const twin = await world.person('Ana Twin', { email: world.ana.email.replace('@', '+2@') })
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: twin.id })
    const grantId = await taken()
    const other = { entitlementId: second }
    expect(await take(other, twin)).toMatchObject({ code: 'limit' })
    must(await giveBack(grantId))
    await world.drain()
    expect(await mailed('task-for-you')).not.toContain(twin.email)
    expect(await review(twin)).toMatchObject({ code: 'forbidden' })
    expect(await take(other, twin)).toMatchObject({ code: 'limit' })
    must(await review(world.ben))
    must(await take(other, twin))
  })

  it('is not held back by one that was called off before anything was given', async () => {
    const { requestId } = must(await take())
    must(await giveBack((await request(requestId)).grantId!))
    expect(await reviews()).toEqual([])
    must(await take({ entitlementId: second }))
  })
})

describe('the review', () => {
  it('is opened in the moment it is over, for owners and admins but not the holder', async () => {
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: world.ana.id })
    const grantId = await taken()
    await world.advance('+6h')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'expired' })
    const [task, ...more] = await reviews()
    expect(more).toEqual([])
    const [ended] = (await entries(grantId)).filter((e) => e.verb === 'seen_absent')
    expect(task).toMatchObject({ grantId, state: 'open', groupId: null, openedAt: ended!.at })
    expect(Number(task!.dueAt) - Number(task!.openedAt)).toBe(3 * DAY * 1000)
    expect(await world.verbs(task!.id)).toEqual(['task_opened'])
    expect(await mailed('task-for-you')).toEqual([world.ben.email, world.ines.email].sort())
  })

  it.each<[string, (grantId: string) => Promise<unknown>, string]>([
    ['revoked', (grantId) => revokeGrant(world.as(world.ines), { grantId, reason: 'Over' }), 'revoked'],
    ['given back', (grantId) => giveBack(grantId), 'returned'],
    ['left', () => deactivatePerson(world.as(world.ines), { personId: world.ana.id }), 'left'],
  ])('is opened once when it is %s', async (_case, end, endReason) => {
    const grantId = await taken()
    await end(grantId)
    expect(await reviews()).toEqual([])
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason })
    expect(await reviews(grantId)).toHaveLength(1)
  })

  it('is opened once when it is found again and taken once more, reviewed in between or not', async () => {
    for (const reviewed of [false, true]) {
      const grantId = await taken()
      must(await giveBack(grantId))
      await world.drain()
      const [task] = await reviews(grantId)
      const said = { taskId: task!.id, verdict: 'justified' as const, evidence: 'Seen', version: 1 }
      if (reviewed) must(await completeReview(world.as(world.ben), said))
      world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
      await world.advance('+5m')
      expect(await world.verbs(grantId)).toEqual(expect.arrayContaining(['reopened', 'settled']))
      expect(await reviews(grantId)).toHaveLength(1)
      if (!reviewed) must(await completeReview(world.as(world.ben), said))
    }
  })

  it('does not keep one that is found again from being taken, when the next one is live already', async () => {
    const grantId = await taken()
    must(await giveBack(grantId))
    await world.drain()
    must(await review(world.ben))
    const next = await taken(second)
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    await world.advance('+5m')
    expect(await world.verbs(grantId)).toContain('reopened')
    expect(world.holders()).toEqual([])
    expect((await world.grant(grantId)).state).toBe('ended')
    expect((await world.grant(next)).state).toBe('active')
  })

  it('is opened when people say that they took it away by hand', async () => {
    const byHand = await world.application('Building', { owners: [world.ben] })
    const key = await world.entitlement(byHand, 'Server room key')
    await world.policy('Keys', { entitlementIds: [key], emergency })
    const grantId = await taken(key)
    const byBen = async (kind: 'give' | 'take') => {
      const task = await world.db.query.task.findFirst({
        where: and(eq(schema.task.grantId, grantId), eq(schema.task.kind, kind)),
      })
      const done = { taskId: task!.id, evidence: 'Key 14, see the key book', version: 1 }
      must(await completeTask(world.as(world.ben), done))
      await world.drain()
    }
    await byBen('give')
    expect(await world.grant(grantId)).toMatchObject({ state: 'active', emergency: true })
    must(await giveBack(grantId))
    await world.drain()
    expect(await reviews(grantId)).toEqual([])
    await byBen('take')
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await reviews(grantId)).toMatchObject([{ state: 'open', groupId: null }])
    must(await review(world.ben))
  })

  it('is not opened for the usual access', async () => {
    const grantId = await world.approved()
    await world.drain()
    must(await giveBack(grantId))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await reviews()).toEqual([])
  })

  it('is opened where something was sent, even if the target refused it', async () => {
    const body = { error: 'rejected', message: 'Not for contractors' }
    world.target.fault({ on: 'grant.provision', kind: 'status', status: 422, body, times: 99 })
    const grantId = await taken()
    await world.advance('+1m')
    await world.retryNow()
    const row = await world.grant(grantId)
    expect(row).toMatchObject({ state: 'failed', baseline: 'absent' })
    expect(await reviews(grantId)).toHaveLength(1)
  })

  it('is not opened where nothing was ever sent, and the next one may be taken', async () => {
    world.target.fault({ on: 'account.resolve', kind: 'status', status: 503, times: 999 })
    const grantId = await taken()
    await world.advance('+25h')
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'failed', firstGiveAt: null })
    expect(await reviews()).toEqual([])
    must(await take({ entitlementId: second }))
  })

  it.each<[string, () => TestPerson]>([
    ['an owner', () => world.ben],
    ['an admin', () => world.ines],
  ])('is done by %s, with the verdict kept, and never moves the grant', async (_who, who) => {
    const grantId = await taken()
    must(await giveBack(grantId))
    await world.drain()
    const before = await world.grant(grantId)
    const done = await review(who(), { verdict: 'not_justified', evidence: 'Nothing was down' })
    expect(must(done)).toEqual({ verdict: 'not_justified' })
    const [task] = await reviews()
    expect(task).toMatchObject({
      state: 'done',
      evidence: 'Not justified. Nothing was down',
      doneBy: who().id,
    })
    expect(task!.doneAt).not.toBeNull()
    expect((await entries(task!.id)).at(-1)).toMatchObject({
      verb: 'task_done',
      actorId: who().id,
      data: { kind: 'review', grantId, verdict: 'not_justified', evidence: 'Nothing was down' },
    })
    expect(await world.grant(grantId)).toEqual(before)
    expect(await review(world.ines)).toMatchObject({ code: 'conflict' })
  })

  it('is not done by the holder, whatever else they are, nor by anybody else', async () => {
    const boss = await world.person('Amy Chief', { admin: true })
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: boss.id })
    const { requestId } = must(await take({}, boss))
    world.target.state.addAccount({ email: boss.email, name: boss.name })
    await world.drain()
    const grantId = (await request(requestId)).grantId!
    must(await returnGrant(world.as(boss), { grantId, reason: '' }))
    await world.drain()
    expect(await review(boss)).toMatchObject({ code: 'forbidden' })
    expect(await review(world.ana)).toMatchObject({ code: 'forbidden' })
    expect((await reviews())[0]).toMatchObject({ state: 'open' })
    expect(await take({ entitlementId: second }, boss)).toMatchObject({ code: 'limit' })
  })

  it('is no task by hand, and a task by hand is no review', async () => {
    const grantId = await taken()
    must(await giveBack(grantId))
    await world.drain()
    const [task] = await reviews()
    const byHand = { taskId: task!.id, evidence: 'Took it out', version: 1 }
    expect(await completeTask(world.as(world.ines), byHand)).toMatchObject({ code: 'conflict' })
    await world.db.update(schema.task).set({ kind: 'take' })
    const said = { verdict: 'justified' as const, ...byHand }
    expect(await completeReview(world.as(world.ines), said)).toMatchObject({ code: 'conflict' })
    expect(await world.db.query.task.findFirst()).toMatchObject({ state: 'open', version: 1 })
  })

  it('is refused to somebody who looked at another version', async () => {
    const grantId = await taken()
    must(await giveBack(grantId))
    await world.drain()
    expect(await review(world.ben, { version: 2 })).toMatchObject({ code: 'stale' })
  })
})
