import 'server-only'
import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { atDue, decideUntil, lineStatus } from '@/lib/domain/access-review'
import { ok, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { type LoadedLine, loadLines } from './access-review-facts'
import { armReview, askReviewers, placeOfLine, reviewOf } from './access-reviews'
import { type At, apply, type Verb } from './apply'
import { change } from './change'
import type { Entry, ReviewRow } from './changes'
import { adminsOf, type LoadedGrant, loadGrant, ownersOf } from './facts'
import { endStep, grantLocks } from './grants'
import { arm, owe } from './save'

const isRunning = ({ state }: ReviewRow) => state === 'open' || state === 'escalated'

/** Under its claim: whoever re-dated the work has taken it away. */
type Mine = (tx: Tx) => Promise<boolean>

const gone = () => new RefusalError(refuse('not_found', 'The claim is lost'))

/** Reminds everybody who has lines left, once each, and arms the next reminder. Called by the engine. */
export function remindOfReview(ctx: Ctx, reviewId: string): Promise<Result<null>> {
  return change(ctx, {
    gate: 'access_review.close',
    subject: { type: 'access_review', id: reviewId },
    async run(tx, at) {
      const review = await reviewOf(tx, reviewId)
      if (!review || !isRunning(review) || at.now >= decideUntil(review)) return { result: null, entry: null }
      const open = (await loadLines(tx, { reviewIds: [reviewId] })).filter(isUndecided)
      const places = open.map(({ row }) => placeOfLine(review, row))
      const personIds = await askReviewers(tx, at, { id: reviewId, places, why: 'reminder' })
      await armReview(tx, at, {
        id: reviewId,
        from: review.escalatedAt ?? review.startedAt,
        until: decideUntil(review),
      })
      return {
        result: null,
        entry: personIds.length > 0 ? { verb: 'reminded', data: { personIds, lines: open.length } } : null,
      }
    },
  })
}

/** Waits for a decision, in the first round or in the second. */
const isUndecided = (line: LoadedLine) => ['open', 'missed'].includes(lineStatus(line))

/**
 * What happens at the date: lines that nobody decided are missed, and the review closes or goes to the owners and
 * admins, as it says. Answers what is to be revoked now, also where an earlier try was cut short.
 */
export async function closeReview(
  ctx: Ctx,
  reviewId: string,
  mine: Mine,
): Promise<Result<{ dueAt: Date | null }>> {
  return change(ctx, {
    gate: 'access_review.close',
    subject: { type: 'access_review', id: reviewId },
    async run(tx, at): Promise<{ result: { dueAt: Date | null }; entry: Entry | null }> {
      if (!(await mine(tx))) throw gone()
      const review = await reviewOf(tx, reviewId)
      if (!review || !isRunning(review)) return { result: { dueAt: null }, entry: null }
      const lines = await loadLines(tx, { reviewIds: [reviewId] })
      const due = atDue(review, lines, at.now)
      if (!due) return { result: { dueAt: decideUntil(review) }, entry: null }
      const { accessReview, accessReviewLine } = schema
      const unmissed = new Set(due.missed)
      for (const { id, missedAt } of lines) {
        const set = unmissed.has(id)
          ? missedAt
            ? null
            : { missedAt: at.now }
          : due.over.includes(id)
            ? { overAt: at.now }
            : null
        if (set) await tx.update(accessReviewLine).set(set).where(eq(accessReviewLine.id, id))
      }
      const escalated = due.state === 'escalated'
      await tx
        .update(accessReview)
        .set({
          state: due.state,
          escalatedUntil: due.escalatedUntil,
          ...(escalated ? { escalatedAt: at.now } : { closedAt: at.now }),
        })
        .where(eq(accessReview.id, reviewId))
      const counts = {
        kept: lines.filter((line) => line.decision === 'keep').length,
        removed: lines.filter((line) => line.decision === 'remove').length,
        missed: due.missed.length,
        over: due.over.length,
        revoking: due.revoke.length,
      }
      if (escalated && due.escalatedUntil) {
        const places = lines
          .filter(({ id }) => unmissed.has(id))
          .map(({ row }) => placeOfLine({ ...review, state: 'escalated' }, row))
        await askReviewers(tx, at, { id: reviewId, places, why: 'escalated' })
        await armReview(tx, at, { id: reviewId, from: at.now, until: due.escalatedUntil })
        return {
          result: { dueAt: due.escalatedUntil },
          entry: { verb: 'review_escalated', data: { ...counts, until: due.escalatedUntil } },
        }
      }
      const order = { kind: 'review_remind', cancel: true } as const
      await arm(tx, { subjectType: 'access_review', subjectId: reviewId, order }, at.now)
      await tellOfEnd(tx, at, review)
      return { result: { dueAt: null }, entry: { verb: 'review_closed', data: counts } }
    },
  })
}

/** To whoever started it, and the owners, else the admins: what was kept, removed and missed. */
async function tellOfEnd(tx: Tx, at: At, review: ReviewRow): Promise<void> {
  const owners = await ownersOf(tx, review.applicationId)
  const told = new Set([review.startedBy, ...(owners.length > 0 ? owners : await adminsOf(tx))])
  for (const personId of told)
    await owe(
      tx,
      {
        occasion: `access-review-closed:${review.id}`,
        kind: 'access-review-closed',
        personId,
        data: { reviewId: review.id },
      },
      at.now,
    )
}

/**
 * Revokes the leases that a closed review takes because nobody decided on them, each on its own. True when none is
 * left; what ended meanwhile by itself is noted as that.
 */
export async function revokeMissed(ctx: Ctx, reviewId: string): Promise<boolean> {
  const { accessReviewLine: line } = schema
  const review = await reviewOf(ctx.db, reviewId)
  if (review?.state !== 'closed' || review.consequence !== 'revoke') return true
  const missed = await ctx.db.query.accessReviewLine.findMany({
    where: and(
      eq(line.accessReviewId, reviewId),
      isNotNull(line.missedAt),
      isNotNull(line.grantId),
      isNull(line.decision),
      isNull(line.revokedAt),
      isNull(line.revokeProblem),
    ),
    orderBy: line.id,
  })
  const reason = `Nobody decided on it in the access review “${review.name}” until its date`
  let left = 0
  for (const { id, grantId } of missed) {
    if (!grantId) continue
    const revoked = await apply(ctx, takeMissed, { lineId: id, grantId, reason })
    if (!revoked.ok) left++
  }
  return left === 0
}

interface MissedFacts {
  readonly line: LoadedLine
  readonly lease: LoadedGrant
}

/** Revokes one missed lease and notes it on its line, in one breath: a try that was cut short did neither. */
const takeMissed: Verb<{ lineId: string; grantId: string; reason: string }, MissedFacts, null> = {
  gate: 'access_review.close',
  locks: grantLocks,
  async load(tx, { lineId, grantId }, now) {
    const [line] = await loadLines(tx, { lineId })
    const lease = await loadGrant(tx, grantId, now)
    return line && lease ? { line, lease } : null
  },
  facts: () => ({}),
  decide({ line: { row }, lease }, { reason }, at) {
    if (row.revokedAt || row.revokeProblem) return ok({ result: null })
    const step = endStep(lease, 'revoked', reason, at)
    if (!step.ok) return ok({ result: null, reviewLines: [{ row, set: { revokeProblem: step.message } }] })
    return ok({ ...step.value, result: null, reviewLines: [{ row, set: { revokedAt: at.now } }] })
  },
}
