import 'server-only'
import { and, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { decideGrant } from '@/lib/domain/grant'
import { apply, type Verb } from './apply'
import { type LoadedGrant, loadGrant } from './facts'
import { onGrant, stepGrant } from './grants'
import { reasonSchema } from './reason'

export const giveAgainInput = z.object({ grantId: z.uuid(), reason: reasonSchema.default('') })
export type GiveAgainInput = z.infer<typeof giveAgainInput>

interface Facts extends LoadedGrant {
  /** The open finding that the target does not show it. */
  readonly missingId: string | null
}

const verb: Verb<GiveAgainInput, Facts, { grantId: string }> = {
  gate: 'grant.give_again',
  locks: onGrant.locks,
  async load(tx: Tx, { grantId }, now) {
    const f = await loadGrant(tx, grantId, now)
    return f && { ...f, missingId: (await missingOf(tx, grantId))?.id ?? null }
  },
  facts: onGrant.facts,
  decide(f, input, at) {
    if (!f.missingId) return refuse('conflict', 'Nobody has found it missing')
    if (f.application.archivedAt || f.entitlement.closedAt)
      return refuse('unavailable', `${f.entitlement.name} cannot be given any more`)
    if (f.row.converts)
      return refuse('conflict', 'It was held before and turned into a lease. Ask for it anew')
    const decided = decideGrant(f.row, { type: 'give_again', note: input.reason || null }, at.now, f.target)
    if (!decided.ok) return decided
    const changes = stepGrant(f, decided.value, at)
    return ok({
      result: { grantId: f.row.id },
      ...changes,
      // A new change, not a repeat of the first: a target that remembers operations must not answer from memory.
      work: changes.work.map((item) =>
        item.order.kind === 'give' ? { ...item, memo: { round: f.row.version } } : item,
      ),
      settled: [
        {
          id: f.missingId,
          set: {
            closedAt: at.now,
            closedAs: 'given_again' as const,
            closedBy: at.actor.kind === 'person' ? at.actor.id : null,
            reason: input.reason || null,
          },
        },
      ],
    })
  },
}

/** The open finding that a grant is missing in its target. */
export function missingOf(db: Reader, grantId: string) {
  const { finding } = schema
  return db.query.finding.findFirst({
    where: and(eq(finding.grantId, grantId), eq(finding.kind, 'missing_holder'), isNull(finding.closedAt)),
  })
}

/**
 * Gives an access again that somebody else took in the target while its lease runs, for the time that is left. The
 * end does not move, and nobody is asked again. By its holder, an owner or an admin; never by itself.
 */
export function giveAgain(ctx: Ctx, input: GiveAgainInput): Promise<Result<{ grantId: string }>> {
  return apply(ctx, verb, input)
}
