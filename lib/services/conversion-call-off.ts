import 'server-only'
import { z } from 'zod'
import type { Ctx } from '@/lib/context'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { decideGrant } from '@/lib/domain/grant'
import { apply, type Verb } from './apply'
import { calledOffMails } from './conversion-mails'
import type { LoadedGrant } from './facts'
import { onGrant, stepGrant } from './grants'

export const callOffInput = z.object({
  grantIds: z.array(z.uuid()).min(1, 'Choose what is called off').max(200, 'At most 200 at once'),
  reason: z.string().trim().max(2000, 'At most 2,000 characters').default(''),
})
export type CallOffInput = z.output<typeof callOffInput>

const callOff: Verb<{ grantId: string; reason: string }, LoadedGrant, null> = {
  gate: 'grants.convert',
  ...onGrant,
  decide(f, { reason }, at) {
    if (!f.row.converts || f.row.state !== 'scheduled')
      return refuse(
        'conflict',
        'It has begun, or was called off already. A lease that runs is revoked instead',
      )
    const decided = decideGrant(
      f.row,
      { type: 'end', reason: 'withdrawn', note: reason || null },
      at.now,
      f.target,
    )
    if (!decided.ok) return decided
    return ok({ result: null, ...stepGrant(f, decided.value, at), mails: calledOffMails(f, at, reason) })
  },
}

/**
 * Calls planned conversions off, each on its own: what was held for good stays so, and the person is told. How many
 * were called off; the first refusal where it was none. Owners and admins, until it begins.
 */
export async function callOffConversions(ctx: Ctx, input: CallOffInput): Promise<Result<{ count: number }>> {
  let count = 0
  let refused: Result<null> | null = null
  for (const grantId of input.grantIds) {
    const one = await apply(ctx, callOff, { grantId, reason: input.reason })
    if (one.ok) count++
    else refused ??= one
  }
  return refused && !refused.ok && count === 0 ? refused : ok({ count })
}
