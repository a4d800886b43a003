import 'server-only'
import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { proofMs } from '@/lib/domain/drill'
import type { DrillProof, DrillView } from '@/lib/drill-views'
import { undrillable } from '@/lib/services/drills'
import { ownersOf } from '@/lib/services/facts'

const { application, connection, drill, entitlement, policyEntitlement, work } = schema

/** How the removal drill of an application stands; null where it has no connection, or is not the actor's to see. */
export async function drillOfApplication(ctx: Ctx, applicationId: string): Promise<DrillView | null> {
  const { db, actor } = ctx
  const [found] = await db
    .select({ row: connection, archivedAt: application.archivedAt })
    .from(application)
    .innerJoin(connection, eq(connection.id, application.connectionId))
    .where(eq(application.id, applicationId))
  const ownerIds = await ownersOf(db, applicationId)
  if (!found || !can(actor, 'application.see', { ownerIds })) return null
  const { row } = found
  const connectionId = row.id
  const open = found.archivedAt === null
  const { offsetMs } = await readClocks(db)
  const aside = row.drillEntitlementId
    ? await db.query.entitlement.findFirst({ where: eq(entitlement.id, row.drillEntitlementId) })
    : undefined
  const last = await lastDrill(db, connectionId)
  const [job] = await db
    .select({
      busy: sql<boolean>`coalesce(${work.leaseUntil} > clock_timestamp(), false)
        or coalesce(${work.notBefore} <= clock_timestamp(), true)`,
    })
    .from(work)
    .where(and(eq(work.kind, 'drill'), eq(work.subjectId, connectionId)))
  const choices = await db
    .select({ id: entitlement.id, name: entitlement.name })
    .from(entitlement)
    .leftJoin(policyEntitlement, eq(policyEntitlement.entitlementId, entitlement.id))
    .where(
      and(
        eq(entitlement.connectionId, connectionId),
        eq(entitlement.requestable, true),
        isNull(entitlement.closedAt),
        isNull(policyEntitlement.entitlementId),
      ),
    )
    .orderBy(asc(entitlement.name))
  // Drills are kept in unshifted time; the page reads the domain's clock.
  const shown = (at: Date) => new Date(at.getTime() + offsetMs)
  return {
    aside: aside && row.drillAccount ? { account: row.drillAccount.name, entitlement: aside.name } : null,
    last: last?.finishedAt
      ? {
          ok: last.ok === true,
          at: shown(last.finishedAt),
          tookMs: proofMs(last.steps),
          steps: last.steps,
        }
      : null,
    provenAt: await proven(db, connectionId).then((at) => (at ? shown(at) : null)),
    running: aside !== undefined && !row.paused && (job?.busy ?? false),
    why: undrillable(row),
    choices,
    may: { set: open && can(actor, 'drill.set', {}), run: open && can(actor, 'drill.run', { ownerIds }) },
  }
}

function lastDrill(db: Reader, connectionId: string) {
  return db.query.drill.findFirst({
    where: and(eq(drill.connectionId, connectionId), isNotNull(drill.ok)),
    orderBy: desc(drill.startedAt),
  })
}

async function proven(db: Reader, connectionId: string): Promise<Date | null> {
  const row = await db.query.drill.findFirst({
    where: and(eq(drill.connectionId, connectionId), eq(drill.ok, true)),
    orderBy: desc(drill.startedAt),
  })
  return row?.finishedAt ?? null
}

/** The last proof that access to this system can be taken back; null where none was ever tried. */
export async function lastProof(db: Reader, connectionId: string | null): Promise<DrillProof | null> {
  if (!connectionId) return null
  const last = await lastDrill(db, connectionId)
  if (!last?.finishedAt) return null
  const { offsetMs } = await readClocks(db)
  const at = await proven(db, connectionId)
  return {
    ok: last.ok === true,
    at: new Date(last.finishedAt.getTime() + offsetMs),
    provenAt: at ? new Date(at.getTime() + offsetMs) : null,
    tookMs: proofMs(last.steps),
  }
}

/** Connections whose last removal drill failed. Not scoped: it says nothing but that. */
export async function failedDrills(db: Reader): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectDistinctOn([drill.connectionId], { id: drill.connectionId, ok: drill.ok })
    .from(drill)
    .innerJoin(connection, and(eq(connection.id, drill.connectionId), isNotNull(connection.drillAccount)))
    .where(isNotNull(drill.ok))
    .orderBy(drill.connectionId, desc(drill.startedAt))
  return new Set(rows.flatMap((row) => (row.ok === false ? [row.id] : [])))
}
