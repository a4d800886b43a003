import 'server-only'
import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import { type Refusal, refuse } from '@/lib/domain/errors'
import type { ApprovalStep, ApproverRef } from '@/lib/domain/policy'

/** A separation rule that stands between an entitlement and another one that somebody holds, or is about to. */
export interface Conflict {
  readonly ruleId: string
  readonly rule: string
  readonly reason: string
  readonly effect: 'refuse' | 'extra_step'
  readonly approvers: readonly ApproverRef[]
  readonly other: { readonly id: string; readonly name: string; readonly application: string }
  /** Held or given now, agreed for later, or asked for and not decided. */
  readonly how: 'held' | 'agreed' | 'asked'
}

/**
 * What separation of duties says about one more entitlement for a person. Read under the person's lock, so that two
 * halves of a pair are never agreed to at the same moment. `together` are entitlements asked for in the same go.
 */
export async function conflictsOf(
  db: Reader,
  personId: string,
  entitlementId: string,
  together: readonly string[] = [],
): Promise<Conflict[]> {
  const { separation, separationEntitlement, entitlement, application, grant, request } = schema
  const mine = alias(separationEntitlement, 'mine')
  const others = await db
    .select({
      ruleId: separation.id,
      rule: separation.name,
      reason: separation.reason,
      effect: separation.effect,
      approvers: separation.approvers,
      other: { id: entitlement.id, name: entitlement.name, application: application.name },
    })
    .from(mine)
    .innerJoin(separation, and(eq(separation.id, mine.separationId), isNull(separation.archivedAt)))
    .innerJoin(
      separationEntitlement,
      and(
        eq(separationEntitlement.separationId, separation.id),
        ne(separationEntitlement.entitlementId, entitlementId),
      ),
    )
    .innerJoin(entitlement, eq(entitlement.id, separationEntitlement.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .where(eq(mine.entitlementId, entitlementId))
    .orderBy(separation.name, entitlement.name)
  const ids = others.map((o) => o.other.id)
  if (ids.length === 0) return []
  const grants = await db
    .select({ id: grant.entitlementId, state: grant.state })
    .from(grant)
    .where(
      and(
        eq(grant.personId, personId),
        inArray(grant.entitlementId, ids),
        inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
      ),
    )
  const pending = await db
    .select({ id: request.entitlementId })
    .from(request)
    .where(
      and(
        eq(request.personId, personId),
        inArray(request.entitlementId, ids),
        eq(request.state, 'pending'),
        eq(request.kind, 'grant'),
      ),
    )
  const how = (id: string): Conflict['how'] | null => {
    if (grants.some((g) => g.id === id && g.state !== 'scheduled')) return 'held'
    if (grants.some((g) => g.id === id)) return 'agreed'
    return together.includes(id) || pending.some((p) => p.id === id) ? 'asked' : null
  }
  return others.flatMap((o) => {
    const found = how(o.other.id)
    return found ? [{ ...o, how: found }] : []
  })
}

const hows: Record<Conflict['how'], string> = {
  held: 'is held',
  agreed: 'is agreed for later',
  asked: 'is asked for',
}

/**
 * The refusal where a rule forbids holding both. When asking, what is only asked for counts as well; when deciding,
 * what is held or agreed, so that of two requests the first that is agreed to wins.
 */
export function refusedTogether(
  conflicts: readonly Conflict[],
  name: string,
  counts: readonly Conflict['how'][] = ['held', 'agreed'],
): Refusal | null {
  const found = conflicts.find((c) => c.effect === 'refuse' && counts.includes(c.how))
  if (!found) return null
  return refuse(
    'not_eligible',
    `${name} and ${found.other.name} on ${found.other.application}, which ${hows[found.how]}, may not be held together: ${found.reason}`,
  )
}

/** The approval steps that rules add, one for each rule however many pairs it holds. */
export function extraSteps(conflicts: readonly Conflict[]): ApprovalStep[] {
  const rules = new Map(conflicts.filter((c) => c.effect === 'extra_step').map((c) => [c.ruleId, c]))
  return [...rules.values()].map((c) => ({ approvers: c.approvers, quorum: 1, separationId: c.ruleId }))
}
