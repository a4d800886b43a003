import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { performDue } from '@/lib/engine/perform'
import { revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const provisions = () => world.target.calls.filter((call) => call.type === 'grant.provision')
const workOf = (subjectId: string, kind: 'take' | 'alarm' | 'look' | 'lapse') =>
  world.db.query.work.findFirst({ where: sql`subject_id = ${subjectId} and kind = ${kind}` })

/** Makes every insert into or update of a table lose its race, as a deadlock would, until it is lifted. */
async function racesLostOn(
  table: 'grant' | 'request' | 'finding',
  when: string,
): Promise<() => Promise<void>> {
  await world.db.execute(sql`
    create function lose() returns trigger language plpgsql as $$
    begin raise exception 'lost' using errcode = '40001'; end $$`)
  await world.db.execute(sql`
    create trigger lose before insert or update on ${sql.identifier(table)}
    for each row when (${sql.raw(when)}) execute function lose()`)
  return async () => void (await world.db.execute(sql`drop function lose cascade`))
}

describe('a give that is called off while it is under way', () => {
  it('sends nothing any more when it was only looking', async () => {
    world.target.fault({ on: 'grant.provision', kind: 'reset', at: 'before' })
    const grantId = await world.approved()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('provisioning')
    const before = world.target.calls.length
    world.target.fault({ on: 'grant.check', kind: 'delay', ms: 400 })
    await world.db.update(schema.work).set({ notBefore: null })
    const giving = performDue(world.db, { kinds: ['give'] })
    await world.target.received(before + 1)
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'not needed' }))
    await giving
    expect(provisions()).toHaveLength(1)
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(world.target.state.effects).toEqual([])
  })

  it('lets the take begin as soon as its own call is over', async () => {
    world.target.fault({ on: 'grant.provision', kind: 'delay', ms: 400 })
    const grantId = await world.approved()
    const giving = performDue(world.db, { kinds: ['give'] })
    // Resolving the account, looking, giving.
    await world.target.received(3)
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'not needed' }))
    await performDue(world.db, { kinds: ['take'] })
    expect(world.target.calls.filter((call) => call.type === 'grant.revoke')).toEqual([])
    expect(await workOf(grantId, 'take')).toMatchObject({ attempt: 0 })
    await giving
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(world.target.state.effects.map((effect) => effect.act)).toEqual(['given', 'taken'])
  })
})

describe('work stays when its record could not be written', () => {
  it('the lapse of a request', async () => {
    const { entitlementId } = world
    const { requestId } = must(
      await askForAccess(world.as(world.ana), { entitlementId, seconds: 21_600, reason: 'x', startAt: null }),
    )
    await world.db
      .update(schema.request)
      .set({ decideBy: sql`asked_at` })
      .where(eq(schema.request.id, requestId))
    await world.db
      .update(schema.work)
      .set({ dueAt: sql`clock_timestamp()` })
      .where(eq(schema.work.kind, 'lapse'))
    const lift = await racesLostOn('request', `new.state = 'lapsed'`)
    await world.drain()
    expect(await workOf(requestId, 'lapse')).toBeDefined()
    await lift()
    await world.retryNow()
    expect(await world.verbs(requestId)).toEqual(['asked', 'lapsed'])
  })

  it('I7: the alarm of an access that should be gone', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ kind: 'status', status: 503, times: 1000 })
    const lift = await racesLostOn('grant', 'new.overdue_since is not null')
    await world.advance('+6h 10m')
    expect((await world.grant(grantId)).overdueSince).toBeNull()
    expect(await workOf(grantId, 'alarm')).toBeDefined()
    await lift()
    await world.retryNow()
    expect((await world.grant(grantId)).overdueSince).not.toBeNull()
    world.target.clear()
    await world.retryNow()
  })

  it('the look that found our access again', async () => {
    const grantId = await world.approved()
    await world.drain()
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'x' }))
    await world.drain()
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    const lift = await racesLostOn('finding', 'true')
    await world.advance('+1m')
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await workOf(grantId, 'look')).toBeDefined()
    await lift()
    await world.retryNow()
    expect(world.holders()).toEqual([])
    expect(await world.verbs(grantId)).toContain('reopened')
  })
})
