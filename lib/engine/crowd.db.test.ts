import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { newId } from '@/lib/ids'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { createEngine, endCall } from './engine'
import { performDue } from './perform'
import { claimDue } from './queue'
import { callMark, held, waitABit } from './work'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const calls = (type: string) => world.target.calls.filter((call) => call.type === type)
const takeOf = (grantId: string) =>
  world.db.query.work.findFirst({ where: sql`subject_id = ${grantId} and kind = 'take'` })

/** A lease whose take is due, and not begun. */
async function over(): Promise<string> {
  const grantId = await world.approved()
  await world.drain()
  await world.db.execute(sql`
    update clock set offset_ms = offset_ms + 6 * 3600 * 1000 + 1000`)
  return grantId
}

describe('where many takes wait for their places', () => {
  it('an access that is taken is looked at in a turn of its own, and taken once', async () => {
    const grantId = await over()
    const before = calls('grant.check').length
    await performDue(world.db, { kinds: ['take'], crowded: () => true })
    expect(world.holders()).toEqual([])
    expect(calls('grant.check')).toHaveLength(before)
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking' })
    await performDue(world.db, { kinds: ['take'], crowded: () => true })
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(calls('grant.revoke')).toHaveLength(1)
    expect(calls('grant.check')).toHaveLength(before + 1)
  })

  it('one that is back when it is looked at is taken again', async () => {
    const grantId = await over()
    await performDue(world.db, { kinds: ['take'], crowded: () => true })
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    await performDue(world.db, { kinds: ['take'], crowded: () => true })
    expect((await world.grant(grantId)).state).toBe('revoking')
    await world.retryNow()
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(calls('grant.revoke')).toHaveLength(2)
    expect(world.holders()).toEqual([])
  })

  it('a take that failed waits until it may be looked at, as it does without a crowd', async () => {
    const grantId = await over()
    world.target.fault({ on: 'grant.revoke', kind: 'status', status: 503, times: 1 })
    await performDue(world.db, { kinds: ['take'], crowded: () => true })
    expect((await takeOf(grantId))?.memo).toBeNull()
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
  })

  it('those that are to be taken come before those that are only to be looked at', async () => {
    const rows = [{ attempt: 1, memo: { taken: 0 } }, { attempt: 5 }, { attempt: 0 }]
    await world.db.insert(schema.work).values(
      rows.map((row, i) => ({
        ...row,
        kind: 'take' as const,
        subjectType: 'grant' as const,
        subjectId: newId(),
        connectionId: world.connectionId,
        priority: 0,
        dueAt: new Date(i),
      })),
    )
    const order: number[] = []
    for (let i = 0; i < 3; i++) order.push(...(await claimDue(world.db, 1)).map((claim) => claim.attempt - 1))
    expect(order).toEqual([0, 5, 1])
    await world.db.delete(schema.work)
  })
})

describe('a claim that ran out', () => {
  it('never fits the row again, also where its successor gives the try back', async () => {
    const grantId = await over()
    const [first] = await claimDue(world.db, 1, { kinds: ['take'] })
    await world.db.update(schema.work).set({ leaseUntil: null }).where(eq(schema.work.subjectId, grantId))
    const [second] = await claimDue(world.db, 1, { kinds: ['take'] })
    await waitABit(world.db, second!)
    const fits = (claim: typeof first) => world.db.query.work.findFirst({ where: held(claim!) })
    expect(await fits(first)).toBeUndefined()
    expect(await fits(second)).toMatchObject({ attempt: 1 })
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
  })

  it('lifts only the mark of its own call', async () => {
    const grantId = await over()
    const [first] = await claimDue(world.db, 1, { kinds: ['take'] })
    const engine = createEngine(world.db, new AbortController().signal)
    const callBy = callMark({ ...first!, fence: first!.fence + 1 })
    const callUntil = new Date(Date.now() + 60_000)
    await world.db.update(schema.grant).set({ callBy, callUntil }).where(eq(schema.grant.id, grantId))
    await endCall(engine, first!)
    expect((await world.grant(grantId)).callBy).toBe(callBy)
    await world.db
      .update(schema.grant)
      .set({ callBy: callMark(first!) })
      .where(eq(schema.grant.id, grantId))
    await endCall(engine, first!)
    expect(await world.grant(grantId)).toMatchObject({ callBy: null, callUntil: null })
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
  })
})
