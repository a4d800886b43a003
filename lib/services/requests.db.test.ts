import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { DAY, HOUR } from '@/lib/domain/duration'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { decideOnRequest, withdrawRequest } from './decisions'
import { askForExtension } from './extension-requests'
import { returnGrant } from './grants'
import { type AskOneInput, askForAccess } from './requests'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const ask = (more: Partial<AskOneInput> = {}, who: TestPerson = world.ana) =>
  askForAccess(world.as(who), {
    entitlementId: world.entitlementId,
    seconds: 6 * HOUR,
    reason: 'INC-2417',
    startAt: null,
    ...more,
  })
const refusal = (code: string, message: string, field?: string) =>
  field ? { ok: false, code, message, field } : { ok: false, code, message }
const entitlement = (set: Partial<typeof schema.entitlement.$inferInsert>) =>
  world.db.update(schema.entitlement).set(set)
const now = async () => new Date((await world.db.query.request.findFirst())!.askedAt)
const nothingWasWritten = async () => {
  expect(await world.db.query.request.findMany()).toEqual([])
  expect(await world.db.query.timeline.findMany()).toEqual([])
  expect(await world.db.query.mail.findMany()).toEqual([])
  expect(await world.db.query.work.findMany()).toEqual([])
}

describe('asking for access', () => {
  it('opens a request with its clock, its entry and a mail to each person who may decide now', async () => {
    const { requestId } = must(await ask())
    const row = (await world.db.query.request.findFirst())!
    expect(row).toMatchObject({
      id: requestId,
      state: 'pending',
      seconds: 6 * HOUR,
      noticeSeconds: HOUR,
      step: 0,
      version: 1,
    })
    expect(row.decideBy.getTime() - row.askedAt.getTime()).toBe(DAY * 1000)
    expect(await world.verbs(requestId)).toEqual(['asked'])
    const work = await world.db.query.work.findMany()
    expect(work.map((w) => [w.kind, w.dueAt])).toEqual(expect.arrayContaining([['lapse', row.decideBy]]))
    const mails = await world.db.query.mail.findMany()
    expect(mails.map((m) => [m.kind, m.recipient])).toEqual([['decision-needed', world.ben.email]])
  })

  it.each<[string, Partial<AskOneInput>, object]>([
    [
      'a length that is not offered',
      { seconds: 7 * HOUR },
      refusal('invalid', 'Choose one of: 6 hours, 1 day', 'seconds'),
    ],
    ['no length', { seconds: null }, refusal('invalid', 'Choose one of: 6 hours, 1 day', 'seconds')],
    ['no reason', { reason: '' }, refusal('invalid', 'Say why you need it', 'reason')],
    [
      'a start in the past',
      { startAt: new Date('2020-01-01') },
      refusal('invalid', 'The start lies in the past', 'startAt'),
    ],
    [
      'a start in years',
      { startAt: new Date('2199-01-01') },
      refusal('invalid', 'A start is at most 366 days ahead', 'startAt'),
    ],
    [
      'something that is not there',
      { entitlementId: '01890000-0000-7000-8000-000000000000' },
      refusal('not_found', 'There is no such thing, or not any more'),
    ],
  ])('refuses %s, and writes nothing', async (_name, more, expected) => {
    expect(await ask(more)).toEqual(expected)
    await nothingWasWritten()
  })

  it.each<[string, () => Promise<unknown>, object]>([
    [
      'a closed entitlement',
      () => entitlement({ closedAt: new Date() }),
      refusal('unavailable', 'prod_read is closed and cannot be asked for any more'),
    ],
    [
      'an archived application',
      () => world.db.update(schema.application).set({ archivedAt: new Date() }),
      refusal('unavailable', 'prod_read is closed and cannot be asked for any more'),
    ],
    [
      'what the target does not let us give, with its reason',
      () => entitlement({ requestable: false, reason: 'Synced from HR.' }),
      refusal('unavailable', 'Synced from HR.'),
    ],
    [
      'what no policy offers',
      () => world.db.delete(schema.policyEntitlement),
      refusal('unavailable', 'No access policy offers prod_read at present'),
    ],
    [
      'a length under a floor that was raised since',
      () => world.db.update(schema.organisation).set({ floorSeconds: 8 * HOUR }),
      refusal('invalid', 'The minimum is 8 hours', 'seconds'),
    ],
    [
      'where the only one who could agree has left',
      () =>
        world.db
          .update(schema.person)
          .set({ deactivatedAt: new Date() })
          .where(eq(schema.person.id, world.ben.id)),
      refusal('nobody_can_approve', 'At present nobody could agree to this. Tell an owner of Data warehouse'),
    ],
  ])('refuses %s', async (_name, change, expected) => {
    await change()
    expect(await ask()).toEqual(expected)
    await nothingWasWritten()
  })

  it('is for oneself, by somebody who is active', async () => {
    const gone = { ...world.ana, actor: { ...world.ana.actor, active: false } }
    expect(await ask({}, gone)).toEqual(refusal('unauthenticated', 'This account is deactivated'))
    await nothingWasWritten()
  })

  it('follows the state of what the person holds already', async () => {
    const first = must(await ask())
    expect(await ask()).toEqual(
      refusal('conflict', 'You have asked for this already; that request is not decided yet'),
    )
    must(
      await decideOnRequest(world.as(world.ben), {
        requestId: first.requestId,
        verdict: 'approve',
        note: null,
        version: 1,
      }),
    )
    expect(await ask()).toEqual(refusal('conflict', 'This access is agreed already and starts later'))
    world.target.fault({ on: 'grant.provision', kind: 'reset', at: 'before' })
    await world.drain()
    expect(await ask()).toEqual(refusal('conflict', 'This access is being given to you right now'))
    await world.db.update(schema.work).set({ notBefore: null })
    await world.drain()
    expect(await ask()).toEqual(refusal('conflict', 'You hold this already. Ask for an extension instead'))
    const [grant] = await world.db.query.grant.findMany()
    must(await returnGrant(world.as(world.ana), { grantId: grant!.id, reason: '' }))
    // While it is being taken back a new one may be asked for.
    const second = must(await ask())
    must(await withdrawRequest(world.as(world.ana), second.requestId))
  })
})

describe('who may ask', () => {
  it('is said by the policy', async () => {
    await world.close()
    world = await createLeaseWorld({
      requesters: { kind: 'some', groupIds: ['01890000-0000-7000-8000-000000000001'], personIds: [] },
    })
    expect(await ask()).toEqual(
      refusal('not_eligible', 'The access policy does not let you ask for prod_read'),
    )
  })
})

describe('asking for more time', () => {
  let grantId: string
  beforeEach(async () => {
    grantId = await world.approved()
    await world.drain()
  })
  const more = (seconds = 6 * HOUR, who: TestPerson = world.ana, reason = 'one more run') =>
    askForExtension(world.as(who), { grantId, seconds, reason })
  const agree = async (requestId: string, who: TestPerson = world.ben) =>
    decideOnRequest(world.as(who), { requestId, verdict: 'approve', note: null, version: 1 })

  const told = async (kind: string) => {
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })
    expect(mails.every((mail) => mail.state === 'sent')).toBe(true)
    return mails.map((mail) => mail.recipient).sort()
  }

  it('lapses at the end of the access at the latest', async () => {
    const { requestId } = must(await more())
    const grant = await world.grant(grantId)
    const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
    expect(row).toMatchObject({ kind: 'extension', grantId, decideBy: grant.endsAt })
    await world.advance('+7h')
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await world.verbs(requestId)).toEqual(['asked', 'reminded', 'reminded', 'lapsed'])
    expect(await agree(requestId)).toMatchObject({ code: 'conflict' })
  })

  it('agreed, moves the end once and counts', async () => {
    const before = await world.grant(grantId)
    const { requestId } = must(await more())
    expect(must(await agree(requestId))).toEqual({ state: 'approved', grantId })
    const after = await world.grant(grantId)
    expect(Number(after.endsAt) - Number(before.endsAt)).toBe(6 * HOUR * 1000)
    expect(after).toMatchObject({ state: 'active', extensions: 1, version: before.version + 1 })
    expect((await agree(requestId)).ok).toBe(false)
  })

  it('stops at the number of extensions and says so', async () => {
    for (let i = 0; i < 2; i++) must(await agree(must(await more()).requestId))
    expect(await more()).toEqual(
      refusal('limit', 'It was extended 2 times already, which is the most this policy allows'),
    )
  })

  it('stops at the longest total', async () => {
    must(await agree(must(await more(DAY)).requestId))
    await world.db
      .update(schema.grant)
      .set({ endsAt: new Date(Number((await world.grant(grantId)).grantedAt) + 3 * DAY * 1000 - 60_000) })
    await world.db
      .update(schema.work)
      .set({ dueAt: (await world.grant(grantId)).endsAt! })
      .where(eq(schema.work.kind, 'take'))
    expect(await more()).toEqual(
      refusal('limit', 'That would run past the latest possible end. Choose a shorter length', 'seconds'),
    )
  })

  it('refuses another length, no reason, a stranger, and a second request', async () => {
    expect(await more(7 * HOUR)).toMatchObject({ code: 'invalid', field: 'seconds' })
    expect(await more(6 * HOUR, world.ana, '')).toEqual(
      refusal('invalid', 'Say why you need it longer', 'reason'),
    )
    const eve = await world.person('Eve Stranger')
    expect(await more(6 * HOUR, eve)).toMatchObject({ code: 'forbidden' })
    must(await more())
    expect(await more()).toEqual(
      refusal('conflict', 'More time was asked for already; that request is not decided yet'),
    )
  })

  it('eligibility is checked when asking, also for more time', async () => {
    await world.close()
    const onCall = '01890000-0000-7000-8000-000000000001'
    world = await createLeaseWorld({ requesters: { kind: 'some', groupIds: [onCall], personIds: [] } })
    await world.db.insert(schema.group).values({ id: onCall, name: 'On call' })
    await world.db.insert(schema.groupMember).values({ groupId: onCall, personId: world.ana.id })
    grantId = await world.approved()
    await world.drain()
    await world.db.delete(schema.groupMember)
    expect(await more()).toEqual(
      refusal('not_eligible', 'The access policy no longer lets you hold prod_read'),
    )
  })

  it('the floor is judged when asking, also for more time', async () => {
    await world.db.update(schema.organisation).set({ floorSeconds: 8 * HOUR })
    expect(await more()).toMatchObject({ ok: false, code: 'invalid', field: 'seconds' })
    must(await more(DAY))
  })

  it('once the end has come it is asked for anew, and given when the former is seen gone', async () => {
    const { grantedAt } = await world.grant(grantId)
    const endsAt = new Date(Number(grantedAt) + 1)
    await world.db.update(schema.grant).set({ endsAt }).where(eq(schema.grant.id, grantId))
    expect(await more()).toMatchObject({ code: 'too_late', message: expect.stringContaining('anew') })
    const { requestId } = must(await ask())
    const { grantId: next } = must(await agree(requestId))
    await world.drain()
    expect((await world.grant(next!)).state).toBe('scheduled')
    await world.db.update(schema.work).set({ dueAt: endsAt }).where(eq(schema.work.kind, 'take'))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    await world.advance('+1m')
    await world.db.update(schema.work).set({ notBefore: null })
    await world.drain()
    expect((await world.grant(next!)).state).toBe('active')
  })

  it('refuses what is not active any more', async () => {
    must(await returnGrant(world.as(world.ana), { grantId, reason: '' }))
    expect(await more()).toEqual(
      refusal('too_late', 'Only an active access with an end can be extended. Ask for it anew'),
    )
  })

  it('I3: an owner who asks for the holder may not agree to it, nor may the holder', async () => {
    const carl = await world.person('Carl Diaz')
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: carl.id })
    const { requestId } = must(await more(6 * HOUR, world.ben))
    expect(await agree(requestId, world.ben)).toMatchObject({ code: 'forbidden' })
    expect(await agree(requestId, world.ana)).toMatchObject({ code: 'forbidden' })
    expect(must(await agree(requestId, carl)).state).toBe('approved')
    await world.drain()
    expect(await told('extended')).toEqual([world.ana.email, world.ben.email].sort())
  })

  it('what became of it is told to the owner who asked and to the holder: denied, lapsed', async () => {
    const carl = await world.person('Carl Diaz')
    const owner = { applicationId: world.applicationId, personId: carl.id }
    await world.db.insert(schema.applicationOwner).values(owner)
    const both = [world.ana.email, world.ben.email].sort()
    const { requestId } = must(await more(6 * HOUR, world.ben))
    const vote = { requestId, verdict: 'deny', note: 'Not now', version: 1 } as const
    must(await decideOnRequest(world.as(carl), vote))
    await world.drain()
    expect(await told('request-denied')).toEqual(both)
    must(await more(6 * HOUR, world.ben))
    must(await returnGrant(world.as(world.ana), { grantId, reason: '' }))
    await world.drain()
    expect(await told('request-lapsed')).toEqual(both)
  })

  it('goes to nobody where the only approver asks', async () => {
    expect(await more(6 * HOUR, world.ben)).toMatchObject({ code: 'nobody_can_approve' })
  })
})

it('a request asked for later starts then', async () => {
  must(await ask())
  const startAt = new Date(Number(await now()) + 48 * HOUR * 1000)
  const [first] = await world.db.query.request.findMany()
  must(await withdrawRequest(world.as(world.ana), first!.id))
  const { requestId } = must(await ask({ startAt }))
  must(await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }))
  await world.drain()
  const [grant] = await world.db.query.grant.findMany()
  expect(grant).toMatchObject({
    state: 'scheduled',
    startAt,
    startBy: new Date(Number(startAt) + DAY * 1000),
  })
  await world.advance('+2d')
  expect((await world.grant(grant!.id)).state).toBe('active')
  expect(Number((await world.grant(grant!.id)).grantedAt)).toBeGreaterThanOrEqual(Number(startAt))
})
