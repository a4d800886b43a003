import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import type { GateVerb } from '@/lib/domain/authorize'
import { ok, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { NamedOutcome } from '@/lib/grant-views'
import { change } from './change'
import { ownersOf } from './facts'
import { revokeGrants } from './grants'
import { reasonSchema } from './reason'

/** So many are begun in one go; the rest is said, and taken by doing it again. */
export const TAKEN_AT_ONCE = 500

export const takeEverythingInput = z.object({
  /** From a person, or on an application. */
  scope: z.enum(['person', 'application']),
  id: z.uuid(),
  reason: reasonSchema.min(1, 'Say why; the holders are told'),
})
export type TakeEverythingInput = z.infer<typeof takeEverythingInput>

/** What became of each, and how many are left for the next time. */
export interface TakenBack {
  readonly outcome: NamedOutcome[]
  readonly left: number
}

const gates: Record<TakeEverythingInput['scope'], GateVerb> = {
  person: 'person.take_back',
  application: 'application.take_back',
}

/**
 * Takes back everything that a person holds, or that is held on an application, and calls off what is agreed for
 * later. First it is put on record what is done, by whom and why; then each grant is revoked in a transaction of its
 * own, with its own work item, so that one refusal keeps nothing else.
 */
export async function takeEverythingBack(
  ctx: Ctx,
  { scope, id, reason }: TakeEverythingInput,
): Promise<Result<TakenBack>> {
  const begun = await change(ctx, {
    gate: gates[scope],
    subject: { type: scope, id },
    facts: async (tx) => (scope === 'application' ? { ownerIds: await ownersOf(tx, id) } : {}),
    async run(tx) {
      const name = await nameOf(tx, scope, id)
      if (name === null)
        throw new RefusalError(refuse('not_found', `There is no such ${scope}, or not any more`))
      const live = await liveGrants(tx, scope, id)
      if (live.length === 0) throw new RefusalError(refuse('conflict', 'There is nothing left to take back'))
      return {
        result: live,
        entry: { verb: 'taken_back', data: { name, count: live.length, note: reason } },
      }
    },
  })
  if (!begun.ok) return begun
  const now = begun.value.slice(0, TAKEN_AT_ONCE)
  const outcome = await revokeGrants(
    ctx,
    now.map((one) => one.grantId),
    reason,
  )
  const refused = new Map(outcome.map(({ grantId, result }) => [grantId, result.ok ? null : result.message]))
  return ok({
    outcome: now.map((one) => ({ ...one, refused: refused.get(one.grantId) ?? null })),
    left: begun.value.length - now.length,
  })
}

async function nameOf(db: Reader, scope: TakeEverythingInput['scope'], id: string): Promise<string | null> {
  const table = scope === 'person' ? schema.person : schema.application
  const [row] = await db.select({ name: table.name }).from(table).where(eq(table.id, id))
  return row?.name ?? null
}

/** What would be taken, the soonest end last: what lasts longest goes first. */
async function liveGrants(db: Reader, scope: TakeEverythingInput['scope'], id: string) {
  const { entitlement, grant, person } = schema
  const rows = await db
    .select({ grantId: grant.id, holder: person.name, entitlement: entitlement.name })
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .where(
      and(
        eq(scope === 'person' ? grant.personId : grant.applicationId, id),
        inArray(grant.state, ['scheduled', 'provisioning', 'active']),
      ),
    )
    .orderBy(grant.endsAt)
  return rows.reverse()
}
