import 'server-only'
import { z } from 'zod'
import type { Ctx } from '@/lib/context'
import { ok, type Result } from '@/lib/domain/errors'
import type { ActOutcome } from '@/lib/grant-views'
import { askExtensionInput, askForExtension } from './extension-requests'
import { MOST_AT_ONCE } from './revoke-many'

export const extendManyInput = askExtensionInput.omit({ grantId: true }).extend({
  grantIds: z
    .array(z.guid())
    .min(1, 'Select at least one grant')
    .max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} grants at once`),
})
export type ExtendManyInput = z.infer<typeof extendManyInput>

/** Asks for the same more time on several grants, each a request of its own, and tells what became of each. */
export async function extendMany(ctx: Ctx, input: ExtendManyInput): Promise<Result<ActOutcome[]>> {
  const { grantIds, ...rest } = input
  const outcome: ActOutcome[] = []
  for (const grantId of new Set(grantIds)) {
    const result = await askForExtension(ctx, { ...rest, grantId })
    outcome.push({ grantId, refused: result.ok ? null : result.message })
  }
  return ok(outcome)
}
