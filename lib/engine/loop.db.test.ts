import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { newId } from '@/lib/ids'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { claimFree, KEPT, startLoop } from './loop'
import { claimDue } from './queue'

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

it('keeps places for takes, however much else is due', async () => {
  const grantId = await world.approved()
  await world.drain()
  await world.db
    .update(schema.work)
    .set({ dueAt: new Date(0) })
    .where(eq(schema.work.kind, 'take'))
  const lapses = Array.from({ length: 60 }, () => ({
    kind: 'lapse' as const,
    subjectType: 'request' as const,
    subjectId: newId(),
    priority: 3,
    dueAt: new Date(0),
  }))
  await world.db.insert(schema.work).values(lapses)
  const kinds = (claims: { kind: string }[]) => claims.map((claim) => claim.kind)
  const first = await claimFree(world.db, KEPT + 4)
  expect(kinds(first)).toEqual(['take', 'lapse', 'lapse', 'lapse'])
  expect(await claimFree(world.db, KEPT)).toEqual([])
  await world.db.update(schema.work).set({ leaseUntil: null, dueAt: new Date(0) })
  expect(kinds(await claimFree(world.db, 1))).toEqual(['take'])
  await world.db.delete(schema.work).where(eq(schema.work.kind, 'lapse'))
  await world.db.update(schema.work).set({ leaseUntil: null })
  await world.drain()
  expect((await world.grant(grantId)).state).toBe('active')
})

it('among takes those go first that were tried less often', async () => {
  const takes = [3, 0, 1].map((attempt, i) => ({
    kind: 'take' as const,
    subjectType: 'grant' as const,
    subjectId: newId(),
    connectionId: world.connectionId,
    priority: 0,
    dueAt: new Date(i),
    attempt,
  }))
  await world.db.insert(schema.work).values(takes)
  const order: number[] = []
  for (let i = 0; i < 3; i++) order.push(...(await claimDue(world.db, 1)).map((claim) => claim.attempt - 1))
  expect(order).toEqual([0, 1, 3])
  await world.db.delete(schema.work)
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
