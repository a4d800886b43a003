import { eq, inArray } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { DAY, HOUR } from '@/lib/domain/duration'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { askForExtension } from './extension-requests'
import { endForLeaver, returnGrant, revokeGrant, revokeGrants } from './grants'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const work = async (grantId: string) => {
  const rows = await world.db.query.work.findMany({ where: eq(schema.work.subjectId, grantId) })
  return rows.map((w) => w.kind).sort()
}
const lastEntry = async (subjectId: string) =>
  (
    await world.db.query.timeline.findMany({
      where: eq(schema.timeline.subjectId, subjectId),
      orderBy: schema.timeline.version,
    })
  ).at(-1)!

describe('revoking', () => {
  it('wants a reason, and orders the take and the alarm at once', async () => {
    const grantId = await world.approved()
    await world.drain()
    expect(await work(grantId)).toEqual(['alarm', 'notice', 'take'])
    expect(await revokeGrant(world.as(world.ben), { grantId, reason: '' })).toEqual({
      ok: false,
      code: 'invalid',
      message: 'Say why; the holder is told',
      field: 'reason',
    })
    must(await revokeGrant(world.as(world.ben), { grantId, reason: 'INC-7' }))
    const row = await world.grant(grantId)
    expect(row).toMatchObject({ state: 'revoking', endReason: 'revoked', seenAbsentAt: null })
    expect(await work(grantId)).toEqual(['alarm', 'take'])
    expect(await lastEntry(grantId)).toMatchObject({
      verb: 'ending',
      actorId: world.ben.id,
      version: row.version,
      data: { reason: 'revoked', note: 'INC-7' },
    })
  })

  it('is for owners and admins; the holder returns', async () => {
    const grantId = await world.approved()
    await world.drain()
    const auditor = await world.person('Aud Itor', { auditor: true })
    for (const who of [auditor, world.ana])
      expect(await revokeGrant(world.as(who), { grantId, reason: 'x' })).toMatchObject({ code: 'forbidden' })
    expect(await returnGrant(world.as(world.ben), { grantId, reason: '' })).toMatchObject({
      code: 'forbidden',
    })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'INC-7' }))
  })

  it('takes a pending extension with it, in the same breath', async () => {
    const grantId = await world.approved()
    await world.drain()
    const { requestId } = must(
      await askForExtension(world.as(world.ana), { grantId, seconds: 6 * HOUR, reason: 'more' }),
    )
    must(await revokeGrant(world.as(world.ben), { grantId, reason: 'INC-7' }))
    const [ending, lapsed] = [await lastEntry(grantId), await lastEntry(requestId)]
    expect(lapsed).toMatchObject({ verb: 'lapsed', data: { why: 'grant_ended' }, at: ending.at })
    expect(await work(requestId)).toEqual([])
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'request-lapsed') })
    expect(mails.map((m) => m.recipient)).toEqual([world.ana.email])
  })

  it('is refused once it is under way, and once it is over', async () => {
    const grantId = await world.approved()
    await world.drain()
    must(await revokeGrant(world.as(world.ben), { grantId, reason: 'INC-7' }))
    const again = () => revokeGrant(world.as(world.ben), { grantId, reason: 'INC-7' })
    expect(await again()).toMatchObject({
      code: 'conflict',
      message: 'This access is being taken back already',
    })
    expect(await revokeGrant(world.as(world.ben), { grantId, reason: 'x', version: 1 })).toMatchObject({
      code: 'stale',
    })
    await world.drain()
    expect(await again()).toMatchObject({ code: 'conflict', message: 'This access has ended' })
  })

  it('of several, each on its own: one refusal does not keep the others', async () => {
    const first = await world.approved()
    await world.drain()
    const missing = crypto.randomUUID()
    const outcome = await revokeGrants(world.as(world.ben), [missing, first, first], 'INC-7')
    expect(outcome.map(({ grantId, result }) => [grantId, result.ok || result.code])).toEqual([
      [missing, 'not_found'],
      [first, true],
      [first, 'conflict'],
    ])
  })

  it('consults nobody: the policy gone, the application archived, the person left', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.db.delete(schema.policyEntitlement)
    await world.db.update(schema.application).set({ archivedAt: new Date() })
    await world.db
      .update(schema.person)
      .set({ deactivatedAt: new Date() })
      .where(eq(schema.person.id, world.ana.id))
    await world.advance('+7h')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'expired', verified: true })
  })
})

describe('before anything was given', () => {
  it('a scheduled one is called off, and its holder told', async () => {
    const grantId = await world.approved()
    must(await returnGrant(world.as(world.ana), { grantId, reason: 'Not needed' }))
    expect(await world.grant(grantId)).toMatchObject({
      state: 'ended',
      endReason: 'returned',
      firstGiveAt: null,
    })
    expect(await world.verbs(grantId)).toEqual(['scheduled', 'cancelled'])
    expect(await work(grantId)).toEqual([])
    await world.drain()
    expect(world.target.calls).toEqual([])
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'access-ended') })
    expect(mails.map((m) => m.recipient)).toEqual([world.ana.email])
  })

  it('one that is being given, with nothing sent yet, fails without a trace', async () => {
    world.target.fault({ on: 'account.resolve', kind: 'status', status: 503 })
    const grantId = await world.approved()
    await world.drain()
    must(await revokeGrant(world.as(world.ben), { grantId, reason: 'INC-7' }))
    expect(await world.grant(grantId)).toMatchObject({ state: 'failed', endsAt: null })
    expect(await work(grantId)).toEqual([])
  })
})

describe('a leaver', () => {
  it('loses what they hold, by the product itself and by nobody else', async () => {
    const grantId = await world.approved()
    await world.drain()
    expect(await endForLeaver(world.as(world.ines), grantId)).toMatchObject({ code: 'forbidden' })
    must(await endForLeaver(world.as('engine'), grantId))
    expect(await lastEntry(grantId)).toMatchObject({
      actorId: null,
      actorSystem: 'engine',
      data: { reason: 'left' },
    })
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'left' })
    expect(world.holders()).toEqual([])
  })
})

it('revoked after its end while nothing ran, it is as late as it is', async () => {
  const grantId = await world.approved(DAY)
  await world.drain()
  const held = await world.db
    .delete(schema.work)
    .where(inArray(schema.work.kind, ['take', 'alarm']))
    .returning()
  await world.advance('+26h')
  expect((await world.grant(grantId)).state).toBe('active')
  must(await revokeGrant(world.as(world.ben), { grantId, reason: 'Found it still there' }))
  await world.drain()
  const row = await world.grant(grantId)
  expect(held).toHaveLength(2)
  expect(row).toMatchObject({ state: 'ended', endReason: 'revoked', rightOverAt: row.endsAt })
  expect(row.lateMs).toBeGreaterThan(1.9 * HOUR * 1000)
})
