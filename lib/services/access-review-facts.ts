import 'server-only'
import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { LineCounts } from '@/lib/access-review-views'
import {
  type AccessReviewState,
  type LineFacts,
  type LineStatus,
  lineStatus,
} from '@/lib/domain/access-review'
import type { GrantState } from '@/lib/domain/grant'
import type { ReviewLineRow } from './changes'

/** A line with what its status follows from. */
export interface LoadedLine extends LineFacts {
  readonly id: string
  readonly row: ReviewLineRow
}

/** A lease that took the place of what was held for good: it runs, and nothing stood before it. */
const leased = sql<boolean>`(access_review_line.account is not null and exists (
  select 1 from "grant" g where g.entitlement_id = access_review_line.entitlement_id
    and g.person_id = access_review_line.person_id
    and g.state in ('provisioning', 'active', 'revoking') and not g.preexisting))`

/** Which lines: of these reviews, one alone, or whatever of running reviews could be a person's to decide. */
export type WhichLines =
  | { readonly reviewIds: readonly string[] }
  | { readonly lineId: string }
  | { readonly perhapsFor: { readonly id: string; readonly admin: boolean } }

/** Lines, each with what its status follows from; in the order of their making. */
export async function loadLines(db: Reader, which: WhichLines): Promise<LoadedLine[]> {
  const { accessReview, accessReviewLine: line, grant } = schema
  if ('reviewIds' in which && which.reviewIds.length === 0) return []
  const rows = await db
    .select({ line, grantState: sql<GrantState | null>`${grant.state}`, leased, state: accessReview.state })
    .from(line)
    .innerJoin(accessReview, eq(accessReview.id, line.accessReviewId))
    .leftJoin(grant, eq(grant.id, line.grantId))
    .where(wanted(which))
    .orderBy(asc(line.id))
  return rows.map(({ line: row, grantState, leased: over, state }) => ({
    id: row.id,
    row,
    decision: row.decision,
    missedAt: row.missedAt,
    overAt: row.overAt,
    grantState,
    leased: over,
    closed: isClosed(state),
  }))
}

const isClosed = (state: AccessReviewState) => state === 'closed' || state === 'called_off'

function wanted(which: WhichLines) {
  const { accessReview, accessReviewLine: line } = schema
  if ('lineId' in which) return eq(line.id, which.lineId)
  if ('reviewIds' in which) return inArray(line.accessReviewId, [...which.reviewIds])
  return and(
    inArray(accessReview.state, ['open', 'escalated']),
    isNull(line.decision),
    isNull(line.overAt),
    perhapsFor(which.perhapsFor),
  )
}

/**
 * More than `reviewersOf` says is theirs, never less, so that every page may ask it: admins are asked only where no
 * owner but the holder is left, and who holds what is standing access is not told by one address alone.
 */
const perhapsFor = ({ id, admin }: { id: string; admin: boolean }) => sql`(
  exists (select 1 from application_owner o
    where o.application_id = access_review.application_id and o.person_id = ${id})
  or access_review.reviewers = 'people' and access_review.reviewer_ids @> to_jsonb(${id}::text)
  or access_review.reviewers = 'manager' and exists (select 1 from person h
    where h.id = access_review_line.person_id and h.manager_id = ${id})
  or ${admin} and (access_review_line.account is not null or not exists (select 1 from application_owner o
    join person p on p.id = o.person_id and p.deactivated_at is null
    where o.application_id = access_review.application_id
      and p.email_key <> (select h.email_key from person h where h.id = access_review_line.person_id))))`

/** How many lines of each of these reviews stand how; reviews without a line are not in it. */
export async function countLines(
  db: Reader,
  reviewIds: readonly string[],
): Promise<ReadonlyMap<string, LineCounts>> {
  const { accessReview, accessReviewLine: line, grant } = schema
  if (reviewIds.length === 0) return new Map()
  const facts = db
    .select({
      reviewId: line.accessReviewId,
      decision: line.decision,
      missedAt: line.missedAt,
      overAt: line.overAt,
      grantState: sql<GrantState | null>`${grant.state}`.as('grant_state'),
      leased: leased.as('leased'),
      state: accessReview.state,
    })
    .from(line)
    .innerJoin(accessReview, eq(accessReview.id, line.accessReviewId))
    .leftJoin(grant, eq(grant.id, line.grantId))
    .where(inArray(line.accessReviewId, [...reviewIds]))
    .as('facts')
  const { reviewId, decision, missedAt, overAt, grantState, leased: over, state } = facts
  const alike = { reviewId, decision, missedAt, overAt, grantState, leased: over, state }
  const rows = await db
    .select({ ...alike, lines: count() })
    .from(facts)
    .groupBy(...Object.values(alike))
  const counts = new Map<string, Record<LineStatus, number>>()
  for (const { lines, ...row } of rows) {
    const of = counts.get(row.reviewId) ?? { open: 0, kept: 0, removed: 0, missed: 0, over: 0 }
    of[lineStatus({ ...row, closed: isClosed(row.state) })] += lines
    counts.set(row.reviewId, of)
  }
  return counts
}
