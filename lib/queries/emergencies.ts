import 'server-only'
import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Freeze } from '@/lib/application-views'
import { nameList } from '@/lib/asking-words'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { isOver } from '@/lib/domain/grant'
import { isEligible } from '@/lib/domain/policy'
import { refusedTogether } from '@/lib/domain/separation'
import { readReview } from '@/lib/review-words'
import { emergencyLength } from '@/lib/services/ask-problems'
import { emergencyProblem, type OpenEmergency, openEmergencies } from '@/lib/services/emergencies'
import { accountsOf, floorOf, loadEntitlement, loadPerson, reviewersOf } from '@/lib/services/facts'
import { freezeOf } from '@/lib/services/freeze'
import { conflictsOf } from '@/lib/services/separation-rules'
import type { EmergencyOffer, EmergencyReview, RequestView, TaskView } from '@/lib/views'
import { peopleOf } from './names'
import { requestDetails, requestStory } from './requests'

/** What the actor is told of emergency access to this; null where it is not for them, or they hold it anyhow. */
export async function emergencyOffer(
  ctx: Ctx,
  entitlementId: string,
  now: Date,
): Promise<EmergencyOffer | null> {
  if (ctx.actor.kind !== 'person') return null
  const { db } = ctx
  const [me, place, offer] = await Promise.all([
    loadPerson(db, ctx.actor.id),
    loadEntitlement(db, entitlementId),
    offerOf(ctx, entitlementId),
  ])
  if (!me || !place || !offer?.definition.emergency.allowed) return null
  const { entitlement, application, connection, ownerIds } = place
  const open = !entitlement.closedAt && !application.archivedAt && entitlement.requestable
  if (!open || !isEligible(offer.definition.requesters, me)) return null
  const { grant, request } = schema
  const [held, pending, emergencies, conflicts, floor, told, freeze] = await Promise.all([
    db
      .select({ state: grant.state, endsAt: grant.endsAt })
      .from(grant)
      .where(
        and(
          eq(grant.personId, me.id),
          eq(grant.entitlementId, entitlementId),
          inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
        ),
      ),
    db.query.request.findFirst({
      where: and(
        eq(request.personId, me.id),
        eq(request.entitlementId, entitlementId),
        eq(request.state, 'pending'),
      ),
      columns: { id: true },
    }),
    openEmergencies(db, me.id),
    conflictsOf(db, me.id, entitlementId),
    floorOf(db),
    reviewersOf(db, me.id, ownerIds),
    freezeOf(db, application.id),
  ])
  const going = held.filter((g) => g.state === 'revoking' || (g.state !== 'scheduled' && isOver(g, now)))
  if (going.length < held.length) return null
  const length = emergencyLength(floor, offer.definition)
  const refused =
    emergencyProblem(emergencies, { others: false, count: 1 }) ??
    refusedTogether(conflicts, entitlement.name, ['held', 'agreed', 'asked']) ??
    ('ok' in length ? length : null)
  const names = await peopleOf(db, told)
  const own = offer.publishedBy === me.id
  return {
    seconds: offer.definition.emergency.seconds,
    why: (await whoReviews(ctx, emergencies)) ?? refused?.message ?? (own ? OWN_POLICY : null),
    told: told.flatMap((id) => names.get(id)?.name ?? []),
    pending: pending !== undefined,
    heldBack: heldBack(freeze, application.name, connection?.paused ?? false),
    takenBack: going.length > 0,
  }
}

function heldBack(freeze: Freeze | null, application: string, paused: boolean): string | null {
  if (freeze?.scope === 'organisation') return 'All giving is frozen at present'
  if (freeze) return `Giving is frozen on ${application} at present`
  return paused ? `The connection to ${application} is paused at present` : null
}

const OWN_POLICY =
  'You published the access policy that allows this, so somebody else has to publish it first'

/** Which review stands in the way, and who could do it; null when none does. */
async function whoReviews(ctx: Ctx, open: readonly OpenEmergency[]): Promise<string | null> {
  const [first] = open
  if (first?.what !== 'not_reviewed') return null
  const reviewers = (await emergencyReview(ctx, first.grantId))?.reviewers ?? []
  const lead = `Your emergency access to ${first.entitlement} was not reviewed yet`
  return reviewers.length > 0
    ? `${lead}. ${nameList(reviewers, 'or')} can do that`
    : `${lead}, and nobody can: there is no other owner and no other admin. It takes one of them first`
}

async function offerOf({ db }: Ctx, entitlementId: string) {
  const { policy, policyVersion, policyEntitlement } = schema
  const [offer] = await db
    .select({ definition: policyVersion.definition, publishedBy: policyVersion.publishedBy })
    .from(policyEntitlement)
    .innerJoin(policy, and(eq(policy.id, policyEntitlement.policyId), isNull(policy.archivedAt)))
    .innerJoin(policyVersion, eq(policyVersion.id, policy.currentVersionId))
    .where(eq(policyEntitlement.entitlementId, entitlementId))
  return offer ?? null
}

/** How the review of an emergency access stands, to whoever may see the access; null where none was opened. */
export async function emergencyReview(ctx: Ctx, grantId: string): Promise<EmergencyReview | null> {
  const { db } = ctx
  const { task, grant } = schema
  const found = await db.query.task.findFirst({
    where: and(eq(task.grantId, grantId), eq(task.kind, 'review')),
  })
  const row = found && (await db.query.grant.findFirst({ where: eq(grant.id, grantId) }))
  const place = row && (await loadEntitlement(db, row.entitlementId))
  if (!place) return null
  const ownIds = await accountsOf(db, row.personId)
  const facts = { beneficiaryId: row.personId, ownIds, ownerIds: place.ownerIds }
  if (!can(ctx.actor, 'grant.see', facts)) return null
  const reviewers = await reviewersOf(db, row.personId, place.ownerIds)
  const people = await peopleOf(db, [...reviewers, ...(found.doneBy ? [found.doneBy] : [])])
  const name = (id: string) => people.get(id)?.name ?? 'Somebody'
  const read = found.state === 'done' ? readReview(found.evidence) : null
  return {
    taskId: found.id,
    dueAt: found.dueAt,
    reviewers: reviewers.map(name),
    mayReview: found.state === 'open' && can(ctx.actor, 'review.complete', facts),
    done: read && found.doneAt ? { ...read, by: name(found.doneBy ?? ''), at: found.doneAt } : null,
  }
}

/** What a reviewer looks at: the request with its reason, and everything that happened. */
export interface ReviewFacts {
  readonly request: RequestView
  readonly story: Awaited<ReturnType<typeof requestStory>>
  readonly reviewers: readonly string[]
}

/** The facts of a review task; null where the actor may not see them. */
export async function reviewFacts(ctx: Ctx, task: TaskView, now: Date): Promise<ReviewFacts | null> {
  const { request } = schema
  const asked = await ctx.db.query.request.findFirst({
    where: and(eq(request.grantId, task.lease.id), eq(request.kind, 'grant')),
    orderBy: asc(request.askedAt),
    columns: { id: true },
  })
  const details = asked && (await requestDetails(ctx, asked.id, now))
  if (!details) return null
  const [story, review] = await Promise.all([requestStory(ctx, details), emergencyReview(ctx, task.lease.id)])
  return { request: details.request, story, reviewers: review?.reviewers ?? [] }
}
