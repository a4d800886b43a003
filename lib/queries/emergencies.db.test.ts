import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { HOUR } from '@/lib/domain/duration'
import { returnGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { completeReview } from '@/lib/services/reviews'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { emergencyOffer, emergencyReview, reviewFacts } from './emergencies'
import { extensionForm } from './extensions'
import { grantDetails } from './grant-details'
import { homeOf } from './home'
import { requestDetails } from './requests'
import { countTasks, openTasks, taskDetails } from './tasks'

let world: LeaseWorld
let second: string
beforeEach(async () => {
  world = await createLeaseWorld({ emergency: { allowed: true, seconds: 6 * HOUR } })
  const external = world.target.state.addEntitlement({ name: 'prod_write' })
  second = await world.entitlement(world.applicationId, 'prod_write', { externalId: external.id })
  await world.policy('Production write', {
    entitlementIds: [second],
    emergency: { allowed: true, seconds: 8 * HOUR },
  })
})
afterEach(() => world.close())

const now = () => readNow(world.db)
const offer = async (entitlementId = world.entitlementId, who: TestPerson = world.ana) =>
  emergencyOffer(world.as(who), entitlementId, await now())
const ask = (emergency: boolean) =>
  askForAccess(world.as(world.ana), {
    entitlementId: world.entitlementId,
    seconds: emergency ? null : 6 * HOUR,
    reason: 'The primary is down',
    emergency,
  })
async function taken() {
  const { requestId } = must(await ask(true))
  await world.drain()
  const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
  return { requestId, grantId: row!.grantId! }
}
async function over() {
  const ids = await taken()
  must(await returnGrant(world.as(world.ana), { grantId: ids.grantId, reason: '' }))
  await world.drain()
  const [task] = await world.db.query.task.findMany()
  return { ...ids, taskId: task!.id }
}

describe('what the page to ask says of it', () => {
  it('is how long, and who is told', async () => {
    expect(await offer()).toEqual({
      seconds: 6 * HOUR,
      why: null,
      told: ['Ben Okafor', 'Ines Albrecht'],
      pending: false,
      heldBack: null,
      takenBack: false,
    })
    expect(await offer(world.entitlementId, world.ines)).toMatchObject({ told: ['Ben Okafor'] })
  })

  it('is nothing where the policy has none, or does not let this person ask', async () => {
    const other = await world.entitlement(world.applicationId, 'audit_read')
    await world.policy('Audit', { entitlementIds: [other] })
    expect(await offer(other)).toBeNull()
    const third = await world.entitlement(world.applicationId, 'audit_write')
    await world.policy('Audit write', {
      entitlementIds: [third],
      requesters: { kind: 'some', personIds: [world.ben.id], groupIds: [] },
      emergency: { allowed: true, seconds: 6 * HOUR },
    })
    expect(await offer(third)).toBeNull()
    expect(await offer(third, world.ben)).toMatchObject({ why: null })
  })

  it('is that a usual request is withdrawn by it, and nothing while the same is held', async () => {
    must(await ask(false))
    expect(await offer()).toMatchObject({ pending: true, why: null })
    await taken()
    expect(await offer()).toBeNull()
  })

  it('is why it cannot be taken now', async () => {
    const { grantId, taskId } = await over()
    expect(await offer(second)).toMatchObject({
      why: 'Your emergency access to prod_read was not reviewed yet. Ben Okafor or Ines Albrecht can do that',
    })
    await world.db.delete(schema.applicationOwner)
    await world.db.update(schema.person).set({ admin: false })
    expect(await offer(second)).toMatchObject({ why: expect.stringContaining('and nobody can') })
    expect(await emergencyReview(world.as(world.ana), grantId)).toMatchObject({ reviewers: [] })
    const said = { taskId, verdict: 'justified' as const, evidence: 'Seen', version: 1 }
    must(await completeReview(world.as('engine'), said))
    expect(await offer(second)).toMatchObject({ why: null })
    await world.db.update(schema.organisation).set({ floorSeconds: 9 * HOUR })
    expect(await offer(second)).toMatchObject({ why: expect.stringContaining('minimum is 9 hours') })
  })

  it('is that giving is frozen, and where', async () => {
    const at = await now()
    await world.db.update(schema.application).set({ frozenAt: at })
    expect(await offer()).toMatchObject({ heldBack: 'Giving is frozen on Data warehouse at present' })
    await world.db.update(schema.organisation).set({ frozenAt: at })
    expect(await offer()).toMatchObject({ heldBack: 'All giving is frozen at present', why: null })
  })
})

describe('what is shown of one', () => {
  it('is that it is an emergency: to its holder, on its request, in its grant; and it is not to be extended', async () => {
    const { requestId, grantId } = await taken()
    const at = await now()
    const home = await homeOf(world.as(world.ana), at)
    expect(home.leases).toMatchObject([
      { id: grantId, emergency: true, extend: { allowed: false, why: 'Emergency access is not extended' } },
    ])
    const details = await requestDetails(world.as(world.ana), requestId, at)
    expect(details?.request).toMatchObject({ approval: 'emergency', mode: 'just-in-time' })
    const grant = await grantDetails(world.as(world.ines), grantId, at)
    expect(grant).toMatchObject({
      row: { emergency: true },
      extension: { why: 'Emergency access is not extended', choices: [] },
      review: null,
    })
    expect((await extensionForm(world.as(world.ana), grantId, at))?.closed).toBe(
      'Emergency access is not extended',
    )
  })

  it('is its review, to everybody who may see it', async () => {
    const { grantId, taskId } = await over()
    for (const who of [world.ana, world.ben, world.ines])
      expect(await emergencyReview(world.as(who), grantId)).toMatchObject({
        taskId,
        reviewers: ['Ben Okafor', 'Ines Albrecht'],
        mayReview: who !== world.ana,
        done: null,
      })
    const stranger = await world.person('Sam Stranger')
    expect(await emergencyReview(world.as(stranger), grantId)).toBeNull()
    const said = { taskId, verdict: 'not_justified' as const, evidence: 'Nothing was down', version: 1 }
    must(await completeReview(world.as(world.ben), said))
    expect(await emergencyReview(world.as(world.ana), grantId)).toMatchObject({
      mayReview: false,
      done: { verdict: 'not_justified', note: 'Nothing was down', by: 'Ben Okafor' },
    })
    const grant = await grantDetails(world.as(world.ines), grantId, await now())
    expect(grant).toMatchObject({ review: { done: { verdict: 'not_justified' } }, openTaskId: null })
    expect(grant?.entries.map((e) => e.verb)).toEqual(expect.arrayContaining(['task_opened', 'task_done']))
  })
})

describe('the queue', () => {
  it('has the review for owners and admins, counted, and not for the holder or anybody else', async () => {
    const { taskId } = await over()
    const at = await now()
    const stranger = await world.person('Sam Stranger')
    for (const who of [world.ben, world.ines]) {
      expect(await openTasks(world.as(who), at)).toMatchObject([{ id: taskId, kind: 'review', mine: true }])
      expect(await countTasks(world.as(who), at)).toBe(1)
      const details = await taskDetails(world.as(who), taskId, at)
      expect(details).toMatchObject({ mayComplete: true })
      const facts = await reviewFacts(world.as(who), details!.task, at)
      expect(facts).toMatchObject({ request: { reason: 'The primary is down' } })
      expect(facts!.story.map((e) => e.verb)).toEqual(
        expect.arrayContaining(['asked', 'approved', 'given', 'seen_absent', 'task_opened']),
      )
    }
    for (const who of [world.ana, stranger]) {
      expect(await openTasks(world.as(who), at)).toEqual([])
      expect(await taskDetails(world.as(who), taskId, at)).toBeNull()
    }
  })

  it('does not have it for a holder who is an owner and an admin', async () => {
    const { taskId } = await over()
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: world.ana.id })
    const boss = { ...world.ana, actor: { ...world.ana.actor, admin: true } }
    expect(await countTasks(world.as(boss), await now())).toBe(0)
    expect(await taskDetails(world.as(boss), taskId, await now())).toBeNull()
  })
})
