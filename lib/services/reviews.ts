import 'server-only'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { type ReviewVerdict, reviewEvidence, reviewVerdicts } from '@/lib/review-words'
import { apply, type Verb } from './apply'
import type { GrantRow, TaskRow } from './changes'
import { accountsOf, ownersOf } from './facts'
import { taskLocks } from './tasks'

export const completeReviewInput = z.object({
  taskId: z.uuid(),
  verdict: z.enum(reviewVerdicts, { error: 'Say whether it was justified' }),
  /** What was looked at, and what follows from it; kept as the proof. */
  evidence: z
    .string()
    .trim()
    .min(1, 'Say what you looked at and what you found')
    .max(1900, 'At most 1,900 characters'),
  /** The task's version that the reviewer looked at. */
  version: z.number().int().positive(),
})
export type CompleteReviewInput = z.infer<typeof completeReviewInput>

interface ReviewFacts {
  readonly task: TaskRow
  readonly grant: GrantRow
  readonly ownIds: readonly string[]
  readonly ownerIds: readonly string[]
}

async function loadReview(db: Reader, taskId: string): Promise<ReviewFacts | null> {
  const task = await db.query.task.findFirst({ where: eq(schema.task.id, taskId) })
  const grant = task && (await db.query.grant.findFirst({ where: eq(schema.grant.id, task.grantId) }))
  if (!task || !grant) return null
  // Emergency access is for oneself only: who holds it is who asked.
  const ownIds = await accountsOf(db, grant.personId)
  return { task, grant, ownIds, ownerIds: await ownersOf(db, grant.applicationId) }
}

const review: Verb<CompleteReviewInput, ReviewFacts, { verdict: ReviewVerdict }> = {
  gate: 'review.complete',
  locks: taskLocks,
  load: (tx, { taskId }) => loadReview(tx, taskId),
  facts: (f) => ({ beneficiaryId: f.grant.personId, ownIds: f.ownIds, ownerIds: f.ownerIds }),
  decide({ task, grant }, input, at) {
    if (task.kind !== 'review')
      return refuse('conflict', 'This is a task that people do by hand, not a review')
    if (task.state !== 'open') return refuse('conflict', 'This was reviewed already')
    if (input.version !== task.version)
      return refuse('stale', 'This review changed after you opened it. Look again')
    const { verdict, evidence } = input
    const data = { kind: 'review', grantId: grant.id, verdict, evidence }
    return ok({
      result: { verdict },
      tasks: [
        {
          row: task,
          set: {
            state: 'done',
            evidence: reviewEvidence(verdict, evidence),
            doneBy: at.actor.kind === 'person' ? at.actor.id : null,
            doneAt: at.now,
          },
          entry: { verb: 'task_done', data },
        },
      ],
    })
  },
}

/**
 * Says whether an emergency access was justified; until then its holder may take no other. By an owner of the
 * application or an admin, never by the holder. The grant itself stays as it is, whatever the verdict.
 */
export function completeReview(
  ctx: Ctx,
  input: CompleteReviewInput,
): Promise<Result<{ verdict: ReviewVerdict }>> {
  return apply(ctx, review, input)
}
