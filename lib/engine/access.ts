import 'server-only'
import { sql } from 'drizzle-orm'
import type { Reader, Tx } from '@/db/client'
import { isAmong } from '@/db/rows'

/**
 * Grants of the same access as one of these: the same account, by its id in the target, and the same entitlement. An
 * account that was given to another person makes two grants of two people into one access.
 */
const ofTheSameAccess = (grantIds: readonly string[]) => sql`
  from "grant" mine
    join account a on a.id = mine.account_id
    join account b on b.connection_id = a.connection_id and b.external_id = a.external_id
    join "grant" other on other.account_id = b.id
      and other.entitlement_id = mine.entitlement_id and other.id <> mine.id
  where ${isAmong(sql`mine.id`, grantIds)}`

/**
 * Puts everybody who is about to call for one access in a line, to the end of the transaction. Taken before any row
 * is locked, in one order, and by nobody else, so it closes no circle. The access of each grant, by the grant's id.
 */
export async function lockAccess(tx: Tx, grantIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.execute<{ id: string; access: string }>(sql`
    with access as materialized (
      select g.id, hashtextextended(a.connection_id || ' ' || a.external_id || ' ' || g.entitlement_id, 0) as key
      from "grant" g join account a on a.id = g.account_id where ${isAmong(sql`g.id`, grantIds)} order by key
    )
    select id, key::text as access, pg_advisory_xact_lock(key) from access`)
  return new Map(rows.map((row) => [row.id, row.access]))
}

/**
 * Which of these grants have a call under way, with its marks: their own, and one of another grant of the same access.
 */
export async function callsUnderWay(
  tx: Tx,
  grantIds: readonly string[],
): Promise<Map<string, { own: string | null; other: boolean }>> {
  const rows = await tx.execute<{ id: string; own: string | null; other: boolean }>(sql`
    select id, max(own) as own, bool_or(own is null) as other from (
      select g.id, coalesce(g.call_by, '') as own from "grant" g
      where ${isAmong(sql`g.id`, grantIds)} and g.call_until > clock_timestamp()
      union all
      select mine.id, null ${ofTheSameAccess(grantIds)} and other.call_until > clock_timestamp()
    ) calls group by id`)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Whether a newer give on the same access began: what is there now is the newer one's. */
export async function givenAgain(db: Reader, grantId: string): Promise<boolean> {
  const rows = await db.execute(
    sql`select 1 ${ofTheSameAccess([grantId])}
      and other.first_give_at > coalesce(mine.first_give_at, mine.created_at) limit 1`,
  )
  return rows.length > 0
}

/**
 * Whether another person's grant of this access is not over: it is live, or the look after its end is still to come,
 * which may take it once more. What is given to the account meanwhile could be taken by it.
 */
export async function heldByAnother(
  db: Reader,
  access: { connectionId: string; externalId: string; entitlementId: string; grantId: string },
): Promise<boolean> {
  const rows = await db.execute(sql`
    select 1 from account a join "grant" g on g.account_id = a.id
    where a.connection_id = ${access.connectionId} and a.external_id = ${access.externalId}
      and g.entitlement_id = ${access.entitlementId} and g.id <> ${access.grantId}
      and (g.state in ('provisioning', 'active', 'revoking')
        or exists (select 1 from work w where w.kind = 'look' and w.subject_id = g.id))
    limit 1`)
  return rows.length > 0
}
