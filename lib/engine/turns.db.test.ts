import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { ConnectorError } from '@/lib/connectors/contract'
import { webhookConnector } from '@/lib/connectors/webhook'
import { decideOnRequest } from '@/lib/services/decisions'
import { revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { heldByAnother } from './access'
import { performDue } from './perform'
import { claimDue } from './queue'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const entitlement = async () => (await world.db.query.entitlement.findFirst())!
const takeOf = (grantId: string) =>
  world.db.query.work.findFirst({ where: sql`kind = 'take' and subject_id = ${grantId}` })
const ofType = (type: string) => world.target.calls.filter((call) => call.type === type)

/** An active grant of somebody else on the same entitlement. */
async function heldBy(name: string): Promise<string> {
  const person: TestPerson = await world.person(name, { managerId: world.ben.id })
  world.target.state.addAccount({ email: person.email, name })
  const asked = { entitlementId: world.entitlementId, seconds: 6 * 3600, reason: 'INC-2418', startAt: null }
  const { requestId } = must(await askForAccess(world.as(person), asked))
  const decision = { requestId, verdict: 'approve' as const, note: null, version: 1 }
  const { grantId } = must(await decideOnRequest(world.as(world.ben), decision))
  await world.drain()
  return grantId!
}
const revoke = async (grantId: string) =>
  must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))

describe('where the target replaces whole sets', () => {
  const { limits } = webhookConnector
  beforeEach(() => {
    limits.perEntitlementSerial = true
  })
  afterEach(() => {
    limits.perEntitlementSerial = false
  })

  it('one change of an entitlement goes out at a time; the others wait without a try', async () => {
    const grants = [await heldBy('Chidi Eze'), await heldBy('Jun Sato'), await heldBy('Mei Lin')]
    world.target.fault({ on: 'grant.revoke', kind: 'delay', ms: 400, times: 3 })
    for (const grantId of grants) await revoke(grantId)
    const before = world.target.calls.length
    const first = performDue(world.db, { kinds: ['take'] })
    await world.target.received(before + 1)
    await first
    expect(ofType('grant.revoke')).toHaveLength(1)
    const waiting = (await Promise.all(grants.map(takeOf))).filter((item) => item !== undefined)
    expect(waiting.map((item) => [item.attempt, item.triedAt])).toEqual([
      [0, null],
      [0, null],
    ])
    expect(await entitlement()).toMatchObject({ busyBy: null, busyUntil: null })
    await vi.waitFor(async () => {
      await performDue(world.db, { kinds: ['take'] })
      expect(world.holders()).toEqual([])
    }, 20_000)
    // Each call to change began after the answer to the one before.
    const at = ofType('grant.revoke').map((call) => call.at.getTime())
    expect(at.slice(1).every((time, i) => time - at[i]! >= 400)).toBe(true)
  })

  it('a turn that its process took to the grave runs out by itself', async () => {
    const grantId = await heldBy('Chidi Eze')
    const dead = { busyBy: 999_999, busyUntil: sql`clock_timestamp() + interval '15 seconds'` }
    await world.db.update(schema.entitlement).set(dead)
    await revoke(grantId)
    // While it is busy nothing of it is handed out at all, so nothing polls for it.
    expect(await claimDue(world.db, 10, { kinds: ['take'] })).toEqual([])
    await world.db.update(schema.entitlement).set({ busyUntil: sql`clock_timestamp() - interval '1 second'` })
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await entitlement()).toMatchObject({ busyBy: null, busyUntil: null })
  })
})

describe('give and take of one access never overlap', () => {
  it('a call for another grant of the same account and entitlement is waited for', async () => {
    const theirs = await heldBy('Chidi Eze')
    const mine = await world.approved()
    await world.drain()
    // The account Ana held it with is another person's by now, who holds the same.
    const chidi = await world.grant(theirs)
    await world.db
      .update(schema.account)
      .set({ unlinkedAt: new Date() })
      .where(eq(schema.account.id, chidi.accountId!))
    await world.db
      .update(schema.account)
      .set({ externalId: 'x' })
      .where(eq(schema.account.id, chidi.accountId!))
    await world.db
      .update(schema.account)
      .set({ externalId: world.anaAccount })
      .where(eq(schema.account.id, chidi.accountId!))
    await world.db
      .update(schema.grant)
      .set({ callUntil: sql`clock_timestamp() + interval '15 seconds'` })
      .where(eq(schema.grant.id, theirs))
    await revoke(mine)
    await performDue(world.db, { subjectId: mine, kinds: ['take'] })
    expect(ofType('grant.revoke')).toEqual([])
    expect(await takeOf(mine)).toMatchObject({ attempt: 0 })
    const access = {
      connectionId: world.connectionId,
      externalId: world.anaAccount,
      entitlementId: world.entitlementId,
    }
    expect(await heldByAnother(world.db, { ...access, grantId: theirs })).toBe(true)
    await world.db.update(schema.grant).set({ callUntil: null }).where(eq(schema.grant.id, theirs))
    await world.retryNow()
    expect((await world.grant(mine)).state).toBe('ended')
    // Chidi's own account, which this test took away from the record, still holds it.
    await world.db
      .update(schema.account)
      .set({ externalId: world.holders()[0]! })
      .where(eq(schema.account.id, chidi.accountId!))
  })

  it('a claim that is lost cuts its call short, long before the call’s own time is over', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ on: 'grant.revoke', kind: 'hang', at: 'before' })
    await revoke(grantId)
    const before = world.target.calls.length
    const began = performance.now()
    const taking = performDue(world.db, { kinds: ['take'] })
    await world.target.received(before + 1)
    await world.db
      .update(schema.work)
      .set({ generation: sql`generation + 1` })
      .where(eq(schema.work.kind, 'take'))
    await taking
    expect(performance.now() - began).toBeLessThan(webhookConnector.limits.callTimeoutMs - 3_000)
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
  })
})

it('a connector that saw others move: an unclear outcome, a finding on the grant, and the owners are told', async () => {
  const { revoke: honest } = webhookConnector
  const detail = 'While Ana was changed in prod_read, 1 other member went (a).'
  const grantId = await world.approved()
  await world.drain()
  const clumsy = vi.spyOn(webhookConnector, 'revoke').mockImplementation(async (ctx, args) => {
    await honest(ctx, args)
    throw new ConnectorError('unknown_outcome', detail, { othersMoved: { gone: ['a'], come: [] } })
  })
  await revoke(grantId)
  await world.drain()
  clumsy.mockRestore()
  expect((await world.grant(grantId)).state).toBe('ended')
  expect(await world.db.query.finding.findMany()).toMatchObject([
    { kind: 'others_moved', grantId, entitlementId: world.entitlementId, detail, closedAt: null },
  ])
  expect(await world.verbs(world.connectionId)).toEqual(['needs_attention'])
  const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'connection-trouble') })
  expect(mails.map((mail) => [mail.recipient, mail.state])).toEqual([[world.ben.email, 'sent']])
  expect(mails[0]?.text).toContain(detail)
  expect(await world.db.query.connection.findFirst()).toMatchObject({ probeOk: false, breakerFailures: 0 })
})
