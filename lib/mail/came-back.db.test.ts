import { eq } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { POST } from '@/app/api/mail/resend/route'
import { schema } from '@/db/client'
import type { World } from '@/db/testing'
import { type Host, host } from '@/inngest/testing/host'
import { grantDetails } from '@/lib/queries/grant-details'
import { lostMails } from '@/lib/queries/lost-mails'
import { requestDetails, requestLostMails } from '@/lib/queries/requests'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'

const SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`
const shared = globalThis as { leaseholdDatabase?: World['database'] }
let service: Host
let door: Host
let taken = 0
let world: LeaseWorld

beforeAll(async () => {
  // Takes every mail, as Resend does, under a name of its own.
  service = await host(async () => Response.json({ id: `re-${++taken}` }))
  door = await host(POST)
  Object.assign(process.env, {
    RESEND_API_KEY: 're_test_0123456789',
    RESEND_BASE_URL: service.url,
    RESEND_WEBHOOK_SECRET: SECRET,
  })
})
afterAll(() => Promise.all([service.close(), door.close()]))
beforeEach(async () => {
  world = await createLeaseWorld()
  shared.leaseholdDatabase = world.database
})
afterEach(async () => {
  shared.leaseholdDatabase = undefined
  await world.close()
})

const bounced = (id: string | null, more: { type?: string; at?: Date; data?: object } = {}) =>
  JSON.stringify({
    type: more.type ?? 'email.bounced',
    created_at: (more.at ?? new Date()).toISOString(),
    data: {
      email_id: id,
      to: ['ana@halden.example'],
      bounce: { type: 'Permanent', subType: 'General', message: '550 5.1.1 no such\r\nmailbox' },
      ...more.data,
    },
  })

/** Posts a webhook as Resend does, under the names of either scheme. */
function tell(body: string, how: { at?: Date; secret?: string; prefix?: string; signed?: string } = {}) {
  const { at = new Date(), secret = SECRET, prefix = 'svix', signed = body } = how
  return fetch(`${door.url}/api/mail/resend`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      [`${prefix}-id`]: 'msg_1',
      [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
      [`${prefix}-signature`]: new Webhook(secret).sign('msg_1', at, signed),
    },
  })
}

const mails = (kind: string) => world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })
async function mailOf(kind: string) {
  const [row] = await mails(kind)
  if (!row) throw new Error(`no ${kind} was written`)
  return row
}

describe('a mail that comes back', () => {
  it('is a failed notice: in its row, on its grant, and in the grant’s timeline, once', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.advance('+5h 1m')
    const sent = await mailOf('expiry-notice')
    expect(sent).toMatchObject({ state: 'sent', providerId: expect.stringMatching(/^re-/), failedAt: null })
    expect((await tell(bounced(sent.providerId))).status).toBe(200)
    expect(await mailOf('expiry-notice')).toMatchObject({
      state: 'failed',
      error: 'It was sent back: 550 5.1.1 no such mailbox',
      failedAt: expect.any(Date),
      sentAt: expect.any(Date),
    })
    const why = expect.stringContaining('550 5.1.1')
    expect(await world.grant(grantId)).toMatchObject({ state: 'active', noticeError: why })
    expect((await tell(bounced(sent.providerId))).status, 'told twice').toBe(200)
    const verbs = await world.verbs(grantId)
    expect(verbs.filter((verb) => verb === 'notice_failed')).toHaveLength(1)
  })

  it('is seen where its trouble would be looked for, and by the admins', async () => {
    const grantId = await world.approved()
    await world.drain()
    const asked = await mailOf('access-ready')
    expect((await tell(bounced(asked.providerId), { prefix: 'webhook' })).status).toBe(200)
    const now = new Date()
    const [request] = await world.db.query.request.findMany()
    const details = request && (await requestDetails(world.as(world.ana), request.id, now))
    if (!details) throw new Error('no request')
    const lost = {
      to: world.ana.name,
      subject: asked.subject,
      why: expect.stringContaining('no such mailbox'),
    }
    expect(await requestLostMails(world.as(world.ana), details)).toMatchObject([lost])
    expect((await grantDetails(world.as(world.ines), grantId, now))?.lostMails).toMatchObject([lost])
    expect(await lostMails(world.as(world.ines))).toMatchObject({
      lately: 1,
      mails: [{ ...lost, address: world.ana.email, about: `/settings/access-management/grants/${grantId}` }],
    })
    expect(await lostMails(world.as(world.ana)), 'nobody else').toBeNull()
  })

  it.each([
    ['email.failed', { failed: { reason: 'quota' } }, 'Resend could not send it: quota'],
    [
      'email.suppressed',
      { suppressed: { message: 'hard bounce', type: 'bounce' } },
      'Resend does not send to this address any more: hard bounce',
    ],
    ['email.failed', {}, 'Resend could not send it'],
  ])('says why after %s', async (type, data, error) => {
    await world.approved()
    await world.drain()
    const { providerId } = await mailOf('access-ready')
    expect((await tell(bounced(providerId, { type, data }))).status).toBe(200)
    expect(await mailOf('access-ready')).toMatchObject({ state: 'failed', error })
  })
})

describe('the door of the mail service', () => {
  it.each([
    ['with another secret', { secret: `whsec_${Buffer.alloc(24, 8).toString('base64')}` }],
    ['six minutes old', { at: new Date(Date.now() - 360_000) }],
    ['from six minutes ahead', { at: new Date(Date.now() + 360_000) }],
    ['with another body than was signed', { signed: '{}' }],
    ['without a signature', { prefix: 'other' }],
  ])('refuses a webhook %s, and nothing changes', async (_, how) => {
    await world.approved()
    await world.drain()
    const { providerId } = await mailOf('access-ready')
    expect((await tell(bounced(providerId), how)).status).toBe(401)
    expect(await mailOf('access-ready')).toMatchObject({ state: 'sent' })
    const [refusal] = await world.db.select().from(schema.refusal)
    expect(refusal).toMatchObject({ personId: null, door: '/api/mail/resend', code: 'unauthenticated' })
  })

  it('has what it does not know yet told again, and lets go of what is not ours', async () => {
    expect((await tell(bounced('re-unknown'))).status).toBe(503)
    expect((await tell(bounced('re-unknown', { at: new Date(Date.now() - 3_600_000) }))).status).toBe(200)
  })

  it('takes other events for what they are, and no odd ones for bounces', async () => {
    await world.approved()
    await world.drain()
    const { providerId } = await mailOf('access-ready')
    for (const body of [bounced(providerId, { type: 'email.delivered' }), bounced(null), '[]', '"x"'])
      expect((await tell(body)).status, body).toBe(200)
    expect(await mailOf('access-ready')).toMatchObject({ state: 'sent' })
  })

  it('reads no long body, whatever its length is said to be', async () => {
    expect((await tell(bounced('x'.repeat(70_000)))).status).toBe(413)
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(16_384))),
    })
    const endless = { method: 'POST', body: stream, duplex: 'half' }
    expect((await POST(new Request('http://localhost/api/mail/resend', endless))).status).toBe(413)
  })
})
