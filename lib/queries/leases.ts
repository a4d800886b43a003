import 'server-only'
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { plus } from '@/lib/domain/duration'
import { extensionRoom } from '@/lib/domain/extension'
import { overdueAt } from '@/lib/domain/grant-end'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { overdueAtOf, type StatusFacts } from '@/lib/grant-status'
import { approverBook } from '@/lib/services/approver-book'
import { placeOfRequest } from '@/lib/services/facts'
import { targetFacts } from '@/lib/services/target'
import type {
  ApplicationView,
  EntitlementView,
  ExtensionView,
  LeaseTimes,
  LeaseView,
  PendingExtension,
} from '@/lib/views'
import { progressOf } from './progress'

type GrantRow = typeof schema.grant.$inferSelect

export interface LeaseOptions {
  readonly orderBy?: SQL | readonly SQL[]
  readonly limit?: number
}

/**
 * Grants as people see them. Not scoped: the caller's `where` is what the actor may see, so only the other
 * queries of this folder call it.
 */
export async function unsafeLeases(
  db: Reader,
  where: SQL | undefined,
  now: Date,
  options: LeaseOptions = {},
): Promise<LeaseView[]> {
  const { grant, entitlement, application, connection, policyVersion } = schema
  const order = options.orderBy ? [options.orderBy].flat() : [grant.endsAt, grant.startAt]
  const rows = await db
    .select({
      row: grant,
      entitlement,
      application,
      connection: { connector: connection.connector, config: connection.config },
      definition: policyVersion.definition,
      missing: sql<boolean>`exists (select 1 from finding f
        where f.grant_id = ${grant.id} and f.kind = 'missing_holder' and f.closed_at is null)`,
    })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .leftJoin(connection, eq(connection.id, application.connectionId))
    .innerJoin(policyVersion, eq(policyVersion.id, grant.policyVersionId))
    .where(where)
    .orderBy(...order)
    .limit(options.limit ?? 500)
  const pending = await pendingExtensions(
    db,
    rows.map((r) => r.row),
    now,
  )
  return rows.map(({ row, definition, missing, ...place }) => ({
    id: row.id,
    version: row.version,
    personId: row.personId,
    entitlement: entitlementView(place.entitlement),
    application: applicationView(place.application),
    mode: row.mode,
    emergency: row.emergency,
    times: timesOf(row, statusFacts(row, place, now, pending.has(row.id))),
    status: statusFacts(row, place, now, pending.has(row.id)),
    durationSeconds: row.durationSeconds,
    noticeSeconds: row.noticeSeconds,
    startBy: row.startBy,
    preexisting: row.preexisting,
    endReason: row.endReason,
    verified: row.verified,
    lateMs: row.lateMs,
    noticeSentAt: row.noticeSentAt,
    noticeError: row.noticeError,
    missing,
    extend: extensionView(row, definition),
    pending: pending.get(row.id) ?? null,
  }))
}

export function entitlementView(row: typeof schema.entitlement.$inferSelect): EntitlementView {
  const { id, name, description, risk, howToUse } = row
  return { id, name, description, risk, howToUse }
}

export function applicationView(row: typeof schema.application.$inferSelect): ApplicationView {
  return { id: row.id, name: row.name, description: row.description, byHand: row.connectionId === null }
}

interface Place {
  readonly connection: { connector: string; config: Record<string, unknown> } | null
  readonly application: { taskSeconds: number }
}

function statusFacts(row: GrantRow, place: Place, now: Date, extensionAsked: boolean): StatusFacts {
  const target = targetFacts(place.connection, place.application, row, now)
  const { endsAt, noticeSeconds, rightOverAt, preexisting, overdueSince } = row
  // The moment has come and the engine is at it: for people that is being given already.
  const state = row.state === 'scheduled' && row.startAt <= now ? 'provisioning' : row.state
  const overdueAfterSeconds = (overdueAt(row.startAt, target).getTime() - row.startAt.getTime()) / 1000
  return {
    state,
    endsAt,
    noticeSeconds,
    rightOverAt,
    preexisting,
    overdueSince,
    overdueAfterSeconds,
    extensionAsked,
  }
}

function timesOf(row: GrantRow, status: StatusFacts): LeaseTimes {
  const length = row.durationSeconds
  const planned = length === null ? null : plus(row.firstGiveAt ?? row.startAt, length)
  // What is being taken back was over when the right was, however much time the lease had left; and before the
  // access was seen, the end in the row is the latest possible one, not the one to expect.
  const endsAt =
    row.state === 'revoking'
      ? (row.rightOverAt ?? row.endsAt)
      : row.state === 'provisioning'
        ? planned
        : (row.endsAt ?? planned)
  return {
    state: status.state,
    startsAt: row.grantedAt ?? (row.state === 'failed' ? null : row.startAt),
    endsAt,
    noticeAt: endsAt && row.noticeSeconds !== null ? plus(endsAt, -row.noticeSeconds) : null,
    overdueAt: overdueAtOf(status),
    endedAt: row.seenAbsentAt ?? (row.state === 'ended' || row.state === 'failed' ? row.rightOverAt : null),
  }
}

function extensionView(row: GrantRow, definition: PolicyDefinition): ExtensionView | null {
  if (row.state !== 'active' || !row.endsAt || !row.grantedAt) return null
  const { grantedAt, endsAt, extensions } = row
  const room = extensionRoom(definition.extension, { grantedAt, endsAt, extensions })
  const fits = definition.presets.some((p) => plus(endsAt, p.seconds) <= room.latestEnd)
  return {
    allowed: room.allowed && fits && !row.emergency,
    why: row.emergency
      ? 'Emergency access is not extended'
      : (room.why ?? (fits ? null : 'No length of this policy fits before the latest possible end')),
    left: room.left,
    maxCount: definition.extension.maxCount,
    latestEnd: room.latestEnd,
  }
}

async function pendingExtensions(
  db: Reader,
  grants: readonly GrantRow[],
  now: Date,
): Promise<Map<string, PendingExtension>> {
  const { request, decision } = schema
  const active = new Map(grants.filter((g) => g.state === 'active').map((g) => [g.id, g]))
  const found = new Map<string, PendingExtension>()
  if (active.size === 0) return found
  const rows = await db
    .select()
    .from(request)
    .where(
      and(
        inArray(request.grantId, [...active.keys()]),
        eq(request.kind, 'extension'),
        eq(request.state, 'pending'),
      ),
    )
  if (rows.length === 0) return found
  const votes = await db
    .select()
    .from(decision)
    .where(
      inArray(
        decision.requestId,
        rows.map((r) => r.id),
      ),
    )
  const places = rows.map((row) => {
    const cast = votes.filter((v) => v.requestId === row.id && v.round === row.round)
    return placeOfRequest(row, active.get(row.grantId ?? '')?.applicationId ?? '', cast)
  })
  const book = await approverBook(db, places, now)
  rows.forEach((row, i) => {
    const place = places[i]
    const endsAt = active.get(row.grantId ?? '')?.endsAt
    if (!place || !row.grantId || !endsAt || row.seconds === null) return
    found.set(row.grantId, {
      requestId: row.id,
      seconds: row.seconds,
      newEnd: plus(endsAt, row.seconds),
      decideBy: row.decideBy,
      progress: progressOf(book.standing(place), row.step, place.votes ?? []),
    })
  })
  return found
}
