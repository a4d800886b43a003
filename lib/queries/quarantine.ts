import 'server-only'
import { and, asc, count, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { DifferenceKind } from '@/lib/domain/quarantine'
import type {
  ComparedView,
  DifferenceList,
  OpenQuarantine,
  PastQuarantine,
  QuarantinePage,
} from '@/lib/quarantine-views'
import { openQuarantine } from '@/lib/services/quarantine-state'

const { account, application, connection, entitlement, grant, person, quarantine } = schema
const { quarantineDifference, quarantineReading, scimClient, work } = schema

/** So many of a kind stand on the page. */
const MOST_SHOWN = 200
/** What is done first stands first. */
const onPage = ['over', 'missing', 'stranger'] as const satisfies readonly DifferenceKind[]
const PAST_SHOWN = 10

/** What a restored database differs in, and what waits for the word of an admin; null for whoever may not see it. */
export async function quarantinePage(ctx: Ctx): Promise<QuarantinePage | null> {
  if (!can(ctx.actor, 'quarantine.see', {})) return null
  const { db } = ctx
  const [row, past] = await Promise.all([openQuarantine(db), pastOf(db)])
  return { open: row && (await openOf(db, row)), past }
}

async function openOf(db: Reader, row: typeof quarantine.$inferSelect): Promise<OpenQuarantine> {
  const [differences, compared, waits, clients] = await Promise.all([
    Promise.all(onPage.map((kind) => listOf(db, row.id, kind))),
    comparedOf(db, row.id),
    waitsOf(db),
    db.$count(scimClient, isNull(scimClient.revokedAt)),
  ])
  const { id, beganAt, why, sessions, links, link, lost, checkpointsRead } = row
  return {
    id,
    beganAt,
    why,
    ended: { sessions, links },
    chain: { link, lost, checked: checkpointsRead },
    differences,
    compared,
    waits,
    clients,
  }
}

async function listOf(db: Reader, quarantineId: string, kind: DifferenceKind): Promise<DifferenceList> {
  const mine = and(eq(quarantineDifference.quarantineId, quarantineId), eq(quarantineDifference.kind, kind))
  const [total, rows] = await Promise.all([
    db.$count(quarantineDifference, mine),
    db
      .select({
        difference: quarantineDifference,
        entitlement: entitlement.name,
        application: application.name,
        grant: { id: grant.id, endsAt: grant.endsAt, state: grant.state },
        person: person.name,
        account: account.name,
      })
      .from(quarantineDifference)
      .innerJoin(entitlement, eq(entitlement.id, quarantineDifference.entitlementId))
      .innerJoin(application, eq(application.id, entitlement.applicationId))
      .leftJoin(grant, eq(grant.id, quarantineDifference.grantId))
      .leftJoin(person, eq(person.id, grant.personId))
      .leftJoin(account, eq(account.id, grant.accountId))
      .where(mine)
      .orderBy(asc(application.name), asc(entitlement.name), asc(quarantineDifference.id))
      .limit(MOST_SHOWN),
  ])
  const shown = rows.map(({ difference: { id, account: seen }, grant: lease, person: holder, ...row }) => ({
    id,
    kind,
    who: holder ?? seen?.name ?? 'an account without a name',
    account: seen?.email ?? seen?.name ?? row.account,
    entitlement: row.entitlement,
    application: row.application,
    grant: lease && {
      id: lease.id,
      endsAt: lease.endsAt,
      ended: lease.state === 'ended' || lease.state === 'failed',
    },
    fixed: seen?.fixed ?? null,
  }))
  return { kind, total, shown }
}

async function comparedOf(db: Reader, quarantineId: string): Promise<ComparedView[]> {
  const rows = await db
    .select({
      connectionId: connection.id,
      application: application.name,
      applicationId: application.id,
      reading: quarantineReading,
    })
    .from(connection)
    .innerJoin(application, eq(application.connectionId, connection.id))
    .leftJoin(
      quarantineReading,
      and(
        eq(quarantineReading.connectionId, connection.id),
        eq(quarantineReading.quarantineId, quarantineId),
      ),
    )
    .where(isNull(application.archivedAt))
    .orderBy(asc(application.name))
  return rows.map(({ reading, ...row }) => ({
    ...row,
    at: reading?.at ?? null,
    listed: reading?.listed ?? false,
    problem: reading?.problem ?? null,
  }))
}

async function waitsOf(db: Reader): Promise<OpenQuarantine['waits']> {
  const rows = await db
    .select({ kind: work.kind, n: count() })
    .from(work)
    .where(sql`${work.kind} in ('take', 'give', 'send') and ${work.dueAt} <= (select leasehold_now())`)
    .groupBy(work.kind)
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.n ?? 0
  return { takes: of('take'), gives: of('give'), mails: of('send') }
}

async function pastOf(db: Reader): Promise<PastQuarantine[]> {
  const rows = await db
    .select({ row: quarantine, by: person.name })
    .from(quarantine)
    .leftJoin(person, eq(person.id, quarantine.endedBy))
    .where(isNotNull(quarantine.endedAt))
    .orderBy(desc(quarantine.endedAt))
    .limit(PAST_SHOWN)
  return rows.map(({ row: { id, beganAt, endedAt, reason, why }, by }) => ({
    id,
    beganAt,
    endedAt: endedAt ?? beganAt,
    by,
    reason: reason ?? '',
    why,
  }))
}
