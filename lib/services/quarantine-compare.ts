/** Holds the record against the targets while in quarantine: looks alone, and nothing is decided by them. */
import 'server-only'
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Db, schema, type Tx } from '@/db/client'
import { readNow } from '@/lib/clock'
import { type ConnectorAccount, ConnectorError, type Holder } from '@/lib/connectors/contract'
import {
  type ComparedGrant,
  type ComparedHolder,
  type Difference,
  differences,
} from '@/lib/domain/quarantine'
import { newId } from '@/lib/ids'
import type { At } from './apply'
import type { ConnectionRow } from './changes'
import { callTarget } from './connection-calls'
import { ofTheTarget } from './holder-readings'
import { openQuarantine } from './quarantine-state'
import { listHolders, listsHolders } from './target-lists'

const { account, connection, entitlement, finding, grant, quarantineDifference, standing } = schema
const { quarantineReading } = schema

type EntitlementRow = typeof entitlement.$inferSelect

/** A grant of an entitlement with the account it is pinned to. */
interface Lease extends ComparedGrant {
  readonly account: ConnectorAccount | null
}

/**
 * Compares everything of one connection: who holds what is listed where the target can say it, else the account of each
 * lease that may be held is looked at. What cannot be read is said, and of it nothing. Replaces what an earlier
 * comparison found. Says whether all of it could be read.
 */
export async function compareConnection(db: Db, connectionId: string): Promise<boolean> {
  const open = await openQuarantine(db)
  const row = await db.query.connection.findFirst({ where: eq(connection.id, connectionId) })
  if (!open || !row) return true
  const at = await readNow(db)
  const problems: string[] = []
  const found: (Difference & { entitlementId: string })[] = []
  let listed = false
  try {
    listed = listsHolders(row)
    for (const one of await entitlementsOf(db, connectionId)) {
      try {
        const seen = await compareOne(db, row, one, { listed, at })
        found.push(...seen.map((difference) => ({ ...difference, entitlementId: one.id })))
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error
        problems.push(`${one.name}: ${error.message}`)
        if (ofTheTarget.has(error.code)) break
      }
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    problems.push(error.message)
  }
  const problem = problems.length > 0 ? problems.slice(0, 3).join(' ') : null
  await db.transaction(async (tx) => {
    const reading = { quarantineId: open.id, connectionId, at, listed, problem }
    await tx
      .insert(quarantineReading)
      .values(reading)
      .onConflictDoUpdate({
        target: [quarantineReading.quarantineId, quarantineReading.connectionId],
        set: reading,
      })
    await tx
      .delete(quarantineDifference)
      .where(
        and(
          eq(quarantineDifference.quarantineId, open.id),
          eq(quarantineDifference.connectionId, connectionId),
        ),
      )
    const rows = found.map((difference) => ({
      ...difference,
      id: newId(),
      quarantineId: open.id,
      connectionId,
      readAt: at,
    }))
    for (let i = 0; i < rows.length; i += 500)
      await tx.insert(quarantineDifference).values(rows.slice(i, i + 500))
  })
  return problem === null
}

/** What may be leased there, and whatever was leased once: also what is closed by now. */
function entitlementsOf(db: Db, connectionId: string): Promise<EntitlementRow[]> {
  return db.query.entitlement.findMany({
    where: and(
      eq(entitlement.connectionId, connectionId),
      sql`((${entitlement.requestable} and ${entitlement.closedAt} is null)
        or exists (select from "grant" g where g.entitlement_id = ${entitlement.id}))`,
    ),
    orderBy: asc(entitlement.id),
  })
}

async function compareOne(
  db: Db,
  row: ConnectionRow,
  one: EntitlementRow,
  { listed, at }: { listed: boolean; at: Date },
): Promise<Difference[]> {
  const leases = await leasesOf(db, one.id, at)
  const place = { id: one.externalId, name: one.name }
  if (!listed) return differences(leases, null, await lookAtEach(row, place, leases), new Set())
  const holders = (await holdersOf(row, place)).filter(({ state }) => state === 'direct')
  const rights = await db
    .select({ id: standing.externalId })
    .from(standing)
    .where(eq(standing.entitlementId, one.id))
  const rightful = new Set(rights.map(({ id }) => id))
  if (row.drillEntitlementId === one.id && row.drillAccount) rightful.add(row.drillAccount.id)
  const named = holders.map(({ account: { id, name, email }, fixed }): ComparedHolder => {
    return { id, name, ...(email && { email }), ...(fixed && { fixed }) }
  })
  return differences(leases, named, new Map(), rightful)
}

/** Everybody who holds it; nobody, where it is gone. */
function holdersOf(row: ConnectionRow, place: { id: string; name: string }): Promise<Holder[]> {
  return listHolders(row, place).catch((error: unknown) => {
    if (error instanceof ConnectorError && error.code === 'entitlement_missing') return []
    throw error
  })
}

async function leasesOf(db: Db, entitlementId: string, now: Date): Promise<Lease[]> {
  const rows = await db
    .select({ grant, account })
    .from(grant)
    .leftJoin(account, eq(account.id, grant.accountId))
    .where(eq(grant.entitlementId, entitlementId))
    .orderBy(asc(grant.createdAt), asc(grant.id))
  return rows.map(({ grant: row, account: pinned }) => ({
    id: row.id,
    state: row.state,
    accountId: pinned?.externalId ?? null,
    account: pinned ? { id: pinned.externalId, name: pinned.name, email: pinned.email } : null,
    runs: row.endsAt === null || row.endsAt > now,
    standing: row.preexisting,
  }))
}

/** Who of those that may hold it does, by grant. An account or an entitlement that is proven gone holds nothing. */
async function lookAtEach(
  row: ConnectionRow,
  place: { id: string; name: string },
  leases: readonly Lease[],
): Promise<Map<string, boolean>> {
  const held = new Map<string, boolean>()
  for (const { id, state, account: pinned } of leases) {
    if (!pinned || !['provisioning', 'active', 'revoking'].includes(state)) continue
    try {
      const holding = await callTarget(row, (connector, ctx) =>
        connector.check(ctx, { grantId: id, entitlement: place, account: pinned }),
      )
      if (holding.state !== 'unknown') held.set(id, holding.state === 'direct')
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      if (error.code !== 'principal_missing' && error.code !== 'entitlement_missing') throw error
      held.set(id, false)
    }
  }
  return held
}

/**
 * Makes findings of whoever was found to hold something without a right, so that the first reading afterwards does not
 * take them for standing access. Says how many there are now.
 */
export async function keepStrangers(tx: Tx, at: At, quarantineId: string): Promise<number> {
  const strangers = await tx.query.quarantineDifference.findMany({
    where: and(
      eq(quarantineDifference.quarantineId, quarantineId),
      eq(quarantineDifference.kind, 'stranger'),
    ),
  })
  for (const { entitlementId, account: holder, readAt } of strangers) {
    if (!holder) continue
    await tx
      .insert(finding)
      .values({
        id: newId(),
        kind: 'unknown_holder',
        entitlementId,
        holder,
        detail: 'Holds it, and the record restored from a backup does not say why',
        foundAt: at.now,
        seenAt: readAt,
      })
      .onConflictDoNothing()
  }
  const read = tx
    .select({ id: quarantineReading.connectionId })
    .from(quarantineReading)
    .where(
      and(
        eq(quarantineReading.quarantineId, quarantineId),
        quarantineReading.listed,
        isNull(quarantineReading.problem),
      ),
    )
  await tx
    .update(entitlement)
    .set({ holdersAt: at.now })
    .where(
      and(inArray(entitlement.connectionId, read), isNull(entitlement.holdersAt), entitlement.requestable),
    )
  return strangers.length
}
