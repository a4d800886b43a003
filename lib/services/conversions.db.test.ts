import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import { DAY, plus } from '@/lib/domain/duration'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { callOffConversions } from './conversion-call-off'
import { convertHolders } from './conversions'
import { returnGrant, revokeGrant } from './grants'

let world: LeaseWorld

beforeEach(async () => {
  world = await createLeaseWorld()
  world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
})
afterEach(() => world.close())

const days = async (n: number) => plus(await readNow(world.db), n * DAY)
const convert = async (more: Partial<Parameters<typeof convertHolders>[1]> = {}, as = world.ben) =>
  convertHolders(world.as(as), {
    entitlementId: world.entitlementId,
    holders: [{ externalId: world.anaAccount }],
    startAt: await days(3),
    endsAt: await days(17),
    reason: 'Nobody keeps production for good',
    ...more,
  })
const planned = async () => must(await convert()).grantIds[0]!
const standing = () => world.db.query.standing.findMany()
const mails = async (kind: string) =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })).map((mail) => mail.recipient)

test('standing access becomes a lease: planned, told, begun without a give, noticed, taken at the end', async () => {
  const id = await planned()
  expect(await world.grant(id)).toMatchObject({
    state: 'scheduled',
    converts: true,
    durationSeconds: 14 * DAY,
  })
  expect(await world.db.query.request.findMany()).toMatchObject([
    { state: 'approved', approval: 'conversion', askerId: world.ben.id, personId: world.ana.id, version: 2 },
  ])
  await world.drain()
  expect(await mails('conversion-planned')).toEqual([world.ana.email])
  expect(await standing()).toMatchObject([{ externalId: world.anaAccount, adoptedBy: world.ben.id }])

  await world.advance('3d 1m')
  expect(await world.grant(id)).toMatchObject({ state: 'active', preexisting: false, baseline: 'direct' })
  expect(await standing()).toEqual([])
  // Nothing was given: it was there.
  expect(world.target.state.effects).toEqual([])
  expect(world.target.calls.some((call) => call.type === 'grant.provision')).toBe(false)
  expect(await mails('access-ready')).toEqual([])

  await world.advance('13d')
  expect(await mails('expiry-notice')).toEqual([world.ana.email])
  await world.advance('2d')
  expect(await world.grant(id)).toMatchObject({ state: 'ended', endReason: 'expired', verified: true })
  expect(world.holders()).toEqual([])
})

test('called off until it begins: the access stays for good, and the person is told', async () => {
  const id = await planned()
  expect(await returnGrant(world.as(world.ana), { grantId: id, reason: '' })).toMatchObject({
    code: 'forbidden',
  })
  const callOff = (as = world.ben) =>
    callOffConversions(world.as(as), { grantIds: [id], reason: 'On call until spring' })
  expect(await callOff(world.ana)).toMatchObject({ code: 'forbidden' })
  expect(must(await callOff())).toEqual({ count: 1 })
  expect(await callOff()).toMatchObject({ code: 'conflict' })
  await world.drain()
  expect(await mails('conversion-called-off')).toEqual([world.ana.email])
  // The announcement was not sent after all; what is called off is not announced.
  await world.advance('20d')
  expect(await world.grant(id)).toMatchObject({ state: 'ended', endReason: 'withdrawn' })
  expect(world.holders()).toEqual([world.anaAccount])
  expect(await standing()).toHaveLength(1)
  // And it can be planned again.
  must(await convert({ startAt: await days(3), endsAt: await days(10) }))
})

test('a lease that has begun is not called off, it is revoked', async () => {
  const id = await planned()
  await world.advance('3d 1m')
  expect(await callOffConversions(world.as(world.ben), { grantIds: [id], reason: '' })).toMatchObject({
    code: 'conflict',
  })
  must(await revokeGrant(world.as(world.ben), { grantId: id, reason: 'Not needed' }))
  await world.drain()
  expect(world.holders()).toEqual([])
})

test('what is not held any more when it would begin is not given', async () => {
  const id = await planned()
  world.target.state.drop(world.externalId, world.anaAccount)
  await world.advance('4d')
  expect(await world.grant(id)).toMatchObject({ state: 'failed' })
  expect(world.holders()).toEqual([])
  expect((await mails('conversion-called-off')).sort()).toEqual([world.ana.email, world.ben.email].sort())
})

test('a crash right after it began does not give anything either', async () => {
  const id = await planned()
  world.target.fault({ kind: 'status', status: 503, on: 'grant.check', times: 2 })
  await world.advance('3d 1m')
  await world.retryNow()
  expect(await world.grant(id)).toMatchObject({ state: 'active' })
  expect(world.target.calls.some((call) => call.type === 'grant.provision')).toBe(false)
  must(await revokeGrant(world.as(world.ben), { grantId: id, reason: 'Done' }))
  await world.drain()
})

test('who cannot become a lease is refused with the reason, and all of a list or none', async () => {
  const stranger = world.target.state.addAccount({ email: 'robot@example.com', name: 'robot' })
  world.target.state.hold(world.externalId, stranger.id, { state: 'direct' })
  const both = [{ externalId: world.anaAccount }, { externalId: stranger.id }]
  expect(await convert({ holders: both })).toMatchObject({
    code: 'conflict',
    field: 'holders',
    message: expect.stringContaining('No person is known'),
  })
  expect(await convert({ holders: [{ externalId: 'gone' }] })).toMatchObject({ code: 'conflict' })
  world.target.state.drop(world.externalId, world.anaAccount)
  world.target.state.hold(world.externalId, world.anaAccount, { state: 'indirect', via: 'admins' })
  expect(await convert()).toMatchObject({ message: expect.stringContaining('Held through admins') })
  expect(await world.db.query.grant.findMany()).toEqual([])
})

test('the dates: a day to say that it is wrong, the floor, a year at most', async () => {
  expect(await convert({ startAt: await days(0.5) })).toMatchObject({ code: 'invalid', field: 'startAt' })
  expect(await convert({ endsAt: await days(3.005) })).toMatchObject({ code: 'invalid', field: 'endsAt' })
  expect(await convert({ endsAt: await days(400) })).toMatchObject({ code: 'invalid', field: 'endsAt' })
})

test('owners and admins do it; one’s own may begin at once, and only one’s own', async () => {
  expect(await convert({}, world.ana)).toMatchObject({ code: 'forbidden' })
  const mine = world.target.state.addAccount({ email: world.ines.email, name: 'ines' })
  world.target.state.hold(world.externalId, mine.id, { state: 'direct' })
  const now = await readNow(world.db)
  const own = { holders: [{ externalId: mine.id }], startAt: now, endsAt: await days(2) }
  expect(await convert(own)).toMatchObject({ code: 'invalid', field: 'startAt' })
  const [id] = must(await convert(own, world.ines)).grantIds
  await world.drain()
  expect(await world.grant(id!)).toMatchObject({ state: 'active' })
  expect(await convert(own, world.ines)).toMatchObject({
    message: expect.stringContaining('Is a lease already'),
  })
  await world.advance('3d')
  expect(world.holders()).toEqual([world.anaAccount])
})
