import 'server-only'
import { z } from 'zod'
import type { Ctx } from '@/lib/context'
import { ok, type Result } from '@/lib/domain/errors'
import type { ActOutcome } from '@/lib/grant-views'
import { revokeGrants } from './grants'
import { reasonSchema } from './reason'

/** No more at once than can be told one by one, and be answered before the browser gives up. */
export const MOST_AT_ONCE = 100

export const revokeManyInput = z.object({
  grantIds: z
    .array(z.guid())
    .min(1, 'Select at least one grant')
    .max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} grants at once`),
  reason: reasonSchema.min(1, 'Say why; the holders are told'),
})
export type RevokeManyInput = z.infer<typeof revokeManyInput>

/** Revokes several grants with one reason, each on its own, and tells what became of each. */
export async function revokeMany(ctx: Ctx, input: RevokeManyInput): Promise<Result<ActOutcome[]>> {
  const outcome = await revokeGrants(ctx, [...new Set(input.grantIds)], input.reason)
  return ok(outcome.map(({ grantId, result }) => ({ grantId, refused: result.ok ? null : result.message })))
}
