import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import type { Verdict } from '@/lib/domain/request'
import { decideOnRequest } from './decisions'

/** What became of a bulk decision: how many were decided, and which were not, with the reason. */
export interface BulkDecision {
  readonly decided: number
  readonly refused: readonly { readonly requestId: string; readonly message: string }[]
}

/**
 * Gives several requests the same answer, each on its own: one refusal does not keep the others. High risk is
 * decided one by one, so a list that holds any is refused as a whole.
 */
export async function decideOnRequests(
  ctx: Ctx,
  input: {
    picked: readonly { requestId: string; version: number }[]
    verdict: Verdict
    note: string | null
  },
): Promise<Result<BulkDecision>> {
  const { verdict, note } = input
  if (verdict === 'deny' && !note)
    return refuse('invalid', 'Say why, so that they know what to change', 'note')
  const { request, entitlement } = schema
  const risky = await ctx.db
    .select({ name: entitlement.name })
    .from(request)
    .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
    .where(
      and(
        inArray(
          request.id,
          input.picked.map((p) => p.requestId),
        ),
        eq(entitlement.risk, 'high'),
      ),
    )
    .limit(1)
  if (risky[0])
    return refuse('invalid', `${risky[0].name} is high risk and decided one by one; nothing was decided`)
  const refused: { requestId: string; message: string }[] = []
  for (const { requestId, version } of input.picked) {
    const answer = await decideOnRequest(ctx, { requestId, version, verdict, note })
    if (!answer.ok) refused.push({ requestId, message: answer.message })
  }
  return ok({ decided: input.picked.length - refused.length, refused })
}
