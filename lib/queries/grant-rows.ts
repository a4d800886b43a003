import 'server-only'
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import type { GrantListRow } from '@/lib/grant-views'
import type { OverdueLimits } from './grant-filters'

const { grant, person, application, entitlement, policyVersion, request, decision, timeline, work } = schema

const rowColumns = {
  row: grant,
  personName: person.name,
  team: person.team,
  applicationName: application.name,
  connectionId: application.connectionId,
  entitlementName: entitlement.name,
  policy: policyVersion.name,
}

export type Found = {
  row: typeof grant.$inferSelect
  personName: string
  team: string | null
  applicationName: string
  connectionId: string | null
  entitlementName: string
  policy: string
}

/** Grants with the names beside them, in no order. Not scoped: the caller's `where` is. */
export function joinedRows(db: Reader, where: SQL | undefined): Promise<Found[]> {
  return db
    .select(rowColumns)
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .innerJoin(application, eq(application.id, grant.applicationId))
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .innerJoin(policyVersion, eq(policyVersion.id, grant.policyVersionId))
    .where(where)
}

/** Adds to found rows what the small tables say of them: one query each, whatever the number of rows. */
export async function fillRows(
  db: Reader,
  found: readonly Found[],
  limits: OverdueLimits,
): Promise<GrantListRow[]> {
  const ids = found.map(({ row }) => row.id)
  if (ids.length === 0) return []
  const [reasons, pending, taking, ended] = await Promise.all([
    reasonsOf(db, ids),
    pendingOf(db, ids),
    takingOf(db, found),
    endedOf(db, found),
  ])
  return found.map(({ row, ...names }) => ({
    id: row.id,
    version: row.version,
    person: { id: row.personId, name: names.personName, team: names.team },
    application: { id: row.applicationId, name: names.applicationName },
    entitlement: { id: row.entitlementId, name: names.entitlementName },
    policy: names.policy,
    byHand: names.connectionId === null,
    state: row.state,
    mode: row.mode,
    emergency: row.emergency,
    durationSeconds: row.durationSeconds,
    noticeSeconds: row.noticeSeconds,
    createdAt: row.createdAt,
    startAt: row.startAt,
    grantedAt: row.grantedAt,
    endsAt: row.endsAt,
    endReason: row.endReason,
    rightOverAt: row.rightOverAt,
    seenAbsentAt: row.seenAbsentAt,
    lateMs: row.lateMs,
    verified: row.verified,
    preexisting: row.preexisting,
    extensions: row.extensions,
    overdueSince: row.overdueSince,
    overdueAfterSeconds: limits.get(row.applicationId) ?? 60,
    noticeSentAt: row.noticeSentAt,
    noticeError: row.noticeError,
    lastAnswer: row.lastAnswer,
    reason: reasons.get(row.id) ?? null,
    pending: pending.get(row.id) ?? null,
    taking: taking.get(row.id) ?? null,
    ended: ended.get(row.id) ?? null,
  }))
}

async function reasonsOf(db: Reader, ids: readonly string[]) {
  const rows = await db
    .select({ grantId: request.grantId, reason: request.reason })
    .from(request)
    .where(and(isAmong(request.grantId, ids), eq(request.kind, 'grant')))
  return new Map(rows.flatMap((r) => (r.grantId ? [[r.grantId, r.reason] as const] : [])))
}

async function pendingOf(db: Reader, ids: readonly string[]) {
  const rows = await db
    .select({
      grantId: request.grantId,
      seconds: request.seconds,
      step: request.step,
      steps: request.steps,
      yes: sql<number>`(select count(*)::int from ${decision} d
        where d.request_id = ${request.id} and d.round = ${request.round} and d.step = ${request.step} and d.verdict = 'approve')`,
    })
    .from(request)
    .where(and(isAmong(request.grantId, ids), eq(request.kind, 'extension'), eq(request.state, 'pending')))
  return new Map(
    rows.flatMap(({ grantId, seconds, step, steps, yes }) => {
      const quorum = steps[step]?.quorum
      const missing = typeof quorum === 'number' ? Math.max(1, quorum - yes) : null
      return grantId ? [[grantId, { seconds, missing }] as const] : []
    }),
  )
}

async function takingOf(db: Reader, found: readonly Found[]) {
  const ids = found.filter(({ row }) => row.state === 'revoking').map(({ row }) => row.id)
  if (ids.length === 0) return new Map<string, { tries: number; nextAt: Date }>()
  const rows = await db
    .select({
      grantId: work.subjectId,
      tries: work.attempt,
      dueAt: work.dueAt,
      notBefore: work.notBefore,
      // `not_before` is in unshifted time; the screen's clock is the domain's.
      offsetMs: sql<string>`(select offset_ms from clock)`,
    })
    .from(work)
    .where(and(isAmong(work.subjectId, ids), eq(work.kind, 'take')))
  return new Map(
    rows.map((r) => {
      const held = r.notBefore ? r.notBefore.getTime() + Number(r.offsetMs) : 0
      return [r.grantId, { tries: r.tries, nextAt: new Date(Math.max(held, r.dueAt.getTime())) }] as const
    }),
  )
}

const endingVerbs = ['ending', 'cancelled', 'left_standing', 'failed', 'attested'] as const

async function endedOf(db: Reader, found: readonly Found[]) {
  const over = found.filter(({ row }) => ['revoking', 'ended', 'failed'].includes(row.state))
  if (over.length === 0) return new Map<string, { by: string | null; why: string | null }>()
  const rows = await db
    .select({ grantId: timeline.subjectId, data: timeline.data, by: person.name })
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'grant'),
        isAmong(
          timeline.subjectId,
          over.map(({ row }) => row.id),
        ),
        inArray(timeline.verb, [...endingVerbs]),
      ),
    )
    .orderBy(desc(timeline.version))
  const latest = new Map<string, { by: string | null; why: string | null }>()
  for (const { grantId, data, by } of rows)
    if (!latest.has(grantId)) latest.set(grantId, { by, why: typeof data.why === 'string' ? data.why : null })
  return latest
}
