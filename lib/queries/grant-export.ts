import 'server-only'
import { and, asc, type eq, gt, inArray, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { grantStatus, noticeAtOf } from '@/lib/grant-status'
import type { GrantView } from '@/lib/grant-url'
import type { GrantListRow } from '@/lib/grant-views'
import { viewCondition } from './grant-filters'
import { fillRows, joinedRows } from './grant-rows'
import { filterFacts, grantScope, inScope, type Look } from './grants'

const { grant } = schema
const BATCH = 1_000

/** One line of an export. Moments are UTC in ISO 8601; empty where there is none. */
export type ExportedGrant = Record<(typeof exportColumns)[number], string | number | boolean | null>

export const exportColumns = [
  'id',
  'person',
  'team',
  'application',
  'entitlement',
  'status',
  'state',
  'mode',
  'reason',
  'policy',
  'agreed_at',
  'granted_at',
  'expires_at',
  'notice_due_at',
  'notice_sent_at',
  'notice_error',
  'end_reason',
  'ended_by',
  'right_over_at',
  'seen_absent_at',
  'late_ms',
  'verified',
  'held_before',
  'emergency',
  'extensions',
] as const

/**
 * Every grant of the view, in batches, oldest first: ids are in the order they were made and never change, so
 * nothing is skipped or told twice while the table moves. Null for whoever may not see the table.
 * @param only ids: of the view, these alone
 */
export async function exportGrants(
  ctx: Ctx,
  view: GrantView,
  look: Look,
  only?: readonly string[],
): Promise<AsyncGenerator<ExportedGrant[]> | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  const facts = await filterFacts(ctx.db, view, look)
  const chosen = only ? inArray(grant.id, [...only]) : undefined
  const where = and(inScope(scope), viewCondition(view, facts), chosen)
  return (async function* batches() {
    let last: string | null = null
    do {
      const ids = await idsAfter(ctx.db, where, last)
      if (ids.length === 0) return
      const found = await joinedRows(ctx.db, sql`${grant.id} = any(${`{${ids.join(',')}}`}::uuid[])`)
      const rows = await fillRows(ctx.db, found, facts.limits)
      const byId = new Map(rows.map((row) => [row.id, row]))
      yield ids.flatMap((id) => {
        const row = byId.get(id)
        return row ? [exported(row, look.now)] : []
      })
      last = ids.length === BATCH ? (ids.at(-1) ?? null) : null
    } while (last)
  })()
}

async function idsAfter(db: Reader, where: ReturnType<typeof eq> | undefined, last: string | null) {
  const rows = await db
    .select({ id: grant.id })
    .from(grant)
    .where(and(where, last ? gt(grant.id, last) : undefined))
    .orderBy(asc(grant.id))
    .limit(BATCH)
  return rows.map((row) => row.id)
}

function exported(row: GrantListRow, now: Date): ExportedGrant {
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    id: row.id,
    person: row.person.name,
    team: row.person.team,
    application: row.application.name,
    entitlement: row.entitlement.name,
    status: grantStatus({ ...row, extensionAsked: row.pending !== null }, now),
    state: row.state,
    mode: row.mode,
    reason: row.reason,
    policy: row.policy,
    agreed_at: iso(row.createdAt),
    granted_at: iso(row.grantedAt),
    expires_at: iso(row.endsAt),
    notice_due_at: iso(noticeAtOf(row)),
    notice_sent_at: iso(row.noticeSentAt),
    notice_error: row.noticeError,
    end_reason: row.endReason,
    ended_by: row.ended?.by ?? null,
    right_over_at: iso(row.rightOverAt),
    seen_absent_at: iso(row.seenAbsentAt),
    late_ms: row.lateMs,
    verified: row.verified,
    held_before: row.preexisting,
    emergency: row.emergency,
    extensions: row.extensions,
  }
}
