import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { webhookConnector } from '@/lib/connectors/webhook'
import { newId } from '@/lib/ids'
import { notResting, SILENT_CALLS } from '@/lib/services/connection-breaker'
import { replaceSecrets } from '@/lib/services/connection-edits'
import { probeConnection } from '@/lib/services/connection-tests'
import { revokeGrant } from '@/lib/services/grants'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { startLoop } from './loop'
import { performDue } from './perform'
import { claimDue, settle, untilNext } from './queue'
import { waitABit } from './work'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const connection = async () => (await world.db.query.connection.findFirst())!
const always = { times: 10_000 }
const MINUTE = 60_000
const ago = (ms: number) => sql`clock_timestamp() - ${ms} * interval '1 millisecond'`

/** Takes of grants that do not exist, due in the order of the list; they are claimed, never done. */
async function due(
  ...items: { kind?: 'take' | 'give' | 'look' | 'alarm'; triedAgoMs?: number; attempt?: number }[]
): Promise<void> {
  const priority = { take: 0, alarm: 1, give: 4, look: 6 }
  for (const [i, { kind = 'take', triedAgoMs, attempt = 0 }] of items.entries())
    await world.db.insert(schema.work).values({
      kind,
      subjectType: 'grant',
      subjectId: newId(),
      connectionId: kind === 'alarm' ? null : world.connectionId,
      priority: priority[kind],
      dueAt: ago((triedAgoMs === undefined ? MINUTE : 60 * MINUTE) - i),
      attempt,
      triedAt: triedAgoMs === undefined ? null : ago(triedAgoMs),
    })
}

/** A take that was tried forty times, and not for almost a quarter of an hour. */
const longUntried = { attempt: 40, triedAgoMs: 15 * MINUTE - 10_000 }
/** Claims what may be claimed; how often each of it was tried before. */
const attempts = async (limit = 10) => (await claimDue(world.db, limit)).map((claim) => claim.attempt - 1)
/** Gives back the claim on it, as if it had not been tried. */
const untriedAgain = () =>
  world.db
    .update(schema.work)
    .set({ leaseUntil: null, attempt: 40, triedAt: ago(longUntried.triedAgoMs) })
    .where(eq(schema.work.attempt, 41))

const resting = (untilMs: number) =>
  world.db.update(schema.connection).set({
    breakerFailures: SILENT_CALLS,
    breakerOpenedAt: sql`clock_timestamp()`,
    breakerUntil: sql`clock_timestamp() + ${untilMs} * interval '1 millisecond'`,
  })
const kinds = (claims: readonly { kind: string }[]) => claims.map((claim) => claim.kind)
const noWork = () => world.db.delete(schema.work)

describe('a connection that does not answer rests', () => {
  it('after five calls in a row without an answer, for all nodes, and longer the longer it lasts', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ kind: 'status', status: 503, ...always })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
    await world.drain()
    expect(await connection()).toMatchObject({
      breakerFailures: 2,
      breakerOpenedAt: null,
      breakerUntil: null,
    })
    for (let i = 0; i < 2; i++) await world.retryNow()
    const first = await connection()
    expect(first.breakerFailures).toBeGreaterThanOrEqual(SILENT_CALLS)
    const rest = first.breakerUntil!.getTime() - first.breakerOpenedAt!.getTime()
    expect(rest).toBeGreaterThan(4_000)
    expect(rest).toBeLessThan(9_000)
    // It has been resting for long: a trial that fails is followed by the longest rest there is.
    await world.db
      .update(schema.connection)
      .set({ breakerOpenedAt: sql`clock_timestamp() - interval '1 hour'` })
    const trial = performance.now()
    await world.retryNow()
    const left = (await connection()).breakerUntil!.getTime() - Date.now()
    expect(left).toBeLessThanOrEqual(30_000)
    expect(left).toBeGreaterThan(29_000 - (performance.now() - trial))
    world.target.clear()
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await connection()).toMatchObject({
      breakerFailures: 0,
      breakerOpenedAt: null,
      breakerUntil: null,
    })
  })

  it('what is said of one account, or refused, is an answer', async () => {
    const grantId = await world.approved()
    await world.drain()
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
    const answers = [
      { status: 422, body: { error: 'rejected', message: 'No' } },
      { status: 401 },
      { status: 429, headers: { 'retry-after': '1' } },
    ]
    for (const answer of answers) {
      await world.db.update(schema.connection).set({ breakerFailures: SILENT_CALLS - 1 })
      world.target.fault({
        on: ['grant.revoke', 'grant.check', 'sessions.end'],
        kind: 'status',
        ...answer,
        ...always,
      })
      await world.retryNow()
      expect(await connection()).toMatchObject({ breakerFailures: 0, breakerOpenedAt: null })
      world.target.clear()
    }
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
  })

  it('only one trial at a time goes out, a take before all else, and nothing before its time', async () => {
    await due({ kind: 'give' }, { kind: 'look' }, {}, {}, { kind: 'alarm' })
    await resting(20_000)
    expect(kinds(await claimDue(world.db, 10))).toEqual(['alarm'])
    const next = await untilNext(world.db)
    expect(next).toBeGreaterThan(10_000)
    await resting(-1)
    expect(kinds(await claimDue(world.db, 10))).toEqual(['take'])
    expect(await claimDue(world.db, 10)).toEqual([])
    await world.db.update(schema.work).set({ leaseUntil: null }).where(eq(schema.work.kind, 'take'))
    const again = await claimDue(world.db, 10)
    expect(again).toMatchObject([{ kind: 'take', attempt: 1 }])
    await noWork()
  })

  it('I8: a take that nobody tried for the longest gap goes through a rest and a pause, and before others', async () => {
    await due({ attempt: 3, triedAgoMs: MINUTE }, longUntried, { attempt: 2, triedAgoMs: 14 * MINUTE })
    await resting(20_000)
    expect(await attempts()).toEqual([40])
    await untriedAgain()
    const pause = sql`clock_timestamp() + interval '10 minutes'`
    await world.db.update(schema.connection).set({ ...notResting, resumeAt: pause })
    expect(await attempts()).toEqual([40])
    await untriedAgain()
    await world.db.update(schema.connection).set({ resumeAt: null })
    expect(await attempts(1)).toEqual([40])
    await noWork()
  })

  it('one answer ends it, and what waited for it is tried at once, takes first', async () => {
    const held = await world.approved()
    await world.drain()
    must(await revokeGrant(world.as(world.ines), { grantId: held, reason: 'test' }))
    await resting(-1)
    await due({ kind: 'give', attempt: 2 }, { attempt: 5 })
    await world.db
      .update(schema.work)
      .set({ notBefore: sql`clock_timestamp() + interval '50 seconds'` })
      .where(sql`attempt > 0`)
    await performDue(world.db, { subjectId: held })
    expect((await world.grant(held)).state).toBe('ended')
    expect(await connection()).toMatchObject({ breakerFailures: 0, breakerOpenedAt: null })
    expect(kinds(await claimDue(world.db, 10, { kinds: ['take', 'give'] }))).toEqual(['take', 'give'])
    await world.db.delete(schema.work).where(sql`attempt > 1`)
  })

  it('a target’s return is seen by the loop within a minute, and the access is gone', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ kind: 'reset', at: 'before', ...always })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
    const loop = startLoop(world.database)
    await vi.waitFor(async () => expect((await connection()).breakerOpenedAt).not.toBeNull(), 20_000)
    world.target.clear()
    const back = performance.now()
    await vi.waitFor(async () => expect((await world.grant(grantId)).state).toBe('ended'), 60_000)
    console.info(
      `Measured: gone ${((performance.now() - back) / 1000).toFixed(1)} s after the return of a target that rested.`,
    )
    await loop.stop()
  }, 90_000)

  it('new credentials end it, and so does a look at the target’s health that goes well again', async () => {
    await due({ attempt: 4 })
    await resting(20_000)
    await world.db.update(schema.work).set({ notBefore: sql`clock_timestamp() + interval '50 seconds'` })
    world.target.fault({ on: 'ping', kind: 'status', status: 503 })
    await probeConnection(world.db, world.connectionId)
    expect((await connection()).breakerUntil).not.toBeNull()
    await probeConnection(world.db, world.connectionId)
    expect(await connection()).toMatchObject({ breakerOpenedAt: null, breakerUntil: null })
    expect(kinds(await claimDue(world.db, 10))).toEqual(['take'])
    await resting(20_000)
    const { applicationId } = world
    const secrets = { secret: world.target.secret }
    must(await replaceSecrets(world.as(world.ines), { applicationId, version: 1, secrets, remove: [] }))
    expect(await connection()).toMatchObject({
      breakerFailures: 0,
      breakerOpenedAt: null,
      breakerUntil: null,
    })
    await noWork()
  })

  it('calls that we cut short ourselves are not held against it', async () => {
    world.target.fault({ on: 'account.resolve', kind: 'hang', at: 'before', ...always })
    await world.approved()
    const stop = new AbortController()
    const giving = performDue(world.db, { kinds: ['give'], stop: stop.signal })
    await world.target.received(1)
    stop.abort()
    await giving
    expect(await connection()).toMatchObject({ breakerFailures: 0 })
  })
})

describe('a token bucket pays for what is handed out', () => {
  const { limits } = webhookConnector
  const before = limits.requestsPerMinute
  beforeEach(() => {
    limits.requestsPerMinute = 100
  })
  afterEach(() => {
    limits.requestsPerMinute = before
  })
  /** Twenty tokens at most, ten of them for takes; a token every 0.75 s. */
  const holds = (tokens: number) =>
    world.db.update(schema.connection).set({ tokens, tokensAt: sql`clock_timestamp()` })

  it('takes draw first, and gives stop while there is enough for takes', async () => {
    await due(...Array.from({ length: 4 }, () => ({ kind: 'give' as const })), {}, {})
    // Two takes and one give: 3 + 3 + 4, and ten stay.
    expect(kinds(await claimDue(world.db, 10))).toEqual(['take', 'take', 'give'])
    expect((await connection()).tokens).toBeCloseTo(10, 0)
    expect(await claimDue(world.db, 10)).toEqual([])
    expect(await untilNext(world.db)).toBeGreaterThan(1_000)
    await due({}, {}, {}, {})
    expect(kinds(await claimDue(world.db, 10))).toEqual(['take', 'take', 'take'])
    expect(await claimDue(world.db, 10)).toEqual([])
    await noWork()
  })

  it('fills up with time, settles by what was really sent, and gives back what waited', async () => {
    await holds(0)
    await due({}, {})
    expect(await claimDue(world.db, 10)).toEqual([])
    const soon = await untilNext(world.db)
    expect(soon).toBeGreaterThan(1_000)
    expect(soon).toBeLessThanOrEqual(2_250)
    await world.db
      .update(schema.connection)
      .set({ tokensAt: sql`clock_timestamp() - interval '2.3 seconds'` })
    const [claim] = await claimDue(world.db, 10)
    expect(claim).toMatchObject({ kind: 'take', paid: 3, triedBefore: null })
    const drawn = (await connection()).tokens!
    await settle(world.db, claim!, 8)
    expect((await connection()).tokens).toBeCloseTo(drawn - 5, 3)
    await settle(world.db, claim!, 0)
    expect((await connection()).tokens).toBeCloseTo(drawn - 2, 3)
    await waitABit(world.db, claim!)
    expect(await world.db.query.work.findFirst({ where: eq(schema.work.id, claim!.id) })).toMatchObject({
      attempt: 0,
      triedAt: null,
    })
    await noWork()
  })

  it('I8: an empty one does not hold back a take that nobody tried for the longest gap', async () => {
    await holds(-50)
    await due({ attempt: 3, triedAgoMs: MINUTE }, longUntried)
    expect(await attempts()).toEqual([40])
    expect((await connection()).tokens).toBeLessThan(-50)
    await noWork()
  })

  it('a lease pays for the requests it made, no more and no less', async () => {
    await holds(20)
    const grantId = await world.approved()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('active')
    const { tokens, tokensAt } = await connection()
    // Drawn once, by the one give; what has come in since is not in the row.
    expect(tokensAt).not.toBeNull()
    expect(tokens).toBeCloseTo(20 - world.target.calls.length, 1)
  })
})
