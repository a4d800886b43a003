import 'server-only'
import { and, eq, ne } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { decideRequest } from '@/lib/domain/request'
import { apply, type Verb } from './apply'
import { onRequest } from './decisions'
import { type DecideFacts, type Outcome, outcome } from './outcome'

const lapse: Verb<{ requestId: string }, DecideFacts, Outcome> = {
  ...onRequest,
  // Not `request.lapse`, which is nobody's: this is a part of publishing or archiving a policy.
  gate: 'policy.edit',
  decide(f, _input, at) {
    const why = 'policy_changed'
    const decided = decideRequest(f.facts, { type: 'lapse', why }, at.now, f.floorSeconds)
    return decided.ok ? outcome(f, decided.value, at, { why }) : decided
  },
}

/**
 * Ends the pending requests that a policy's present version does not judge; whoever asked is told, and asks anew.
 * Each is a transaction of its own: one that is decided in the same moment stays decided.
 * @returns how many lapsed
 */
export async function lapseOutdated(ctx: Ctx, policyId: string): Promise<number> {
  let lapsed = 0
  for (const requestId of await outdatedRequests(ctx.db, policyId)) {
    const result = await apply(ctx, lapse, { requestId })
    if (result.ok) lapsed++
  }
  return lapsed
}

/**
 * Pending requests for a new grant that pin another version than the one in force; all of them where the policy is
 * archived. A request for more time goes by the version its grant was given under, whatever is published, and is none.
 */
async function outdatedRequests(db: Reader, policyId: string): Promise<string[]> {
  const { policy, policyVersion, request } = schema
  const row = await db.query.policy.findFirst({ where: eq(policy.id, policyId) })
  const inForce = row && !row.archivedAt ? row.currentVersionId : null
  const found = await db
    .select({ id: request.id })
    .from(request)
    .innerJoin(policyVersion, eq(policyVersion.id, request.policyVersionId))
    .where(
      and(
        eq(policyVersion.policyId, policyId),
        eq(request.state, 'pending'),
        eq(request.kind, 'grant'),
        inForce ? ne(request.policyVersionId, inForce) : undefined,
      ),
    )
    .orderBy(request.askedAt, request.id)
  return found.map((r) => r.id)
}
