import 'server-only'
import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import { getConnector } from '@/lib/connectors/registry'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { liveGrantStates } from '@/lib/domain/grant'
import type { FindingsView, FindingView, WatchedEntitlement } from '@/lib/finding-views'
import { ownersOf } from '@/lib/services/facts'
import { MOST_REMOVED } from '@/lib/services/findings'
import { peopleOfHolders } from '@/lib/services/holders'

const { application, connection, entitlement, finding, grant, person, work } = schema
const ofGrant = alias(entitlement, 'of_grant')

/** What was found in an application, how far its holders are read, and what is just-in-time only; null without a right. */
export async function findingsOf(ctx: Ctx, applicationId: string): Promise<FindingsView | null> {
  const { actor, db } = ctx
  const app = await db.query.application.findFirst({ where: eq(application.id, applicationId) })
  if (!app) return null
  const ownerIds = await ownersOf(db, applicationId)
  if (!can(actor, 'application.see', { ownerIds })) return null
  const row =
    app.connectionId && (await db.query.connection.findFirst({ where: eq(connection.id, app.connectionId) }))
  const items = await itemsOf(db, applicationId, app.connectionId)
  const open = app.archivedAt === null
  const connector = row ? getConnector(row.connector) : null
  const lists = Boolean(row && connector?.listHolders && connector.capabilities(row.config).listHolders)
  return {
    applicationId,
    application: app.name,
    lists,
    readAt: row ? row.holdersAt : null,
    error: row ? row.holdersError : null,
    items,
    entitlements: lists ? await watched(db, applicationId, items) : [],
    mostRemoved: MOST_REMOVED,
    can: {
      settle: open && can(actor, 'finding.settle', { ownerIds }),
      read: open && lists && can(actor, 'connection.test', { ownerIds }),
      exclusive: open && can(actor, 'entitlement.exclusive', { ownerIds }),
      convert: open && lists && can(actor, 'grants.convert', { ownerIds }),
    },
  }
}

async function itemsOf(db: Reader, applicationId: string, connectionId: string | null) {
  const rows = await db
    .select({
      finding,
      name: sql<string>`coalesce(${entitlement.name}, ${ofGrant.name})`,
      person: person.name,
      work: work.id,
      lastError: work.lastError,
    })
    .from(finding)
    .leftJoin(grant, eq(grant.id, finding.grantId))
    .leftJoin(entitlement, eq(entitlement.id, finding.entitlementId))
    .leftJoin(ofGrant, eq(ofGrant.id, grant.entitlementId))
    .leftJoin(person, eq(person.id, grant.personId))
    .leftJoin(work, and(eq(work.kind, 'remove'), eq(work.subjectId, finding.id)))
    .where(
      and(
        isNull(finding.closedAt),
        or(eq(entitlement.applicationId, applicationId), eq(ofGrant.applicationId, applicationId)),
      ),
    )
    .orderBy(asc(sql`coalesce(${entitlement.name}, ${ofGrant.name})`), asc(finding.foundAt), asc(finding.id))
  const people = connectionId
    ? await peopleOfHolders(
        db,
        connectionId,
        rows.flatMap((r) => r.finding.holder ?? []),
      )
    : new Map()
  return rows.map(({ finding: f, name, person: ofLease, work: removal, lastError }): FindingView => {
    const known = f.holder ? people.get(f.holder.id) : undefined
    return {
      id: f.id,
      kind: f.kind,
      entitlement: name,
      entitlementId: f.entitlementId,
      who: ofLease ?? known?.name ?? f.holder?.name ?? 'Somebody',
      account: f.holder && known ? f.holder.name : (f.holder?.email ?? null),
      byAddress: known !== undefined && !known.pinned,
      detail: f.detail,
      foundAt: f.foundAt,
      seenAt: f.seenAt,
      grantId: f.grantId,
      fixed: f.holder?.fixed ?? null,
      removing: removal === null ? null : { lastAnswer: lastError },
    }
  })
}

async function watched(
  db: Reader,
  applicationId: string,
  items: readonly FindingView[],
): Promise<WatchedEntitlement[]> {
  const rows = await db
    .select({
      row: entitlement,
      // Written out: in a query of one table its columns are named without it, and grants have an id too.
      standing:
        sql<number>`(select count(*) from standing s where s.entitlement_id = "entitlement"."id")`.mapWith(
          Number,
        ),
      leased: sql<number>`(select count(*) from "grant" g where g.entitlement_id = "entitlement"."id"
        and g.state in ${[...liveGrantStates]})`.mapWith(Number),
    })
    .from(entitlement)
    .where(
      and(
        eq(entitlement.applicationId, applicationId),
        isNull(entitlement.closedAt),
        eq(entitlement.requestable, true),
      ),
    )
    .orderBy(asc(entitlement.name), asc(entitlement.id))
  const strangers = await db.query.finding.findMany({
    where: and(
      eq(finding.kind, 'unknown_holder'),
      isNull(finding.closedAt),
      inArray(
        finding.id,
        items.map((item) => item.id),
      ),
    ),
    columns: { id: true, entitlementId: true, holder: true },
  })
  const nameOf = new Map(items.map((item) => [item.id, item.who]))
  return rows.map(({ row, standing: stands, leased }) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    exclusive: row.exclusive,
    cap: row.exclusiveCap,
    readAt: row.holdersAt,
    standing: stands,
    leased,
    strangers: strangers
      .filter((f) => f.entitlementId === row.id && !f.holder?.fixed)
      .map((f) => ({ findingId: f.id, name: nameOf.get(f.id) ?? 'somebody' })),
  }))
}

/** How many findings are open, by application. Not scoped: only lists that the gate let through call it. */
export async function unsafeOpenFindings(db: Reader, applicationId?: string): Promise<Map<string, number>> {
  const at = sql<string>`coalesce(${entitlement.applicationId}, ${grant.applicationId})`
  const rows = await db
    .select({ at, count: sql<number>`count(*)`.mapWith(Number) })
    .from(finding)
    .leftJoin(entitlement, eq(entitlement.id, finding.entitlementId))
    .leftJoin(grant, eq(grant.id, finding.grantId))
    .where(and(isNull(finding.closedAt), applicationId ? eq(at, applicationId) : undefined))
    .groupBy(at)
  return new Map(rows.map((row) => [row.at, row.count]))
}
