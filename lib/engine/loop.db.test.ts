import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { newId } from '@/lib/ids'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { startLoop } from './loop'
import { claimDue } from './work'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

it('finishes at a stop what the target answers soon, instead of calling it unclear', async () => {
  world.target.fault({ on: 'grant.provision', kind: 'delay', ms: 400 })
  const grantId = await world.approved()
  const loop = startLoop(world.database)
  // Resolving the account, looking, giving.
  await world.target.received(3)
  await loop.stop()
  expect((await world.grant(grantId)).state).toBe('active')
  expect(await world.verbs(grantId)).not.toContain('answered')
})

it('ends what deactivated people hold, also what their deactivation did not get to', async () => {
  const grantId = await world.approved()
  await world.drain()
  // As after a deactivation whose process was killed, or that lost a race for the grant.
  await world.db
    .update(schema.person)
    .set({ deactivatedAt: new Date() })
    .where(eq(schema.person.id, world.ana.id))
  const loop = startLoop(world.database)
  await vi.waitFor(async () => expect((await world.grant(grantId)).state).toBe('ended'), 10_000)
  await loop.stop()
  expect((await world.grant(grantId)).endReason).toBe('left')
  expect(world.holders()).toEqual([])
})

it('leaves room for takes beside mails that wait for their relay', async () => {
  const grantId = await world.approved()
  await world.drain()
  const mails = Array.from({ length: 30 }, () => ({
    kind: 'send' as const,
    subjectType: 'mail' as const,
    subjectId: newId(),
    priority: 5,
    dueAt: new Date(0),
  }))
  await world.db.insert(schema.work).values(mails)
  expect(await claimDue(world.db, 24)).toHaveLength(8)
  expect(await claimDue(world.db, 16)).toEqual([])
  await world.db.update(schema.work).set({ dueAt: new Date(0), leaseUntil: null })
  const claims = await claimDue(world.db, 24)
  expect(claims.map((claim) => claim.kind).slice(0, 1)).toEqual(['take'])
  expect(claims.filter((claim) => claim.kind === 'send')).toHaveLength(8)
  await world.db.delete(schema.work).where(eq(schema.work.kind, 'send'))
  await world.db.update(schema.work).set({ leaseUntil: null })
  await world.drain()
  expect((await world.grant(grantId)).state).toBe('active')
})
