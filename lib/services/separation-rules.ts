import 'server-only'
import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import { type Conflict, giveApart, type HowHeld, type OtherGrant } from '@/lib/domain/separation'
import type { GrantRow } from './changes'
import { accountsOf } from './facts'

/** The states of a grant that counts against a rule: agreed for later, being given, given, not yet gone. */
const holding = ['scheduled', 'provisioning', 'active', 'revoking'] as const

/**
 * What separation of duties says about one more entitlement for a person, by whatever account. Read under the
 * person's lock, so that two halves of a pair are never agreed to at the same moment. `together` are entitlements
 * asked for in the same go.
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
  const accounts = await accountsOf(db, personId)
  const grants = await db
    .select({
      id: grant.id,
      of: grant.entitlementId,
      state: grant.state,
      createdAt: grant.createdAt,
      firstGiveAt: grant.firstGiveAt,
    })
    .from(grant)
    .where(
      and(
        inArray(grant.personId, accounts),
        inArray(grant.entitlementId, ids),
        inArray(grant.state, [...holding]),
      ),
    )
    .orderBy(grant.createdAt, grant.id)
  const pending = await db
    .select({ of: request.entitlementId })
    .from(request)
    .where(
      and(
        inArray(request.personId, accounts),
        inArray(request.entitlementId, ids),
        eq(request.state, 'pending'),
        eq(request.kind, 'grant'),
      ),
    )
  const found = (id: string): { how: HowHeld; grant: OtherGrant | null } | null => {
    const of = grants.filter((g) => g.of === id).map((g) => ({ ...g, begun: hasBegun(g) }))
    const held = of.find((g) => g.begun) ?? of.find((g) => g.state !== 'scheduled')
    if (held) return { how: 'held', grant: held }
    if (of[0]) return { how: 'agreed', grant: of[0] }
    return together.includes(id) || pending.some((p) => p.of === id) ? { how: 'asked', grant: null } : null
  }
  return others.flatMap((o) => {
    const standing = found(o.other.id)
    return standing ? [{ ...o, ...standing }] : []
  })
}

const hasBegun = ({ state, firstGiveAt }: Pick<GrantRow, 'state' | 'firstGiveAt'>) =>
  firstGiveAt !== null || state === 'active' || state === 'revoking'

/**
 * Asked right before the first give, once the grant itself is being given, so that of two halves at least one sees the
 * other: see {@link giveApart}.
 */
export async function apartAtGive(
  db: Reader,
  row: Pick<GrantRow, 'id' | 'personId' | 'entitlementId' | 'createdAt'>,
  name: string,
): Promise<ReturnType<typeof giveApart>> {
  return giveApart(await conflictsOf(db, row.personId, row.entitlementId), { ...row, name })
}
