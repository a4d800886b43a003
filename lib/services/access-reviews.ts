import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { AccessReviewPlan, ReviewerShare } from '@/lib/access-review-views'
import { missedWords } from '@/lib/access-review-words'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import {
  dueProblem,
  type MissedConsequence,
  nextReminder,
  type ReviewerRule,
} from '@/lib/domain/access-review'
import { authorize, NO_SUCH_THING } from '@/lib/domain/authorize'
import { ok, type Refusal, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { type LinePlace, reviewBook } from './access-review-book'
import { type Found, findLines, MOST_LINES } from './access-review-lines'
import type { At } from './apply'
import { change, inLine } from './change'
import type { ReviewRow } from './changes'
import { ownersOf } from './facts'
import { reasonSchema } from './reason'
import { arm, owe } from './save'

/** What an access review is started with. */
export interface StartReviewInput {
  readonly applicationId: string
  readonly name: string
  readonly instructions: string
  readonly reviewers: ReviewerRule
  /** Where people are named: who. */
  readonly reviewerIds: readonly string[]
  readonly consequence: MissedConsequence
  readonly dueAt: Date
  /** Narrowed to these; everything of the application where none is named. */
  readonly entitlementIds: readonly string[]
}

export const callOffReviewInput = z.object({
  reviewId: z.uuid(),
  reason: reasonSchema.min(1, 'Say why; it stays with the record'),
})

const stop = (refusal: Refusal): never => {
  throw new RefusalError(refusal)
}

/** Looks at everything that can be said before anything is read in the target. */
async function checkStart(ctx: Ctx, input: StartReviewInput): Promise<Result<{ application: string }>> {
  const application = await ctx.db.query.application.findFirst({
    where: eq(schema.application.id, input.applicationId),
  })
  const ownerIds = await ownersOf(ctx.db, input.applicationId)
  const refused = authorize(ctx.actor, 'access_review.start', { ownerIds })
  if (refused) return refused
  if (!application) return refuse('not_found', NO_SUCH_THING)
  if (application.archivedAt) return refuse('unavailable', `${application.name} is archived`)
  const due = dueProblem(input.dueAt, await readNow(ctx.db))
  if (due) return due
  const named = await namedProblem(ctx.db, input)
  return named ?? ok({ application: application.name })
}

async function namedProblem(db: Reader, input: StartReviewInput): Promise<Refusal | null> {
  if (input.reviewers !== 'people') return null
  const ids = [...new Set(input.reviewerIds)]
  if (ids.length === 0) return refuse('invalid', 'Name who reviews', 'reviewerIds')
  const { person } = schema
  const active = await db.$count(person, and(inArray(person.id, ids), isNull(person.deactivatedAt)))
  return active === ids.length
    ? null
    : refuse('invalid', 'Somebody of these is deactivated. Choose again', 'reviewerIds')
}

const named = (input: StartReviewInput) =>
  input.reviewers === 'people' ? [...new Set(input.reviewerIds)] : []

/** What would be in it, or why it cannot be started with that. */
async function found(ctx: Ctx, input: StartReviewInput): Promise<Result<Found>> {
  const all = await findLines(ctx.db, input.applicationId, input.entitlementIds)
  if (all.lines.length > MOST_LINES)
    return refuse(
      'limit',
      `That would be ${all.lines.length} lines, and ${MOST_LINES} are the most. Narrow it to some entitlements`,
      'entitlementIds',
    )
  return ok(all)
}

const placesOf = (input: StartReviewInput, { lines }: Pick<Found, 'lines'>): LinePlace[] =>
  lines.map(({ personId, account }) => ({
    applicationId: input.applicationId,
    rule: input.reviewers,
    reviewerIds: named(input),
    escalated: false,
    personId,
    account,
  }))

/** What an access review would be, from what the target says now. Nothing is changed. Owners and admins. */
export async function previewReview(ctx: Ctx, input: StartReviewInput): Promise<Result<AccessReviewPlan>> {
  const checked = await checkStart(ctx, input)
  if (!checked.ok) return checked
  const all = await found(ctx, input)
  if (!all.ok) return all
  const { lines, gaps, leftOut } = all.value
  const leases = lines.filter((line) => line.grantId !== null).length
  return ok({
    leases,
    standing: lines.length - leases,
    shares: await sharesOf(ctx.db, placesOf(input, all.value)),
    gaps,
    leftOut,
    sentences: [
      'Every reviewer gets one mail now, and one or two reminders while lines are left. Nothing changes by the start.',
      'What is decided to be removed is removed at once: a lease is revoked, standing access is taken out of the target and looked at until it is seen gone.',
      missedWords[input.consequence],
    ],
  })
}

async function sharesOf(db: Reader, places: readonly LinePlace[]): Promise<ReviewerShare[]> {
  const book = await reviewBook(db, places)
  const shares = new Map<string, { names: string[]; lines: number; as: ReviewerShare['as'] }>()
  for (const place of places) {
    const { ids, as } = book.reviewers(place)
    const key = `${as}:${ids.join()}`
    const share = shares.get(key) ?? { names: ids.map(book.name), lines: 0, as }
    share.lines++
    shares.set(key, share)
  }
  return [...shares.values()].sort((a, b) => b.lines - a.lines)
}

/**
 * Starts an access review: everything that stands on the application now, one line each, and every reviewer is told
 * once. What comes later is not in it. One at a time for an application. Owners and admins.
 */
export async function startReview(
  ctx: Ctx,
  input: StartReviewInput,
): Promise<Result<{ reviewId: string; lines: number }>> {
  const checked = await checkStart(ctx, input)
  if (!checked.ok) return checked
  const all = await found(ctx, input)
  if (!all.ok) return all
  const { lines, gaps, leftOut } = all.value
  if (lines.length === 0) return refuse('conflict', 'There is nothing to review: nobody holds anything there')
  const id = newId()
  return change(ctx, {
    gate: 'access_review.start',
    subject: { type: 'access_review', id },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, input.applicationId) }),
    async run(tx, at) {
      if (at.actor.kind !== 'person') return stop(refuse('forbidden', 'Only people start an access review'))
      const due = dueProblem(input.dueAt, at.now)
      if (due) stop(due)
      await onlyOne(tx, input.applicationId, checked.value.application)
      const { accessReview, accessReviewLine } = schema
      await tx.insert(accessReview).values({
        id,
        name: input.name,
        instructions: input.instructions || null,
        applicationId: input.applicationId,
        reviewers: input.reviewers,
        reviewerIds: named(input),
        consequence: input.consequence,
        startedBy: at.actor.id,
        startedAt: at.now,
        dueAt: input.dueAt,
        gaps,
        leftOut,
      })
      const rows = lines.map(({ entitlement: _name, ...line }) => ({
        ...line,
        id: newId(),
        accessReviewId: id,
      }))
      for (let i = 0; i < rows.length; i += 500)
        await tx.insert(accessReviewLine).values(rows.slice(i, i + 500))
      await askReviewers(tx, at, { id, places: placesOf(input, all.value), why: 'asked' })
      await armReview(tx, at, { id, from: at.now, until: input.dueAt })
      return {
        result: { reviewId: id, lines: lines.length },
        entry: {
          verb: 'review_started',
          data: {
            name: input.name,
            application: checked.value.application,
            lines: lines.length,
            reviewers: input.reviewers,
            consequence: input.consequence,
            dueAt: input.dueAt,
            gaps: gaps.length,
          },
        },
      }
    },
  })
}

/** Two that start at once stand in a line here, so that the second is told why. */
async function onlyOne(tx: Tx, applicationId: string, application: string): Promise<void> {
  await inLine(tx, 'application', applicationId)
  const running = await tx.query.accessReview.findFirst({
    where: and(
      eq(schema.accessReview.applicationId, applicationId),
      inArray(schema.accessReview.state, ['open', 'escalated']),
    ),
  })
  if (running)
    stop(
      refuse('conflict', `“${running.name}” is running on ${application} already. One at a time is the most`),
    )
}

/** Owes one mail to everybody who has lines left, however many. Returns who they are. */
export async function askReviewers(
  tx: Tx,
  at: At,
  { id, places, why }: { id: string; places: readonly LinePlace[]; why: 'asked' | 'reminder' | 'escalated' },
): Promise<string[]> {
  const book = await reviewBook(tx, places)
  const people = [...new Set(places.flatMap((place) => book.reviewers(place).ids))]
  for (const personId of people)
    await owe(
      tx,
      {
        occasion: `access-review:${id}:${why === 'reminder' ? at.now.toISOString() : why}`,
        kind: 'access-review',
        personId,
        data: { reviewId: id, why },
      },
      at.now,
    )
  return people
}

/** Arms what happens at the date, and the next reminder before it. */
export async function armReview(
  tx: Tx,
  at: At,
  { id, from, until }: { id: string; from: Date; until: Date },
): Promise<void> {
  const subject = { subjectType: 'access_review', subjectId: id } as const
  await arm(tx, { ...subject, order: { kind: 'review_due', dueAt: until } }, at.now)
  const next = nextReminder(from, until, at.now)
  const order = next
    ? ({ kind: 'review_remind', dueAt: next } as const)
    : ({ kind: 'review_remind', cancel: true } as const)
  await arm(tx, { ...subject, order }, at.now)
}

/** Calls a running review off, with a reason: nothing more is decided or happens. What was removed stays so. */
export async function callOffReview(
  ctx: Ctx,
  { reviewId, reason }: z.output<typeof callOffReviewInput>,
): Promise<Result<null>> {
  const row = await reviewOf(ctx.db, reviewId)
  if (!row) return refuse('not_found', NO_SUCH_THING)
  return change(ctx, {
    gate: 'access_review.stop',
    subject: { type: 'access_review', id: reviewId },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, row.applicationId) }),
    async run(tx, at) {
      const now = await reviewOf(tx, reviewId)
      if (now?.state !== 'open' && now?.state !== 'escalated')
        stop(refuse('conflict', 'This access review is over already'))
      await tx
        .update(schema.accessReview)
        .set({ state: 'called_off', closedAt: at.now })
        .where(eq(schema.accessReview.id, reviewId))
      for (const kind of ['review_due', 'review_remind'] as const)
        await arm(
          tx,
          { subjectType: 'access_review', subjectId: reviewId, order: { kind, cancel: true } },
          at.now,
        )
      return { result: null, entry: { verb: 'review_called_off', data: { name: row.name, note: reason } } }
    },
  })
}

/** One access review; undefined where there is none. */
export function reviewOf(db: Reader, id: string): Promise<ReviewRow | undefined> {
  return db.query.accessReview.findFirst({ where: eq(schema.accessReview.id, id) })
}

/** Who is asked about a line of a stored review. */
export function placeOfLine(
  review: Pick<ReviewRow, 'applicationId' | 'reviewers' | 'reviewerIds' | 'state'>,
  line: { personId: string | null; account: { email?: string } | null },
): LinePlace & { rule: ReviewerRule } {
  return {
    applicationId: review.applicationId,
    rule: review.reviewers,
    reviewerIds: review.reviewerIds,
    escalated: review.state === 'escalated',
    personId: line.personId,
    account: line.account,
  }
}
