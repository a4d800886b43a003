import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { untilNext } from '@/lib/engine/queue'
import { decideOnRequest } from '@/lib/services/decisions'
import {
  freezeApplication,
  freezeOf,
  freezeOrganisation,
  thawApplication,
  thawOrganisation,
} from '@/lib/services/freeze'
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
    expect(alarms.map((m) => m.recipient)).toEqual([world.ben.email])
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended' })
  })
})

describe('what a freeze holds back', () => {
  const scopes = {
    'of the organisation': {
      on: () => freezeOrganisation(world.as(world.ines), { reason: 'Looking into INC-9' }),
      off: () => thawOrganisation(world.as(world.ines), { reason: '' }),
    },
    'of the application': {
      on: () =>
        freezeApplication(world.as(world.ben), {
          applicationId: world.applicationId,
          reason: 'Looking into INC-9',
        }),
      off: () =>
        thawApplication(world.as(world.ben), { applicationId: world.applicationId, reason: 'Found it' }),
    },
  }
  it.each(Object.keys(scopes) as (keyof typeof scopes)[])('%s: gives, never takes', async (name) => {
    const { on, off } = scopes[name]
    const held = await world.approved()
    await world.drain()
    must(await on())
    expect(await on()).toMatchObject({ code: 'conflict' })
    await world.advance('+7h')
    expect((await world.grant(held)).state).toBe('ended')
    const waits = await world.approved()
    await world.drain()
    expect((await world.grant(waits)).state).toBe('scheduled')
    expect(await untilNext(world.db, { subjectId: waits })).toBeGreaterThan(23 * 3600 * 1000)
    must(await off())
    expect(await off()).toMatchObject({ code: 'conflict' })
    await world.drain()
    expect((await world.grant(waits)).state).toBe('active')
  })

  it('past start-by: the give fails, and people are told', async () => {
    const grantId = await world.approved()
    must(await scopes['of the organisation'].on())
    await world.advance('+25h')
    expect(await world.grant(grantId)).toMatchObject({ state: 'failed', firstGiveAt: null })
    expect(world.target.calls).toEqual([])
  })

  it('of another application holds nothing back here', async () => {
    const other = await world.application('Elsewhere', { owners: [world.ben] })
    must(await freezeApplication(world.as(world.ben), { applicationId: other, reason: 'INC-9' }))
    const grantId = await world.approved()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('active')
  })

  it('opens no task by hand, and what stood open before can still be recorded', async () => {
    const stripe = await world.application('Stripe', { owners: [world.ben] })
    const entitlementId = await world.entitlement(stripe, 'Refunds')
    await world.policy('Stripe by hand', { entitlementIds: [entitlementId] })
    must(await freezeApplication(world.as(world.ben), { applicationId: stripe, reason: 'INC-9' }))
    const { requestId } = must(
      await askForAccess(world.as(world.ana), { entitlementId, seconds: 6 * 3600, reason: 'INC-2418' }),
    )
    must(
      await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }),
    )
    await world.drain()
    expect(await world.db.query.task.findMany()).toEqual([])
    must(await thawApplication(world.as(world.ben), { applicationId: stripe, reason: '' }))
    await world.drain()
    expect((await world.db.query.task.findMany()).map((task) => task.kind)).toEqual(['give'])
  })

  it('is begun by nobody who may not, and stands in the timeline with its reason', async () => {
    const refused = await freezeOrganisation(world.as(world.ben), { reason: 'INC-9' })
    expect(refused).toMatchObject({ code: 'forbidden' })
    const foreign = { applicationId: world.applicationId, reason: 'INC-9' }
    expect(await freezeApplication(world.as(world.ana), foreign)).toMatchObject({ code: 'forbidden' })
    must(await freezeApplication(world.as(world.ines), foreign))
    expect(await freezeOf(world.db, world.applicationId)).toMatchObject({
      scope: 'application',
      by: 'Ines Albrecht',
      reason: 'INC-9',
    })
    must(await freezeOrganisation(world.as(world.ines), { reason: 'INC-10' }))
    expect(await freezeOf(world.db, world.applicationId)).toMatchObject({ scope: 'organisation' })
    const entry = await world.db.query.timeline.findFirst({
      where: eq(schema.timeline.subjectId, world.applicationId),
    })
    expect(entry).toMatchObject({ verb: 'frozen', actorId: world.ines.id, data: { note: 'INC-9' } })
  })
})
