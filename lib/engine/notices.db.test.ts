import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import type { Delivery } from '@/lib/mail/transport'
import { lostMails } from '@/lib/queries/lost-mails'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'

const relay = vi.hoisted(() => ({ answer: { state: 'sent' } as Delivery }))
vi.mock('@/lib/mail/transport', async (original) => ({
  ...(await original<typeof import('@/lib/mail/transport')>()),
  deliver: async () => relay.answer,
}))

let world: LeaseWorld
beforeEach(async () => {
  relay.answer = { state: 'sent' }
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const busy: Delivery = { state: 'failed', permanent: false, error: '451 try again later' }
const notice = async () => {
  const [mail] = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'expiry-notice') })
  return mail
}

it('shows a notice that does not get through at once, goes on trying, and sends it when the relay is back', async () => {
  const grantId = await world.approved()
  await world.drain()
  relay.answer = busy
  await world.advance('+5h 1m')
  expect(await world.grant(grantId)).toMatchObject({ state: 'active', noticeError: '451 try again later' })
  // As after half an hour of tries.
  await world.db.update(schema.work).set({ attempt: 200, notBefore: null })
  await world.drain()
  expect(await notice()).toMatchObject({ state: 'queued' })
  relay.answer = { state: 'sent' }
  await world.db.update(schema.work).set({ notBefore: null })
  await world.drain()
  expect(await notice()).toMatchObject({ state: 'sent' })
  expect(await world.grant(grantId)).toMatchObject({ noticeError: null, noticeSentAt: expect.any(Date) })
})

it('gives a mail up after three days of refusals', async () => {
  relay.answer = busy
  await world.approved()
  await world.drain()
  await world.db.update(schema.mail).set({ createdAt: sql`created_at - interval '3 days'` })
  await world.db.update(schema.work).set({ notBefore: null })
  await world.drain()
  const states = (await world.db.query.mail.findMany()).map((mail) => mail.state)
  expect(new Set(states)).toEqual(new Set(['failed', 'dropped']))
})

it('says so when nothing ran between the notice and the end', async () => {
  const grantId = await world.approved()
  await world.drain()
  await world.db.update(schema.clock).set({ offsetMs: 7 * 3_600_000 })
  await world.drain()
  expect(await notice()).toBeUndefined()
  expect(await world.grant(grantId)).toMatchObject({
    state: 'ended',
    noticeSentAt: null,
    noticeError: 'It could not be sent before the end',
  })
})

it('a mail that the mail server refuses for good is a visible failure at once', async () => {
  relay.answer = { state: 'failed', permanent: true, error: '550 5.1.1 no such mailbox' }
  const grantId = await world.approved()
  await world.drain()
  await world.advance('+5h 1m')
  const why = '550 5.1.1 no such mailbox'
  expect(await notice()).toMatchObject({ state: 'failed', error: why, failedAt: expect.any(Date) })
  expect(await world.verbs(grantId)).toContain('notice_failed')
  expect(await world.grant(grantId)).toMatchObject({ noticeError: why, noticeSentAt: null })
  const listed = await lostMails(world.as(world.ines))
  expect(listed?.mails.length).toBe(listed?.lately)
  expect(listed?.mails).toContainEqual(
    expect.objectContaining({ why, address: world.ana.email, subject: expect.stringContaining('prod_read') }),
  )
})

it('writes a mail anew when the key it was sealed with is gone', async () => {
  relay.answer = busy
  await world.approved()
  await world.drain()
  const queued = eq(schema.mail.state, 'queued')
  const waiting = await world.db.$count(schema.mail, queued)
  expect(waiting).toBeGreaterThan(0)
  await world.db.update(schema.mail).set({ sealed: 'v1.former.AAAA.AAAA' }).where(queued)
  relay.answer = { state: 'sent' }
  await world.db.update(schema.work).set({ notBefore: null })
  await world.drain()
  expect(await world.db.$count(schema.mail, queued)).toBe(0)
})

it('a mail that was written and could not go out is dropped once it says what is not so any more', async () => {
  relay.answer = busy
  const grantId = await world.approved()
  await world.drain()
  await world.advance('+7h')
  await world.db.update(schema.work).set({ notBefore: null })
  relay.answer = { state: 'sent' }
  await world.drain()
  expect((await world.grant(grantId)).state).toBe('ended')
  const ready = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'access-ready') })
  expect(ready.map((mail) => mail.state)).toEqual(['dropped'])
})

it('the alarm about an access that is gone by now is dropped', async () => {
  await world.approved()
  await world.drain()
  relay.answer = busy
  world.target.fault({ kind: 'status', status: 503, times: 1000 })
  await world.advance('+6h 10m')
  world.target.clear()
  // The target was left alone for a while after so many failures; that while is over.
  await world.db
    .update(schema.connection)
    .set({ breakerFailures: 0, breakerOpenedAt: null, breakerUntil: null })
  await world.db.update(schema.work).set({ notBefore: null }).where(eq(schema.work.kind, 'take'))
  await world.drain()
  relay.answer = { state: 'sent' }
  await world.db.update(schema.work).set({ notBefore: null })
  await world.drain()
  const alarms = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-remove') })
  expect(alarms.map((mail) => mail.state)).toEqual(['dropped'])
})

it('the mail about a connection in trouble is dropped once the trouble is over', async () => {
  relay.answer = busy
  world.target.fault({ on: 'account.resolve', kind: 'status', status: 401 })
  const grantId = await world.approved()
  await world.drain()
  await world.db.update(schema.work).set({ notBefore: null }).where(eq(schema.work.kind, 'give'))
  await world.drain()
  expect((await world.grant(grantId)).state).toBe('active')
  relay.answer = { state: 'sent' }
  await world.db.update(schema.work).set({ notBefore: null })
  await world.drain()
  const told = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'connection-trouble') })
  expect(told.map((mail) => mail.state)).toEqual(['dropped'])
})
