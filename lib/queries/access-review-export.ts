import 'server-only'
import type { Ctx } from '@/lib/context'
import { accessReviewPage } from './access-reviews'

export const reviewColumns = [
  'access_review',
  'application',
  'entitlement',
  'kind',
  'person',
  'account',
  'held_since',
  'ends_at',
  'status',
  'decision',
  'reason',
  'decided_by',
  'decided_at',
  'decided_late',
  'reviewers',
  'outcome',
] as const

/** One line of the export. Moments are UTC in ISO 8601; empty where there is none. */
export type ExportedLine = Record<(typeof reviewColumns)[number], string | boolean | null>

/**
 * Everything an auditor reads of one access review: every line with its decision, then what could not be listed or
 * decided, with why. Null for whoever may not see it.
 */
export async function exportReview(
  ctx: Ctx,
  id: string,
  now: Date,
): Promise<{ name: string; rows: ExportedLine[] } | null> {
  const page = await accessReviewPage(ctx, id, now, 'all')
  if (!page) return null
  const iso = (at: Date | null | undefined) => at?.toISOString() ?? null
  const blank: ExportedLine = {
    ...(Object.fromEntries(reviewColumns.map((column) => [column, null])) as ExportedLine),
    access_review: page.name,
    application: page.application.name,
  }
  return {
    name: page.name,
    rows: [
      ...page.lines.map((line) => ({
        ...blank,
        entitlement: line.entitlement.name,
        kind: line.kind,
        person: line.person?.name ?? null,
        account: line.account,
        held_since: iso(line.since),
        ends_at: iso(line.endsAt),
        status: line.status,
        decision: line.decision?.decision ?? null,
        reason: line.decision?.reason ?? null,
        decided_by: line.decision?.by ?? null,
        decided_at: iso(line.decision?.at),
        decided_late: line.decision?.late ?? null,
        reviewers: line.decision ? null : line.reviewers.join('; '),
        outcome: line.outcome?.words ?? null,
      })),
      ...page.leftOut.map(({ entitlement, who, why }) => ({
        ...blank,
        entitlement,
        kind: 'standing',
        account: who,
        status: 'not_decided_here',
        outcome: why,
      })),
      ...page.gaps.map(({ what, why }) => ({
        ...blank,
        entitlement: what,
        status: 'not_listed',
        outcome: why,
      })),
    ],
  }
}
