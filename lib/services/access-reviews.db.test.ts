import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { DAY, plus } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { exportReview } from '@/lib/queries/access-review-export'
import {
  accessReviewPage,
  listAccessReviews,
  reviewsOfApplication,
  waitingReviews,
} from '@/lib/queries/access-reviews'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { race, refusals, won } from '@/lib/testing/race'
import { decideLines } from './access-review-decisions'
import { closeReview, revokeMissed } from './access-review-due'
import { callOffReview, previewReview, type StartReviewInput, startReview } from './access-reviews'
import { returnGrant } from './grants'
import { readHolders } from './holder-readings'
import { deactivatePerson } from './people'

let world: LeaseWorld
let grantId: string
let old: string

/** Ana has a lease; somebody nobody knows has held it for good since before. */
beforeEach(async () => {
  world = await createLeaseWorld({
    presets: [{ seconds: 30 * DAY, noticeSeconds: DAY }],
    maxSeconds: 30 * DAY,
  })
  old = stranger('old')
  grantId = await world.approved(30 * DAY)
  await world.drain()
  must(await readHolders(world.as(world.ben), { applicationId: world.applicationId }))
})
afterEach(() => world.close())

/** Somebody with an account in the target who holds it. */
function stranger(name: string) {
  const account = world.target.state.addAccount({ email: `${name}@halden.example`, name })
  world.target.state.hold(world.externalId, account.id, { state: 'direct' })
  return account.id
}

const input = async (more: Partial<StartReviewInput> = {}): Promise<StartReviewInput> => ({
  applicationId: world.applicationId,
  name: 'Autumn review',
  instructions: '',
  reviewers: 'owners',
  reviewerIds: [],
  consequence: 'visible',
  dueAt: plus(await readNow(world.db), 4 * DAY),
  entitlementIds: [],
  ...more,
})
const start = async (more: Partial<StartReviewInput> = {}, as = world.ben) =>
  must(await startReview(world.as(as), await input(more))).reviewId
const lines = (reviewId: string) =>
  world.db.query.accessReviewLine.findMany({
    where: eq(schema.accessReviewLine.accessReviewId, reviewId),
    orderBy: schema.accessReviewLine.id,
  })
const review = async (id: string) =>
  (await world.db.query.accessReview.findFirst({ where: eq(schema.accessReview.id, id) }))!
async function lineOf(reviewId: string, kind: 'lease' | 'standing') {
  return (await lines(reviewId)).find((one) => (kind === 'lease') === (one.grantId !== null))!
}
const decide = (
  as: TestPerson,
  picked: { id: string; version: number }[],
  decision: 'keep' | 'remove',
  more: { reason?: string; confirm?: string } = {},
) =>
  decideLines(world.as(as), {
    picked: picked.map(({ id, version }) => ({ lineId: id, version })),
    decision,
    reason: more.reason ?? 'looked at it',
    confirm: more.confirm ?? 'Data warehouse',
  })
const mails = async (kind: string) =>
  (
    await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind), orderBy: schema.mail.recipient })
  ).map((mail) => [mail.recipient, mail.state])
/** Its date has passed, and whoever closed it did not come to what follows. */
async function passed(id: string) {
  const dueAt = await readNow(world.db)
  await world.db.update(schema.accessReview).set({ dueAt }).where(eq(schema.accessReview.id, id))
  must(await closeReview(world.as('engine'), id, async () => true))
}
const page = async (as: TestPerson, id: string, look: 'all' | 'mine' = 'all') =>
  accessReviewPage(world.as(as), id, await readNow(world.db), look)

describe('starting', () => {
  it('says before what it would be: how many, who reviews what, what cannot be listed', async () => {
    const anna = world.target.state.addAccount({ email: 'via@halden.example', name: 'via' })
    world.target.state.hold(world.externalId, anna.id, { state: 'indirect', via: 'everybody' })
    const plan = must(await previewReview(world.as(world.ben), await input({ reviewers: 'manager' })))
    expect(plan).toMatchObject({ leases: 1, standing: 1, gaps: [] })
    expect(plan.shares).toEqual([
      { names: ['Ben Okafor'], lines: 1, as: 'manager' },
      { names: ['Ben Okafor'], lines: 1, as: 'owners' },
    ])
    expect(plan.leftOut).toEqual([
      {
        entitlement: 'prod_read',
        who: 'via@halden.example',
        why: expect.stringContaining('Held through everybody'),
      },
    ])
    expect(await world.db.query.accessReview.findMany()).toEqual([])
  })

  it('takes live leases and holders read in the target, and asks each reviewer once', async () => {
    const other = await world.person('Jun Sato')
    const id = await start({ reviewers: 'people', reviewerIds: [world.ben.id, other.id] })
    await world.drain()
    expect(await lines(id)).toMatchObject([
      { grantId, account: null, personId: world.ana.id },
      { grantId: null, account: { id: old }, personId: null },
    ])
    expect(await mails('access-review')).toEqual([
      [world.ben.email, 'sent'],
      [other.email, 'sent'],
    ])
    expect(await world.verbs(id)).toEqual(['review_started'])
    expect(await waitingReviews(world.as(other), await readNow(world.db))).toMatchObject([{ id, lines: 2 }])
  })

  it('leaves nothing out silently: a target that cannot be read is a gap', async () => {
    world.target.fault({ kind: 'status', status: 401, on: 'grant.holders', times: 9 })
    const plan = must(await previewReview(world.as(world.ben), await input()))
    expect(plan).toMatchObject({ leases: 1, standing: 0 })
    expect(plan.gaps).toMatchObject([{ what: 'prod_read' }])
  })

  it('is for owners and admins, one at a time, with people who are there and a date ahead', async () => {
    expect(await startReview(world.as(world.ana), await input())).toMatchObject({ code: 'forbidden' })
    expect(await previewReview(world.as(world.ana), await input())).toMatchObject({ code: 'forbidden' })
    expect(await startReview(world.as(world.ben), await input({ reviewers: 'people' }))).toMatchObject({
      code: 'invalid',
      field: 'reviewerIds',
    })
    const dueAt = await readNow(world.db)
    expect(await startReview(world.as(world.ben), await input({ dueAt }))).toMatchObject({ field: 'dueAt' })
    const both = await Promise.all([
      startReview(world.as(world.ben), await input()),
      startReview(world.as(world.ines), await input()),
    ])
    expect(won(both)).toBe(1)
    expect(refusals(both)).toEqual(['conflict'])
  })
})

describe('who is asked', () => {
  it('is told the same by the queue, which looks at a few lines, as by the page of the review', async () => {
    const jun = await world.person('Jun Sato')
    // Ben holds it as well, by the account of his address; his other account owns the application too.
    const twin = await world.person('Ben Twin', { email: 'ben.okafor+x@halden.example' })
    stranger(world.ben.email.split('@')[0] ?? '')
    const { applicationOwner } = schema
    const { applicationId } = world
    const asked = [world.ana, world.ben, world.ines, jun, twin]
    for (const owners of [[world.ben], [world.ben, twin], [world.ben, jun], []])
      for (const reviewers of ['manager', 'owners', 'people'] as const) {
        await world.db.delete(applicationOwner).where(eq(applicationOwner.applicationId, applicationId))
        for (const { id: personId } of owners)
          await world.db.insert(applicationOwner).values({ applicationId, personId })
        const reviewerIds = reviewers === 'people' ? [world.ben.id] : []
        const id = await start({ reviewers, reviewerIds }, world.ines)
        const all = (await page(world.ines, id))?.lines ?? []
        expect(all).toHaveLength(3)
        for (const one of asked) {
          const lines = all.filter((line) => line.reviewers.includes(one.name)).length
          const waiting = await waitingReviews(world.as(one), await readNow(world.db))
          expect(waiting.map((review) => review.lines)).toEqual(lines > 0 ? [lines] : [])
        }
        must(await callOffReview(world.as(world.ines), { reviewId: id, reason: 'Next' }))
      }
  })

  it('counts in the list what the page of a review shows', async () => {
    const id = await start({ consequence: 'escalate' })
    must(await decide(world.ben, [await lineOf(id, 'standing')], 'keep'))
    for (const by of ['1m', '4d', '8d']) {
      await world.advance(by)
      const list = await listAccessReviews(world.as(world.ines))
      expect(list?.rows).toMatchObject([{ id, counts: (await page(world.ines, id))?.counts }])
    }
    const { latest, canStart } = (await reviewsOfApplication(world.as(world.ben), {
      id: world.applicationId,
      archivedAt: null,
    }))!
    expect({ latest, canStart }).toMatchObject({
      latest: { id, state: 'closed', counts: { kept: 1, missed: 1 } },
      canStart: true,
    })
    expect(
      await reviewsOfApplication(world.as(world.ana), { id: world.applicationId, archivedAt: null }),
    ).toBeNull()
  })
})

describe('deciding', () => {
  it('keeps with a reason, and may be changed to a removal by whoever saw it', async () => {
    const id = await start()
    const line = await lineOf(id, 'lease')
    expect(must(await decide(world.ben, [line], 'keep'))).toEqual({ decided: 1, refused: [] })
    expect((await world.grant(grantId)).state).toBe('active')
    expect(must(await decide(world.ben, [line], 'remove')).refused).toMatchObject([{ lineId: line.id }])
    must(await decide(world.ben, [await lineOf(id, 'lease')], 'remove', { reason: 'left the project' }))
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'revoked', verified: true })
    const ending = await world.db.query.timeline.findFirst({
      where: (t, { and, eq: is }) => and(is(t.subjectId, grantId), is(t.verb, 'ending')),
    })
    expect(ending?.data).toMatchObject({ note: 'left the project (access review “Autumn review”)' })
    expect(world.holders()).toEqual([old])
    expect(await world.verbs(id)).toEqual(['review_started', 'review_kept', 'review_removing'])
    expect((await page(world.ben, id))?.lines.find((one) => one.kind === 'lease')).toMatchObject({
      status: 'removed',
      outcome: { kind: 'gone' },
    })
  })

  it('removes standing access on the normal road: named, capped, taken, seen gone', async () => {
    const id = await start()
    const line = await lineOf(id, 'standing')
    expect(await decide(world.ben, [line], 'remove', { confirm: 'warehouse' })).toMatchObject({
      code: 'invalid',
      field: 'confirm',
    })
    must(await decide(world.ben, [line], 'remove'))
    expect(await world.db.query.standing.findMany()).toEqual([])
    expect((await page(world.ben, id))?.lines[1]).toMatchObject({ outcome: { kind: 'under_way' } })
    await world.drain()
    expect(world.holders()).toEqual([world.anaAccount])
    expect(await world.db.query.finding.findMany()).toMatchObject([{ closedAs: 'removed' }])
    expect(await world.verbs(world.applicationId)).toEqual(['removing', 'removed'])
    expect((await page(world.ben, id))?.lines[1]).toMatchObject({ outcome: { kind: 'gone' } })
  })

  it('removes no more standing access in one go than a removal by hand does', async () => {
    for (let i = 0; i < 11; i++) stranger(`s${i}`)
    const id = await start()
    const standing = (await lines(id)).filter((one) => !one.grantId)
    expect(standing).toHaveLength(12)
    expect(await decide(world.ben, standing, 'remove')).toMatchObject({ code: 'limit' })
    expect(must(await decide(world.ben, standing, 'keep')).decided).toBe(12)
    expect(world.holders()).toHaveLength(13)
  })

  it('ends a lease that would leave standing access, and takes both', async () => {
    const held = world.target.state.addAccount({ email: 'jun.sato@halden.example', name: 'jun' })
    const jun = await world.person('Jun Sato', { managerId: world.ben.id })
    world.target.state.hold(world.externalId, held.id, { state: 'direct' })
    const { askForAccess } = await import('./requests')
    const { decideOnRequest } = await import('./decisions')
    const { requestId } = must(
      await askForAccess(world.as(jun), {
        entitlementId: world.entitlementId,
        seconds: 30 * DAY,
        reason: 'x',
        startAt: null,
      }),
    )
    const agreed = must(
      await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }),
    )
    await world.drain()
    expect(await world.grant(agreed.grantId!)).toMatchObject({ state: 'active', preexisting: true })
    const id = await start()
    const line = (await lines(id)).find((one) => one.personId === jun.id)!
    expect(line).toMatchObject({ grantId: null, account: { id: held.id } })
    must(await decide(world.ben, [line], 'remove'))
    await world.drain()
    expect(await world.grant(agreed.grantId!)).toMatchObject({ state: 'ended', endReason: 'revoked' })
    expect(world.holders()).not.toContain(held.id)
  })

  it('is never for the holder, by no account of theirs; then the admins are asked', async () => {
    const twin = await world.person('Ana Twin', { email: 'ana.oliveira+x@halden.example' })
    const id = await start({ reviewers: 'people', reviewerIds: [world.ana.id, twin.id] })
    const line = await lineOf(id, 'lease')
    for (const person of [world.ana, twin])
      expect(await decide(person, [line], 'keep')).toMatchObject({ code: 'forbidden' })
    expect((await page(world.ben, id))?.lines[0]).toMatchObject({ reviewers: ['Ben Okafor'], as: 'owners' })
    must(await decide(world.ben, [line], 'keep'))
    // Of somebody whom nobody knows the two may decide.
    must(await decide(twin, [await lineOf(id, 'standing')], 'keep'))
  })

  it('is not for strangers, nor for owners and admins who are not asked', async () => {
    const id = await start({ reviewers: 'manager' })
    const stray = await world.person('Owen Stray')
    const auditor = await world.person('Aud Itor', { auditor: true })
    for (const person of [stray, auditor, world.ines])
      expect(await decide(person, [await lineOf(id, 'lease')], 'remove')).toMatchObject({ code: 'forbidden' })
    // Whoever may not know of it learns neither that it is there nor what to type.
    const nothing = await decide(stray, [{ id: newId(), version: 1 }], 'remove')
    const there = await decide(stray, [await lineOf(id, 'standing')], 'remove', { confirm: 'x' })
    expect(there).toMatchObject({ hidden: true, message: !nothing.ok && nothing.message })
    expect(await page(stray, id)).toBeNull()
    expect(await page(stray, id, 'mine')).toBeNull()
    expect((await page(auditor, id))?.lines).toHaveLength(2)
    expect((await world.grant(grantId)).state).toBe('active')
  })

  it('two reviewers at once: the first decision stands, whoever comes second is told', async () => {
    const id = await start({ reviewers: 'people', reviewerIds: [world.ben.id, world.ines.id] })
    const line = await lineOf(id, 'lease')
    const results = await race(
      async () => decide(world.ben, [line], 'keep'),
      async () => decide(world.ines, [line], 'remove'),
    )
    const decided = results.filter((one) => one.ok && one.value.decided === 1)
    expect(decided).toHaveLength(1)
    for (const one of results)
      if (one.ok && one.value.decided === 0) expect(one.value.refused).toHaveLength(1)
    expect((await world.verbs(id)).length).toBe(2)
    await world.drain()
  })

  it('decides on the others where one of several was decided meanwhile', async () => {
    const id = await start()
    const both = await lines(id)
    must(await decide(world.ben, [both[0]!], 'keep'))
    const answer = must(await decide(world.ben, both, 'keep'))
    expect(answer).toMatchObject({ decided: 1, refused: [{ lineId: both[0]!.id }] })
  })
})

describe('meanwhile', () => {
  it('a lease that is given back needs no decision, before or after the date', async () => {
    const id = await start({ consequence: 'revoke' })
    const line = await lineOf(id, 'lease')
    must(await returnGrant(world.as(world.ana), { grantId, reason: '' }))
    expect(must(await decide(world.ben, [line], 'remove')).refused).toMatchObject([
      { message: expect.stringContaining('ended meanwhile') },
    ])
    await world.advance('4d 1m')
    expect(await lineOf(id, 'lease')).toMatchObject({ missedAt: null, revokedAt: null })
    expect((await lineOf(id, 'lease')).overAt).not.toBeNull()
    expect(await world.grant(grantId)).toMatchObject({ endReason: 'returned' })
  })

  it('a removal and a give-back at once end it once', async () => {
    const id = await start()
    const line = await lineOf(id, 'lease')
    const [removed, returned] = await Promise.all([
      decide(world.ben, [line], 'remove'),
      returnGrant(world.as(world.ana), { grantId, reason: '' }),
    ])
    await world.drain()
    const decided = removed.ok && removed.value.decided === 1
    expect(Number(decided) + Number(returned.ok)).toBe(1)
    expect(await world.grant(grantId)).toMatchObject({ endReason: decided ? 'revoked' : 'returned' })
  })

  it('a reviewer who leaves has their lines pass to the owners, else the admins', async () => {
    const jun = await world.person('Jun Sato')
    const id = await start({ reviewers: 'people', reviewerIds: [jun.id] })
    must(await deactivatePerson(world.as(world.ines), { personId: jun.id }))
    expect((await page(world.ben, id))?.lines[0]).toMatchObject({ reviewers: ['Ben Okafor'], as: 'owners' })
    must(await decide(world.ben, [await lineOf(id, 'lease')], 'keep'))
  })

  it('a holder who leaves takes their lease along, and the line with it', async () => {
    const id = await start()
    must(await deactivatePerson(world.as(world.ines), { personId: world.ana.id }))
    await world.drain()
    expect((await page(world.ben, id))?.lines[0]).toMatchObject({ status: 'over' })
  })
})

describe('the date', () => {
  it('visible: what nobody decided is missed, nothing is taken, and people are told', async () => {
    const id = await start()
    must(await decide(world.ben, [await lineOf(id, 'standing')], 'keep'))
    await world.advance('4d 1m')
    expect(await review(id)).toMatchObject({ state: 'closed' })
    expect((await page(world.ben, id))?.counts).toMatchObject({ kept: 1, missed: 1, open: 0 })
    expect(await mails('access-review-closed')).toEqual([[world.ben.email, 'sent']])
    expect(await decide(world.ben, [await lineOf(id, 'lease')], 'keep')).toMatchObject({ code: 'too_late' })
    expect((await world.grant(grantId)).state).toBe('active')
    expect(await world.verbs(id)).toEqual([
      'review_started',
      'review_kept',
      'reminded',
      'reminded',
      'review_closed',
    ])
  })

  it('revoke: missed leases go, missed standing access stays, and the export says which', async () => {
    const id = await start({ consequence: 'revoke' })
    await world.advance('4d 1m')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'revoked', verified: true })
    expect(world.holders()).toEqual([old])
    const lines = (await page(world.ben, id))?.lines
    expect(lines).toMatchObject([
      { kind: 'lease', status: 'missed', outcome: { kind: 'gone' } },
      { kind: 'standing', status: 'missed', outcome: null },
    ])
    const [mail] = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'access-review-closed') })
    expect(mail?.text).toContain('Revoked because missed: 1')
  })

  it('revoke: a try that was cut short goes on where it stopped, and revokes nothing twice', async () => {
    const id = await start({ consequence: 'revoke' })
    await passed(id)
    expect((await world.grant(grantId)).state).toBe('active')
    for (let i = 0; i < 2; i++) expect(await revokeMissed(world.as('engine'), id)).toBe(true)
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'revoked' })
    expect((await world.verbs(grantId)).filter((verb) => verb === 'ending')).toHaveLength(1)
    expect(await lineOf(id, 'lease')).toMatchObject({ revokedAt: expect.any(Date), revokeProblem: null })
  })

  it('revoke: what ended by itself before its turn is said to have done so', async () => {
    const id = await start({ consequence: 'revoke' })
    await passed(id)
    must(await returnGrant(world.as(world.ana), { grantId, reason: '' }))
    expect(await revokeMissed(world.as('engine'), id)).toBe(true)
    expect(await lineOf(id, 'lease')).toMatchObject({ revokedAt: null, revokeProblem: expect.any(String) })
    expect((await page(world.ben, id))?.lines[0]).toMatchObject({
      status: 'missed',
      outcome: { kind: 'not_done' },
    })
  })

  it('escalate: the owners get seven days more, then what is missed is missed', async () => {
    const jun = await world.person('Jun Sato')
    const id = await start({ consequence: 'escalate', reviewers: 'people', reviewerIds: [jun.id] })
    await world.advance('4d 1m')
    expect(await review(id)).toMatchObject({ state: 'escalated' })
    expect(await decide(jun, [await lineOf(id, 'lease')], 'keep')).toMatchObject({ code: 'forbidden' })
    expect(await waitingReviews(world.as(world.ben), await readNow(world.db))).toMatchObject([
      { id, lines: 2 },
    ])
    must(await decide(world.ben, [await lineOf(id, 'lease')], 'remove'))
    await world.drain()
    expect((await page(world.ben, id))?.lines[0]).toMatchObject({
      status: 'removed',
      decision: { late: true },
    })
    await world.advance('7d 1m')
    expect(await review(id)).toMatchObject({ state: 'closed' })
    expect((await page(world.ben, id))?.counts).toMatchObject({ removed: 1, missed: 1 })
    expect(world.holders()).toEqual([old])
  })

  it('reminds each reviewer who has lines left, once for all of them, and nobody else', async () => {
    const jun = await world.person('Jun Sato')
    const id = await start({ reviewers: 'people', reviewerIds: [world.ben.id, jun.id] })
    await world.drain()
    expect(await mails('access-review')).toHaveLength(2)
    await world.advance('2d 1m')
    expect(await mails('access-review')).toHaveLength(4)
    must(await decide(jun, await lines(id), 'keep'))
    await world.advance('1d')
    expect(await mails('access-review')).toHaveLength(4)
    await world.advance('1d')
    expect((await page(world.ben, id))?.counts).toMatchObject({ kept: 2, missed: 0 })
  })

  it('a decision and the date at once: one of them holds', async () => {
    const id = await start({ consequence: 'revoke' })
    const line = await lineOf(id, 'lease')
    await world.db
      .update(schema.accessReview)
      .set({ dueAt: plus(await readNow(world.db), 0.05) })
      .where(eq(schema.accessReview.id, id))
    await world.db
      .update(schema.work)
      .set({ dueAt: new Date(0) })
      .where(eq(schema.work.kind, 'review_due'))
    const [decided] = await Promise.all([decide(world.ben, [line], 'keep'), world.drain()])
    await world.advance('1m')
    const kept = decided.ok && decided.value.decided === 1
    expect((await world.grant(grantId)).state).toBe(kept ? 'active' : 'ended')
    expect(await lineOf(id, 'lease')).toMatchObject({ decision: kept ? 'keep' : null })
  })
})

it('an order to remove never becomes a right by the first reading', async () => {
  const id = await start()
  const { entitlement } = schema
  await world.db.update(entitlement).set({ holdersAt: null }).where(eq(entitlement.id, world.entitlementId))
  must(await decide(world.ben, [await lineOf(id, 'standing')], 'remove'))
  must(await readHolders(world.as(world.ben), { applicationId: world.applicationId }))
  expect(await world.db.query.standing.findMany()).toEqual([])
  await world.drain()
  expect(world.holders()).toEqual([world.anaAccount])
})

it('calls off: nothing more is decided, and nothing happens at the date', async () => {
  const id = await start({ consequence: 'revoke' })
  expect(await callOffReview(world.as(world.ana), { reviewId: id, reason: 'x' })).toMatchObject({
    code: 'forbidden',
  })
  must(await callOffReview(world.as(world.ben), { reviewId: id, reason: 'Started too early' }))
  expect(await callOffReview(world.as(world.ben), { reviewId: id, reason: 'x' })).toMatchObject({
    code: 'conflict',
  })
  expect(must(await decide(world.ben, [await lineOf(id, 'standing')], 'remove')).refused).toMatchObject([
    { message: 'This access review was called off' },
  ])
  await world.advance('4d 1m')
  expect(await review(id)).toMatchObject({ state: 'called_off' })
  expect((await lineOf(id, 'standing')).missedAt).toBeNull()
  expect(await world.verbs(id)).toEqual(['review_started', 'review_called_off'])
})

it('exports every line for the auditor, and what could not be decided', async () => {
  const id = await start()
  must(await decide(world.ben, [await lineOf(id, 'lease')], 'keep', { reason: '=needs it' }))
  const auditor = await world.person('Aud Itor', { auditor: true })
  const out = await exportReview(world.as(auditor), id, await readNow(world.db))
  expect(out?.rows).toMatchObject([
    { kind: 'lease', person: 'Ana Oliveira', status: 'kept', reason: '=needs it', decided_by: 'Ben Okafor' },
    { kind: 'standing', account: 'old@halden.example', status: 'open', reviewers: 'Ben Okafor' },
  ])
  expect(await exportReview(world.as(world.ana), id, await readNow(world.db))).toBeNull()
})
