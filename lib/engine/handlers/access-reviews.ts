import 'server-only'
import { closeReview, remindOfReview, revokeMissed } from '@/lib/services/access-review-due'
import type { Engine } from '../engine'
import { type Claim, done, held, redate, retryLater } from '../work'

/** Reminds reviewers who have lines left; what it arms next takes the place of this item. */
export async function reviewRemind(engine: Engine, claim: Claim): Promise<void> {
  const reminded = await remindOfReview(engine.ctx, claim.subjectId)
  if (!reminded.ok) return retryLater(engine.db, claim, 1000, { error: reminded.message })
  await done(engine.db, claim)
}

/**
 * The date of an access review, or the end of its second round. The item stays until everything that the review says
 * of missed lines has happened, so that a try that was cut short goes on where it stopped.
 */
export async function reviewDue(engine: Engine, claim: Claim): Promise<void> {
  const closed = await closeReview(
    engine.ctx,
    claim.subjectId,
    async (tx) => (await tx.query.work.findFirst({ where: held(claim) })) !== undefined,
  )
  if (!closed.ok) {
    if (closed.code === 'not_found') return
    return retryLater(engine.db, claim, 1000, { error: closed.message })
  }
  const { dueAt } = closed.value
  if (dueAt) return redate(engine.db, claim, dueAt)
  if (!(await revokeMissed(engine.ctx, claim.subjectId)))
    return retryLater(engine.db, claim, 1000, { error: 'Some leases could not be revoked yet' })
  await done(engine.db, claim)
}
