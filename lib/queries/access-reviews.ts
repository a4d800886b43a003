import 'server-only'
import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import type {
  AccessReviewPage,
  AccessReviewRow,
  ApplicationReviews,
  LineCounts,
  LineOutcome,
  LineView,
  WaitingReview,
} from '@/lib/access-review-views'
import type { Ctx } from '@/lib/context'
import { decideUntil, lineStatus } from '@/lib/domain/access-review'
import { can } from '@/lib/domain/authorize'
import { type ReviewBook, reviewBook } from '@/lib/services/access-review-book'
import { countLines, type LoadedLine, loadLines } from '@/lib/services/access-review-facts'
import { placeOfLine, reviewOf } from '@/lib/services/access-reviews'
import type { ReviewRow } from '@/lib/services/changes'
import { accountsOf, ownersOf } from '@/lib/services/facts'
import { MOST_REMOVED } from '@/lib/services/findings'
import type { TimelineEntryView } from '@/lib/timeline-words'
import { manageScope } from './scope'

const { accessReview, application, entitlement, finding, grant, person, standing, timeline } = schema
const isRunning = ({ state }: Pick<ReviewRow, 'state'>) => state === 'open' || state === 'escalated'
const waits = (line: LoadedLine) => ['open', 'missed'].includes(lineStatus(line))

/** So many reviews are listed; what is older is found through its application. */
const MOST_LISTED = 200

/** The access reviews of what the actor looks after, running ones first; null for whoever looks after nothing. */
export async function listAccessReviews(
  ctx: Ctx,
): Promise<{ rows: AccessReviewRow[]; canStart: boolean } | null> {
  const scope = await manageScope(ctx, 'access_review.list')
  if (!scope) return null
  const { applicationIds } = scope
  return {
    rows: await rowsOf(ctx.db, applicationIds, MOST_LISTED),
    canStart: (await startChoices(ctx)).length > 0,
  }
}

/** What an application's page says of its access reviews; null for whoever may not see them. */
export async function reviewsOfApplication(
  ctx: Ctx,
  { id, archivedAt }: { id: string; archivedAt: Date | null },
): Promise<ApplicationReviews | null> {
  const ownerIds = await ownersOf(ctx.db, id)
  if (!can(ctx.actor, 'access_review.see', { ownerIds })) return null
  const [latest = null] = await rowsOf(ctx.db, [id], 1)
  const running = latest !== null && latest.closedAt === null
  return {
    latest,
    canStart: !running && archivedAt === null && can(ctx.actor, 'access_review.start', { ownerIds }),
  }
}

/** Running ones first, then by their start. */
async function rowsOf(
  db: Reader,
  applicationIds: readonly string[] | null,
  most: number,
): Promise<AccessReviewRow[]> {
  const rows = await db
    .select({ review: accessReview, application: application.name, startedBy: person.name })
    .from(accessReview)
    .innerJoin(application, eq(application.id, accessReview.applicationId))
    .innerJoin(person, eq(person.id, accessReview.startedBy))
    .where(applicationIds ? inArray(accessReview.applicationId, [...applicationIds]) : undefined)
    .orderBy(sql`${accessReview.state} in ('open', 'escalated') desc`, desc(accessReview.startedAt))
    .limit(most)
  const counts = await countLines(
    db,
    rows.map(({ review }) => review.id),
  )
  return rows.map((row) => rowOf(row, counts.get(row.review.id) ?? NONE))
}

type Joined = { review: ReviewRow; application: string; startedBy: string }

const NONE: LineCounts = { open: 0, kept: 0, removed: 0, missed: 0, over: 0 }

function rowOf({ review, application: name, startedBy }: Joined, counts: LineCounts): AccessReviewRow {
  return {
    id: review.id,
    name: review.name,
    application: { id: review.applicationId, name },
    state: review.state,
    startedAt: review.startedAt,
    startedBy,
    until: decideUntil(review),
    closedAt: review.closedAt,
    counts,
  }
}

function countsOf(lines: readonly LoadedLine[]): LineCounts {
  const counts = { ...NONE }
  for (const line of lines) counts[lineStatus(line)]++
  return counts
}

/** The applications on which the actor may start an access review. */
export async function startChoices(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const scope = await manageScope(ctx, 'access_review.list')
  if (!scope) return []
  const { applicationOwner } = schema
  const rows = await ctx.db
    .select({ id: application.id, name: application.name, ownerId: applicationOwner.personId })
    .from(application)
    .leftJoin(applicationOwner, eq(applicationOwner.applicationId, application.id))
    .where(isNull(application.archivedAt))
    .orderBy(asc(application.name))
  const found = new Map<string, { name: string; ownerIds: string[] }>()
  for (const { id, name, ownerId } of rows) {
    const one = found.get(id) ?? { name, ownerIds: [] }
    if (ownerId) one.ownerIds.push(ownerId)
    found.set(id, one)
  }
  return [...found].flatMap(([id, { name, ownerIds }]) =>
    can(ctx.actor, 'access_review.start', { ownerIds }) ? [{ id, name }] : [],
  )
}

/**
 * One access review. Owners, admins and auditors see every line; a reviewer sees the lines that are theirs to decide,
 * and those they decided. Null for everybody else.
 */
export async function accessReviewPage(
  ctx: Ctx,
  id: string,
  now: Date,
  look: 'all' | 'mine',
): Promise<AccessReviewPage | null> {
  const { db, actor } = ctx
  const me = actor.kind === 'person' ? actor.id : ''
  const review = await reviewOf(db, id)
  if (!review) return null
  const ownerIds = await ownersOf(db, review.applicationId)
  const sees = can(actor, 'access_review.see', { ownerIds })
  if (look === 'all' && !sees) return null
  const [joined] = await db
    .select({ application: application.name, startedBy: person.name })
    .from(application)
    .innerJoin(person, eq(person.id, review.startedBy))
    .where(eq(application.id, review.applicationId))
  if (!joined) return null
  const loaded = await loadLines(db, { reviewIds: [id] })
  const places = loaded.map(({ row }) => placeOfLine(review, row))
  const book = await reviewBook(db, places)
  const mayDecide = isRunning(review) && now < decideUntil(review)
  const lines = await viewsOf(db, review, loaded, { book, me, mayDecide })
  const ownDecisions = new Set(loaded.filter(({ row }) => row.decidedBy === me).map((line) => line.id))
  const shown = look === 'all' ? lines : lines.filter((line) => line.mine || ownDecisions.has(line.id))
  if (look === 'mine' && shown.length === 0) return null
  return {
    ...rowOf({ review, ...joined }, countsOf(loaded)),
    instructions: review.instructions,
    rule: review.reviewers,
    named: review.reviewerIds.map(book.name),
    consequence: review.consequence,
    dueAt: review.dueAt,
    escalatedUntil: review.escalatedUntil,
    lines: shown,
    // Names of whoever else holds something are for those who see all of it.
    gaps: look === 'all' ? review.gaps : [],
    leftOut: look === 'all' ? review.leftOut : [],
    mostRemoved: MOST_REMOVED,
    can: { see: sees, callOff: isRunning(review) && can(actor, 'access_review.stop', { ownerIds }) },
  }
}

/** What the lines say, with names, times, who may decide, and what became of removals. */
async function viewsOf(
  db: Reader,
  review: ReviewRow,
  loaded: readonly LoadedLine[],
  look: { book: ReviewBook; me: string; mayDecide: boolean },
): Promise<LineView[]> {
  const facts = await factsOf(db, review.id)
  return loaded
    .flatMap((line): LineView[] => {
      const { row } = line
      const fact = facts.get(line.id)
      if (!fact) return []
      const status = lineStatus(line)
      const { ids, as } = look.book.reviewers(placeOfLine(review, row))
      const decidable = look.mayDecide && ['open', 'missed', 'kept'].includes(status)
      return [
        {
          id: row.id,
          version: row.version,
          entitlement: { id: row.entitlementId, name: fact.entitlement, risk: fact.risk },
          kind: row.grantId ? 'lease' : 'standing',
          grantId: row.grantId,
          person: row.personId
            ? { id: row.personId, name: fact.person ?? '', team: fact.team, left: fact.left !== null }
            : null,
          account: row.account?.name ?? null,
          since: row.grantId ? fact.grantedAt : fact.standingSince,
          endsAt: fact.endsAt,
          status,
          decision:
            row.decision && row.decidedAt
              ? {
                  decision: row.decision,
                  by: fact.decider ?? 'Somebody',
                  at: row.decidedAt,
                  reason: row.reason ?? '',
                  late: row.missedAt !== null,
                }
              : null,
          outcome: outcomeOf(line, fact),
          reviewers: ids.map(look.book.name),
          as,
          mine: decidable && ids.includes(look.me),
        },
      ]
    })
    .sort(
      (a, b) =>
        a.entitlement.name.localeCompare(b.entitlement.name) ||
        (a.person?.name ?? a.account ?? '').localeCompare(b.person?.name ?? b.account ?? ''),
    )
}

type Fact = Awaited<ReturnType<typeof factsOf>> extends Map<string, infer F> ? F : never

async function factsOf(db: Reader, reviewId: string) {
  const { accessReviewLine: line } = schema
  const decider = alias(person, 'decider')
  const rows = await db
    .select({
      id: line.id,
      entitlement: entitlement.name,
      risk: entitlement.risk,
      person: person.name,
      team: person.team,
      left: person.deactivatedAt,
      decider: decider.name,
      grantState: grant.state,
      grantedAt: grant.grantedAt,
      endsAt: grant.endsAt,
      seenAbsentAt: grant.seenAbsentAt,
      standingSince: standing.since,
      findingClosedAs: finding.closedAs,
      findingClosedAt: finding.closedAt,
    })
    .from(line)
    .innerJoin(entitlement, eq(entitlement.id, line.entitlementId))
    .leftJoin(person, eq(person.id, line.personId))
    .leftJoin(decider, eq(decider.id, line.decidedBy))
    .leftJoin(grant, eq(grant.id, line.grantId))
    .leftJoin(
      standing,
      and(
        eq(standing.entitlementId, line.entitlementId),
        sql`${standing.externalId} = ${line.account} ->> 'id'`,
      ),
    )
    .leftJoin(finding, eq(finding.id, line.findingId))
    .where(eq(line.accessReviewId, reviewId))
  return new Map(rows.map((row) => [row.id, row]))
}

const findingEnds: Record<string, string> = {
  adopted: 'not removed: an owner said that it stands',
  ignored: 'not removed: an owner left it be',
  leased: 'not removed: it became a lease',
  given_again: 'not removed: it became a lease',
}

/** What became of a removal, by decision or because the line was missed. */
function outcomeOf({ row, decision, missedAt }: LoadedLine, fact: Fact): LineOutcome | null {
  if (row.revokeProblem) return { kind: 'not_done', words: row.revokeProblem }
  if (decision !== 'remove' && !(missedAt && row.revokedAt && decision === null)) return null
  if (row.findingId) {
    if (!fact.findingClosedAt) return { kind: 'under_way', words: 'being removed' }
    const ended = findingEnds[fact.findingClosedAs ?? '']
    return ended ? { kind: 'not_done', words: ended } : { kind: 'gone', words: 'removed, seen gone' }
  }
  if (fact.grantState === 'ended' || fact.grantState === 'failed')
    return { kind: 'gone', words: fact.seenAbsentAt ? 'revoked, seen gone' : 'revoked' }
  return { kind: 'under_way', words: 'being revoked' }
}

/** What happened in a review, oldest first; for whoever sees all of it. */
export async function accessReviewStory(ctx: Ctx, id: string): Promise<TimelineEntryView[]> {
  const review = await reviewOf(ctx.db, id)
  if (!review) return []
  const ownerIds = await ownersOf(ctx.db, review.applicationId)
  if (!can(ctx.actor, 'access_review.see', { ownerIds })) return []
  const rows = await ctx.db
    .select({ entry: timeline, actorName: person.name })
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(and(eq(timeline.subjectType, 'access_review'), eq(timeline.subjectId, id)))
    .orderBy(asc(timeline.version))
  return rows.map(({ entry, actorName }) => ({
    id: String(entry.id),
    subjectType: entry.subjectType,
    verb: entry.verb,
    at: entry.at,
    actorName,
    data: entry.data,
  }))
}

/** The running access reviews that have lines for the actor, the soonest due first. */
export async function waitingReviews(ctx: Ctx, now: Date): Promise<WaitingReview[]> {
  if (ctx.actor.kind !== 'person') return []
  const { id: me, admin } = ctx.actor
  const perhaps = (await loadLines(ctx.db, { perhapsFor: { id: me, admin } })).filter(waits)
  if (perhaps.length === 0) return []
  const running = (
    await ctx.db
      .select({ review: accessReview, application: application.name })
      .from(accessReview)
      .innerJoin(application, eq(application.id, accessReview.applicationId))
      .where(inArray(accessReview.id, [...new Set(perhaps.map(({ row }) => row.accessReviewId))]))
  ).filter(({ review }) => now < decideUntil(review))
  const byId = new Map(running.map((one) => [one.review.id, one]))
  const own = new Set(await accountsOf(ctx.db, me))
  const open = perhaps.filter((line) => !own.has(line.row.personId ?? ''))
  const places = open.flatMap(({ row }) => {
    const one = byId.get(row.accessReviewId)
    return one ? [{ id: row.accessReviewId, place: placeOfLine(one.review, row) }] : []
  })
  const book = await reviewBook(
    ctx.db,
    places.map(({ place }) => place),
  )
  const counts = new Map<string, number>()
  for (const { id, place } of places)
    if (book.reviewers(place).ids.includes(me)) counts.set(id, (counts.get(id) ?? 0) + 1)
  return running
    .flatMap(({ review, application: name }) => {
      const lines = counts.get(review.id) ?? 0
      return lines > 0
        ? [{ id: review.id, name: review.name, application: name, lines, until: decideUntil(review) }]
        : []
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime())
}
