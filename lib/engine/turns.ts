import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { ConnectionRow } from '@/lib/services/changes'
import type { Engine } from './engine'
import type { Target } from './target'
import { type Claim, leaseFromNow } from './work'

const { entitlement } = schema

/**
 * Where the target only knows whole sets, whoever changes one member writes all of them, so that two at once would
 * undo each other: one change of an entitlement at a time. False while somebody else is at it. A turn is prolonged by
 * the heartbeat, ends with the try, and runs out by itself after a crash.
 */
export async function takeTurn(
  engine: Engine,
  claim: Claim,
  f: {
    readonly connection: Pick<ConnectionRow, 'config'> | null
    readonly row: { readonly entitlementId: string }
  },
  target: Pick<Target, 'connector'>,
): Promise<boolean> {
  const { connector } = target
  const whole = connector.capabilities(f.connection?.config ?? {}).replacesWholeSet
  if (!whole && !connector.limits.perEntitlementSerial) return true
  const taken = await engine.db
    .update(entitlement)
    .set({ busyBy: claim.id, busyUntil: leaseFromNow })
    .where(
      and(
        eq(entitlement.id, f.row.entitlementId),
        sql`(${entitlement.busyUntil} is null or ${entitlement.busyUntil} <= clock_timestamp())`,
      ),
    )
    .returning({ id: entitlement.id })
  if (taken.length === 0) return false
  engine.hand.entitlementId = f.row.entitlementId
  return true
}

const mine = (entitlementId: string, claim: Claim) =>
  and(eq(entitlement.id, entitlementId), eq(entitlement.busyBy, claim.id))

/** Prolongs the turn, where there is one. */
export async function keepTurn({ db, hand }: Engine, claim: Claim): Promise<void> {
  if (hand.entitlementId)
    await db.update(entitlement).set({ busyUntil: leaseFromNow }).where(mine(hand.entitlementId, claim))
}

/** Ends the turn, where there is one: the next in line may begin. */
export async function endTurn({ db, hand }: Engine, claim: Claim): Promise<void> {
  if (hand.entitlementId)
    await db.update(entitlement).set({ busyBy: null, busyUntil: null }).where(mine(hand.entitlementId, claim))
}
