import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { conflictsOf } from '@/lib/services/separation-rules'
import type { ApartView } from '@/lib/views'

/** What separation of duties says about each of these pairs, in their order. Asks only about what a rule names. */
export async function unsafeApart(
  db: Reader,
  pairs: readonly { readonly personId: string; readonly entitlementId: string }[],
): Promise<ApartView[][]> {
  if (pairs.length === 0) return []
  const { separation, separationEntitlement } = schema
  const named = await db
    .selectDistinct({ id: separationEntitlement.entitlementId })
    .from(separationEntitlement)
    .innerJoin(
      separation,
      and(eq(separation.id, separationEntitlement.separationId), isNull(separation.archivedAt)),
    )
    .where(
      inArray(
        separationEntitlement.entitlementId,
        pairs.map((p) => p.entitlementId),
      ),
    )
  const ids = new Set(named.map((n) => n.id))
  return Promise.all(
    pairs.map(async ({ personId, entitlementId }) => {
      if (!ids.has(entitlementId)) return []
      const found = await conflictsOf(db, personId, entitlementId)
      return found.map(({ rule, reason, how, effect, other }) => ({
        rule,
        reason,
        how,
        effect,
        other: other.name,
        application: other.application,
      }))
    }),
  )
}
