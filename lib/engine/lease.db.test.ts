import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { webhookConnector } from '@/lib/connectors/webhook'
import { DAY, HOUR } from '@/lib/domain/duration'
import { decideOnRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { returnGrant, revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const mailsOf = async (kind: string) =>
  world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind), orderBy: schema.mail.createdAt })

describe('one lease, from asking to proven removal', () => {
  it('gives once it is agreed and counts the end from when the access was seen', async () => {
    const grantId = await world.approved()
    await world.drain()
    const grant = await world.grant(grantId)
    expect(grant.state).toBe('active')
    expect(grant.baseline).toBe('absent')
    expect(world.holders()).toEqual([world.anaAccount])
    expect(grant.endsAt!.getTime() - grant.grantedAt!.getTime()).toBe(6 * HOUR * 1000)
    expect(grant.grantedAt!.getTime()).toBeGreaterThanOrEqual(grant.firstGiveAt!.getTime())
    expect(await world.verbs(grantId)).toEqual(['scheduled', 'started', 'giving', 'given'])
    expect((await mailsOf('access-ready')).map((m) => [m.recipient, m.state])).toEqual([
      [world.ana.email, 'sent'],
    ])
  })

  it('sends one notice before the end and takes back at the end, seen absent', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.advance('+5h 1m')
    const notices = await mailsOf('expiry-notice')
    expect(notices).toHaveLength(1)
    expect(notices[0]?.state).toBe('sent')
    expect(notices[0]?.text).toContain('/extend/')
    expect(world.holders()).toEqual([world.anaAccount])
    await world.advance('+1h')
    const grant = await world.grant(grantId)
    expect(grant.state).toBe('ended')
    expect(grant.endReason).toBe('expired')
    expect(grant.verified).toBe(true)
    expect(world.holders()).toEqual([])
    expect(grant.lateMs).toBeLessThan(5000)
    expect(grant.seenAbsentAt!.getTime()).toBeGreaterThanOrEqual(grant.endsAt!.getTime())
    expect(await world.verbs(grantId)).toEqual([
      'scheduled',
      'started',
      'giving',
      'given',
      'notice_sent',
      'ending',
      'seen_absent',
      'settled',
    ])
    expect(await mailsOf('access-ended')).toHaveLength(1)
    expect(await world.db.query.work.findMany()).toEqual([])
  })

  it('tells the target the latest moment the lease can last to, for nothing is called when it is extended', async () => {
    const give = vi.spyOn(webhookConnector, 'grant')
    const grantId = await world.approved()
    await world.drain()
    const { endsAt, latestEnd } = give.mock.calls[0]![1]
    give.mockRestore()
    expect(latestEnd!.getTime() - endsAt!.getTime()).toBe((3 * DAY - 6 * HOUR) * 1000)
    const grant = await world.grant(grantId)
    expect(latestEnd!.getTime()).toBeGreaterThanOrEqual(grant.grantedAt!.getTime() + 3 * DAY * 1000)
  })

  it('moves the end when an extension is agreed, revokes nothing in between, and arms a new notice', async () => {
    const grantId = await world.approved()
    await world.drain()
    const before = await world.grant(grantId)
    await world.advance('+5h 1m')
    const { requestId } = must(
      await askForExtension(world.as(world.ana), { grantId, seconds: 6 * HOUR, reason: 'one more run' }),
    )
    must(
      await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: 'fine', version: 1 }),
    )
    await world.drain()
    const after = await world.grant(grantId)
    expect(after.endsAt!.getTime()).toBe(before.endsAt!.getTime() + 6 * HOUR * 1000)
    await world.advance('+2h')
    expect((await world.grant(grantId)).state).toBe('active')
    expect(world.target.state.effects.map((e) => e.act)).toEqual(['given'])
    await world.advance('+4h')
    expect(await mailsOf('expiry-notice')).toHaveLength(2)
    await world.advance('+2h')
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(world.target.state.effects.map((e) => e.act)).toEqual(['given', 'taken'])
  })

  it('takes back now when an owner revokes, and tells the holder why', async () => {
    const grantId = await world.approved()
    await world.drain()
    expect(
      must(await revokeGrant(world.as(world.ben), { grantId, reason: 'INC-7 leaked laptop' })).state,
    ).toBe('revoking')
    await world.drain()
    expect((await world.grant(grantId)).endReason).toBe('revoked')
    expect(world.holders()).toEqual([])
    const [mail] = await mailsOf('access-ended')
    expect(mail?.text).toContain('INC-7 leaked laptop')
  })

  it('lets the holder give back, and a stranger do nothing', async () => {
    const grantId = await world.approved()
    await world.drain()
    const eve = await world.person('Eve Stranger')
    expect(await revokeGrant(world.as(eve), { grantId, reason: 'x' })).toMatchObject({
      ok: false,
      code: 'forbidden',
    })
    expect(await returnGrant(world.as(eve), { grantId, reason: '' })).toMatchObject({
      ok: false,
      code: 'forbidden',
    })
    must(await returnGrant(world.as(world.ana), { grantId, reason: '' }))
    await world.drain()
    expect((await world.grant(grantId)).endReason).toBe('returned')
  })

  it('I11: leaves alone at the end what the person held before our first give', async () => {
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    const grantId = await world.approved()
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({
      state: 'active',
      preexisting: true,
      baseline: 'direct',
    })
    await world.advance('+7h')
    expect(await world.grant(grantId)).toMatchObject({
      state: 'ended',
      endReason: 'expired',
      seenAbsentAt: null,
    })
    expect(world.holders()).toEqual([world.anaAccount])
    expect(await world.verbs(grantId)).toContain('left_standing')
  })
})

describe('asking', () => {
  it('refuses a second request while one is pending, and offers the extension while active', async () => {
    const input = { entitlementId: world.entitlementId, seconds: 6 * HOUR, reason: 'r', startAt: null }
    must(await askForAccess(world.as(world.ana), input))
    expect(await askForAccess(world.as(world.ana), input)).toMatchObject({ ok: false, code: 'conflict' })
  })

  it('refuses a length that the policy does not offer, at its field', async () => {
    const input = { entitlementId: world.entitlementId, seconds: 7 * HOUR, reason: 'r', startAt: null }
    expect(await askForAccess(world.as(world.ana), input)).toMatchObject({
      code: 'invalid',
      field: 'seconds',
    })
  })

  it('refuses when nobody could say yes: the only approver asks', async () => {
    const input = { entitlementId: world.entitlementId, seconds: 6 * HOUR, reason: 'r', startAt: null }
    expect(await askForAccess(world.as(world.ben), input)).toMatchObject({ code: 'nobody_can_approve' })
  })

  it('lapses an undecided request when its time is over, and tells the requester', async () => {
    const input = { entitlementId: world.entitlementId, seconds: 6 * HOUR, reason: 'r', startAt: null }
    const { requestId } = must(await askForAccess(world.as(world.ana), input))
    await world.advance('+25h')
    const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
    expect(row?.state).toBe('lapsed')
    expect(await mailsOf('request-lapsed')).toHaveLength(1)
    expect(
      await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }),
    ).toMatchObject({
      ok: false,
      code: 'conflict',
    })
  })
})
