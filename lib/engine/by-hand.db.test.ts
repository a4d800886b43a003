import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { HOUR } from '@/lib/domain/duration'
import { decideOnRequest } from '@/lib/services/decisions'
import { revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { completeTask } from '@/lib/services/tasks'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'

let world: LeaseWorld
let mei: TestPerson
let grantId: string

beforeEach(async () => {
  world = await createLeaseWorld()
  mei = await world.person('Mei Tanaka')
  const fulfilmentGroupId = await world.group('Stripe operators', [mei, world.ana])
  const stripe = await world.application('Stripe', { owners: [world.ben], fulfilmentGroupId })
  const entitlementId = await world.entitlement(stripe, 'Refunds')
  await world.policy('Refunds', { entitlementIds: [entitlementId] })
  const { requestId } = must(
    await askForAccess(world.as(world.ana), {
      entitlementId,
      seconds: 6 * HOUR,
      reason: 'case 88213',
      startAt: null,
    }),
  )
  const decided = must(
    await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }),
  )
  grantId = decided.grantId ?? ''
  await world.drain()
})
afterEach(() => world.close())

const openTask = async () => {
  const task = await world.db.query.task.findFirst({ where: eq(schema.task.state, 'open') })
  if (!task) throw new Error('no open task')
  return task
}
const complete = (who: TestPerson, task: { id: string; version: number }) =>
  completeTask(world.as(who), { taskId: task.id, evidence: 'done in the dashboard', version: task.version })

it('gives when a person says so, counting from then, and never lets the holder say it', async () => {
  const task = await openTask()
  expect(task.kind).toBe('give')
  const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'task-for-you') })
  expect(mails.map((m) => m.recipient)).toEqual([mei.email])
  await world.advance('+2h')
  expect(await complete(world.ana, task)).toMatchObject({ ok: false, code: 'forbidden' })
  must(await complete(mei, task))
  await world.drain()
  const grant = await world.grant(grantId)
  const done = await world.db.query.task.findFirst({ where: eq(schema.task.id, task.id) })
  expect(grant.state).toBe('active')
  expect(grant.endsAt!.getTime()).toBe(done!.doneAt!.getTime() + 6 * HOUR * 1000)
})

it('asks owners and admins where nobody else is in the group, and never the holder', async () => {
  must(await complete(mei, await openTask()))
  await world.db.delete(schema.groupMember).where(eq(schema.groupMember.personId, mei.id))
  await world.db.delete(schema.applicationOwner)
  await world.advance('+7h')
  const task = await openTask()
  const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.taskId, task.id) })
  expect(mails.map((m) => m.recipient)).toEqual([world.ines.email])
  must(await complete(world.ines, task))
})

it('says that it could not be given when nobody gave it in time, and has it taken to be sure', async () => {
  await world.advance('+25h')
  expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'withdrawn' })
  const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-give') })
  expect(mails.map((m) => m.recipient).sort()).toEqual([world.ana.email, world.ben.email].sort())
  expect(mails[0]?.text).toContain('nobody gave it by hand in time')
  expect(mails[0]?.text).toContain('it is being taken back')
})

it('opens a taking task at the end, which never closes itself', async () => {
  must(await complete(mei, await openTask()))
  await world.advance('+7h')
  expect((await world.grant(grantId)).state).toBe('revoking')
  const task = await openTask()
  expect(task.kind).toBe('take')
  await world.advance('+2h')
  expect((await world.grant(grantId)).overdueSince).not.toBeNull()
  expect((await openTask()).id).toBe(task.id)
  must(await complete(mei, task))
  await world.drain()
  expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'expired', verified: false })
  expect(await world.db.query.work.findMany()).toEqual([])
})

it('calls the giving task off when the access is not wanted any more, and still asks for a look', async () => {
  const give = await openTask()
  must(await revokeGrant(world.as(world.ben), { grantId, reason: 'wrong person' }))
  await world.drain()
  expect(await complete(mei, give)).toMatchObject({ ok: false, code: 'conflict' })
  expect((await openTask()).kind).toBe('take')
})

it('checks eligibility again before anybody is asked to give', async () => {
  const zoe = await world.person('Zoe Lindqvist')
  const { entitlementId } = await world.grant(grantId)
  const asked = { entitlementId, seconds: 6 * HOUR, reason: 'case 88214', startAt: null }
  const { requestId } = must(await askForAccess(world.as(zoe), asked))
  const decided = must(
    await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }),
  )
  await world.db.update(schema.person).set({ deactivatedAt: new Date() }).where(eq(schema.person.id, zoe.id))
  await world.drain()
  expect((await world.grant(decided.grantId ?? '')).state).toBe('failed')
  expect((await world.db.query.task.findMany()).map((task) => task.grantId)).toEqual([grantId])
})
