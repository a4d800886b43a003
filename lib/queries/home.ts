import 'server-only'
import { and, eq, gte, inArray, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { WaitingReview } from '@/lib/access-review-views'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { DAY, plus } from '@/lib/domain/duration'
import { isOver } from '@/lib/domain/grant'
import { ownersOf } from '@/lib/services/facts'
import type { LeaseView, RequestView, TaskView, ToDecide } from '@/lib/views'
import { waitingReviews } from './access-reviews'
import { approvalQueue } from './approvals'
import { type Suggestion, suggestions } from './catalogue'
import { unsafeLeases } from './leases'
import { movingRequests } from './requests'
import { openTasks } from './tasks'

/** "Ended lately" reaches back so many seconds. */
const LATELY = 30 * DAY
/** So many requests are shown under "Waiting for me". */
const WAITING_SHOWN = 4

export interface Home {
  /** With an end, or on the way; the soonest end first. */
  readonly leases: readonly LeaseView[]
  readonly permanent: readonly LeaseView[]
  readonly endedLately: number
  readonly waiting: { readonly items: readonly ToDecide[]; readonly total: number }
  readonly tasks: readonly TaskView[]
  readonly reviews: readonly WaitingReview[]
  readonly requests: readonly RequestView[]
  /** Only for somebody who holds nothing. */
  readonly suggestions: { readonly rows: readonly Suggestion[]; readonly team: string | null } | null
}

/** What I hold, what waits for me, what I asked for. */
export async function homeOf(ctx: Ctx, now: Date): Promise<Home> {
  const me = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const { grant } = schema
  const [held, ended, waiting, tasks, reviews, requests] = await Promise.all([
    unsafeLeases(
      ctx.db,
      and(eq(grant.personId, me), inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking'])),
      now,
    ),
    ctx.db
      .select({ count: sql<string>`count(*)` })
      .from(grant)
      .where(
        and(
          eq(grant.personId, me),
          inArray(grant.state, ['ended', 'failed']),
          gte(grant.createdAt, plus(now, -LATELY)),
        ),
      ),
    approvalQueue(ctx, now, WAITING_SHOWN),
    openTasks(ctx, now),
    waitingReviews(ctx, now),
    movingRequests(ctx, now),
  ])
  const permanent = held.filter((l) => l.mode === 'permanent' && l.times.state === 'active')
  return {
    leases: held.filter((l) => !permanent.includes(l)).sort((a, b) => order(a, now) - order(b, now)),
    permanent,
    endedLately: Number(ended[0]?.count ?? 0),
    waiting,
    tasks: tasks.filter((t) => t.mine),
    reviews,
    requests,
    suggestions: held.length === 0 ? await suggestions(ctx, now) : null,
  }
}

/** What should be gone comes first, then by end, then what has not started. */
function order(lease: LeaseView, now: Date): number {
  const { state, endsAt, startsAt } = lease.times
  if (state === 'revoking' || isOver({ endsAt }, now)) return 0
  if (state === 'active') return endsAt?.getTime() ?? Number.MAX_SAFE_INTEGER
  return Number.MAX_SAFE_INTEGER / 2 + (startsAt?.getTime() ?? 0)
}

/** What the actor held and does not hold any more, of the last 30 days, newest first. */
export async function endedLately(ctx: Ctx, now: Date): Promise<LeaseView[]> {
  const me = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const { grant } = schema
  return unsafeLeases(
    ctx.db,
    and(
      eq(grant.personId, me),
      inArray(grant.state, ['ended', 'failed']),
      gte(grant.createdAt, plus(now, -LATELY)),
    ),
    now,
    { orderBy: sql`coalesce(${grant.rightOverAt}, ${grant.createdAt}) desc`, limit: 50 },
  )
}

/** One grant of the actor's own, whatever became of it; null when it is not theirs. */
export async function myLease(ctx: Ctx, id: string, now: Date): Promise<LeaseView | null> {
  const me = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const { grant } = schema
  const [lease] = await unsafeLeases(ctx.db, and(eq(grant.id, id), eq(grant.personId, me)), now)
  return lease ?? null
}

/**
 * One grant for whoever may have it given again, with its holder's name where that is somebody else; null for others.
 */
export async function leaseToGiveAgain(
  ctx: Ctx,
  id: string,
  now: Date,
): Promise<{ lease: LeaseView; holder: string | null } | null> {
  const { grant, person } = schema
  const [lease] = await unsafeLeases(ctx.db, eq(grant.id, id), now)
  if (!lease) return null
  const ownerIds = await ownersOf(ctx.db, lease.application.id)
  if (!can(ctx.actor, 'grant.give_again', { beneficiaryId: lease.personId, ownerIds })) return null
  const mine = ctx.actor.kind === 'person' && ctx.actor.id === lease.personId
  const holder = await ctx.db.query.person.findFirst({ where: eq(person.id, lease.personId) })
  return { lease, holder: mine ? null : (holder?.name ?? null) }
}
