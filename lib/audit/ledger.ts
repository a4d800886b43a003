/** Holds the whole record of a living database against the invariants: `npm run ledger:check`. Changes nothing. */
import 'server-only'
import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { type Db, type Reader, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { type Ledger, violations } from '@/lib/ledger'
import { targetFacts } from '@/lib/services/target'

/** How much was read, and every violation in words. */
export interface HeldAgainst {
  readonly grants: number
  readonly requests: number
  readonly calls: number
  readonly problems: readonly string[]
}

/** The record without what only the target can show. */
export type OwnRecord = Omit<Ledger, 'effects' | 'held'>

const { account, application, attempt, connection, decision, entitlement, finding, grant, mail } = schema
const { request, timeline, work } = schema

/** Grants, or requests that came to none, that are looked at together. */
const BATCH = 500

/** All of it in one snapshot, a batch of grants with everything about them at a time. */
export function checkRecord(db: Db, batch = BATCH): Promise<HeldAgainst> {
  return db.transaction((tx) => recordProblems(tx, batch), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  })
}

/** The same within a transaction of the caller's. */
export async function recordProblems(db: Reader, batch = BATCH): Promise<HeldAgainst> {
  const found = { grants: 0, requests: 0, calls: 0, problems: [] as string[] }
  const awakeAt = await awake(db)
  const check = async (record: OwnRecord) => {
    found.grants += record.grants.length
    found.requests += record.requests.length
    found.calls += record.calls?.length ?? 0
    found.problems.push(...violations({ ...record, awakeAt, effects: [], held: [] }))
  }
  for await (const ids of pages(db, grant, undefined, batch))
    await check(await readRecord(db, { grantIds: ids, requests: inArray(request.grantId, ids) }))
  for await (const ids of pages(db, request, isNull(request.grantId), batch))
    await check(await readRecord(db, { grantIds: [], requests: inArray(request.id, ids) }))
  // Mails of a grant were looked at with it.
  const twice = await db
    .select({ occasion: mail.occasion, recipient: mail.recipient })
    .from(mail)
    .where(isNull(mail.grantId))
    .groupBy(mail.occasion, mail.recipient)
    .having(sql`count(*) > 1`)
  for (const { occasion, recipient } of twice)
    found.problems.push(`I10: more than one mail for the occasion ${occasion} to ${recipient}`)
  return found
}

async function* pages(
  db: Reader,
  table: typeof grant | typeof request,
  which: SQL | undefined,
  batch: number,
): AsyncGenerator<string[]> {
  for (let last: string | null = null; ; ) {
    const rows: { id: string }[] = await db
      .select({ id: table.id })
      .from(table)
      .where(and(which, last ? gt(table.id, last) : undefined))
      .orderBy(asc(table.id))
      .limit(batch)
    if (rows.length > 0) yield rows.map((row) => row.id)
    if (rows.length < batch) return
    last = rows.at(-1)?.id ?? null
  }
}

/** Minutes in which some engine called a target. */
export async function awake(db: Reader): Promise<Date[]> {
  const rows = await db.execute<{ at: string }>(
    sql`select distinct date_trunc('minute', started_at) as at from attempt order by 1`,
  )
  return rows.map((row) => new Date(row.at))
}

/** Reads what is on record of these grants and requests; of everything, where nothing is said. */
export async function readRecord(
  db: Reader,
  which?: { readonly grantIds: readonly string[]; readonly requests: SQL },
): Promise<OwnRecord> {
  const { now, wall } = await readClocks(db)
  const ids = which && [...which.grantIds]
  const superseded = sql<boolean>`exists (select 1 from "grant" newer
    where newer.person_id = ${grant.personId} and newer.entitlement_id = ${grant.entitlementId}
      and newer.first_give_at > coalesce(${grant.firstGiveAt}, ${grant.createdAt}))`
  const rows = await db
    .select({ grant, entitlement, application, connection, accountId: account.externalId, superseded })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .leftJoin(connection, eq(connection.id, application.connectionId))
    .leftJoin(account, eq(account.id, grant.accountId))
    .where(ids && inArray(grant.id, ids))
  const requests = await db.select().from(request).where(which?.requests)
  const requestIds = requests.map((row) => row.id)
  const subjects = which && [...(ids ?? []), ...requestIds]
  const mails = await db
    .select({
      occasion: mail.occasion,
      recipient: mail.recipient,
      kind: mail.kind,
      grantId: mail.grantId,
      sentAt: mail.sentAt,
      data: mail.data,
    })
    .from(mail)
    .where(ids && inArray(mail.grantId, ids))
  return {
    now,
    wall,
    grants: rows.map((row) => ({
      ...row.grant,
      entitlement: row.entitlement.externalId,
      account: row.accountId,
      superseded: row.superseded,
      target: targetFacts(row.connection, row.application, row.grant, now),
    })),
    requests,
    decisions: await db
      .select()
      .from(decision)
      .where(which && inArray(decision.requestId, requestIds)),
    timeline: await db
      .select()
      .from(timeline)
      .where(
        subjects &&
          and(inArray(timeline.subjectType, ['grant', 'request']), inArray(timeline.subjectId, subjects)),
      ),
    mails: mails.map((row) => ({
      ...row,
      endsAt: typeof row.data.endsAt === 'string' ? new Date(row.data.endsAt) : null,
    })),
    work: await db
      .select()
      .from(work)
      .where(ids && and(inArray(work.kind, ['take', 'alarm', 'look']), inArray(work.subjectId, ids))),
    findings: await db
      .select()
      .from(finding)
      .where(and(isNull(finding.closedAt), ids && inArray(finding.grantId, ids))),
    calls: await db
      .select()
      .from(attempt)
      .where(ids && inArray(attempt.grantId, ids)),
  }
}
