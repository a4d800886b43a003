import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { untilNext } from '@/lib/engine/work'
import { revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const asking = () => ({
  entitlementId: world.entitlementId,
  seconds: 6 * 3600,
  reason: 'INC-2418',
  startAt: null,
})

describe('what a pause or a rate limit holds back', () => {
  it('pausing a connection stops gives, never takes', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.db.update(schema.connection).set({ paused: true })
    await world.advance('+7h')
    expect((await world.grant(grantId)).state).toBe('ended')
    const again = await world.approved()
    await world.drain()
    expect((await world.grant(again)).state).toBe('scheduled')
    await world.db.update(schema.connection).set({ paused: false })
    await world.drain()
    expect((await world.grant(again)).state).toBe('active')
  })

  it('a pause past start-by: the give lapses, and whoever waited for it is told', async () => {
    const grantId = await world.approved()
    await world.db.update(schema.connection).set({ paused: true })
    await world.advance('+25h')
    expect(await world.grant(grantId)).toMatchObject({ state: 'failed', firstGiveAt: null })
    expect(world.target.calls).toEqual([])
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-give') })
    expect(mails.map((m) => m.recipient).sort()).toEqual([world.ana.email, world.ben.email].sort())
    expect(await askForAccess(world.as(world.ana), asking())).toMatchObject({ ok: true })
  })

  it('a pause past start-by after a lost response: looked at, taken back, given no more', async () => {
    world.target.fault({ on: 'grant.provision', kind: 'reset', at: 'after' })
    const grantId = await world.approved(24 * 3600)
    await world.drain()
    expect(world.holders()).toEqual([world.anaAccount])
    world.target.fault({ on: 'grant.check', kind: 'rubbish', at: 'before' })
    await world.db.update(schema.connection).set({ paused: true })
    await world.db.update(schema.grant).set({ startBy: sql`start_at + interval '1 hour'` })
    await world.retryNow()
    expect(world.target.calls.filter((c) => c.type === 'grant.check')).toHaveLength(1)
    await world.advance('+2h')
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'withdrawn' })
    expect(world.holders()).toEqual([])
    expect(world.target.calls.filter((c) => c.type === 'grant.provision')).toHaveLength(1)
  })

  it('what a pause holds back lets the queue rest until its start-by', async () => {
    const grantId = await world.approved()
    await world.db.update(schema.connection).set({ paused: true })
    await world.drain()
    expect(await untilNext(world.db, { subjectId: grantId })).toBeGreaterThan(23 * 3_600_000)
    await world.db
      .update(schema.connection)
      .set({ paused: false, resumeAt: sql`clock_timestamp() + interval '10 minutes'` })
    expect(await untilNext(world.db, { subjectId: grantId })).toBeGreaterThan(9 * 60_000)
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('active')
  })

  it('a rate limit holds back the whole connection until it is over', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ on: 'grant.revoke', kind: 'status', status: 429, headers: { 'retry-after': '30' } })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'x' }))
    await world.drain()
    const [connection] = await world.db.select().from(schema.connection)
    expect(connection!.resumeAt).not.toBeNull()
    expect((await world.grant(grantId)).state).toBe('revoking')
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
  })
})

describe('I7: the alarm beside the take', () => {
  const alarmOf = (subjectId: string) =>
    world.db.query.work.findFirst({ where: sql`subject_id = ${subjectId} and kind = 'alarm'` })

  it('stands armed from the first intent on, and moves with the end', async () => {
    const grantId = await world.approved()
    await world.drain()
    const { endsAt } = await world.grant(grantId)
    expect((await alarmOf(grantId))?.dueAt).toEqual(new Date(endsAt!.getTime() + 60_000))
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'not needed' }))
    const { rightOverAt } = await world.grant(grantId)
    expect((await alarmOf(grantId))?.dueAt).toEqual(new Date(rightOverAt!.getTime() + 60_000))
    await world.drain()
    expect(await alarmOf(grantId)).toBeUndefined()
  })

  it('goes off in time while a rate limit keeps every take from running', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.db.update(schema.connection).set({ resumeAt: sql`clock_timestamp() + interval '15 minutes'` })
    await world.advance('+6h 2m')
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'expired' })
    expect((await world.grant(grantId)).overdueSince).not.toBeNull()
    const alarms = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-remove') })
    expect(alarms.map((m) => m.recipient).sort()).toEqual([world.ben.email, world.ines.email].sort())
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended' })
  })
})
