import 'server-only'
import { and, asc, desc, eq, gt, inArray, lte, ne, or, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { type Became, byAsk } from '@/lib/deciding-words'
import { mayDecide, seatFor } from '@/lib/domain/request'
import { approverBook } from '@/lib/services/approver-book'
import { floorOf, placeOfRequest } from '@/lib/services/facts'
import { found as foundThrough } from '@/lib/services/membership'
import type { DecisionView, LengthChoice, RequestView, SameAsk, ToDecide } from '@/lib/views'
import { unsafeApart } from './apart'
import { unsafeLeases } from './leases'
import { decisionsOf, peopleOf } from './names'
import { unsafeBecame } from './not-asked'
import { unsafeHistories } from './past-requests'
import { unsafeSteps } from './request-steps'
import { type RequestRecord, requestDetails, seatsOf, unsafeRequests } from './requests'

/**
 * The actor, their other accounts, and everybody in whose place they decide now, by all of their accounts; and whether
 * one of them is an admin.
 */
async function placesOf(ctx: Ctx, me: string, now: Date): Promise<{ ids: string[]; admin: boolean }> {
  const { delegation, person } = schema
  const account = alias(person, 'account')
  const principal = alias(person, 'principal')
  const mine = ctx.db.select({ key: person.emailKey }).from(person).where(eq(person.id, me))
  const away = ctx.db
    .select({ key: principal.emailKey })
    .from(delegation)
    .innerJoin(account, eq(account.id, delegation.substituteId))
    .innerJoin(principal, eq(principal.id, delegation.personId))
    .where(and(inArray(account.emailKey, mine), lte(delegation.startsAt, now), gt(delegation.endsAt, now)))
  const found = await ctx.db
    .select({ id: person.id, admin: person.admin })
    .from(person)
    .where(or(inArray(person.emailKey, mine), inArray(person.emailKey, away)))
  return { ids: found.map((p) => p.id), admin: found.some((p) => p.admin) }
}

/** Ids of pending requests on whose open step this person may decide now, the soonest to lapse first. */
async function waitingIds(ctx: Ctx, now: Date): Promise<string[]> {
  if (ctx.actor.kind !== 'person') return []
  const me = ctx.actor.id
  const { request, entitlement, person, applicationOwner, decision } = schema
  const members = foundThrough()
  const { ids, admin } = await placesOf(ctx, me, now)
  const places = new Set(ids)
  const [mine, owned, pending] = await Promise.all([
    ctx.db.select({ id: members.groupId }).from(members.rows).where(inArray(members.personId, ids)),
    ctx.db
      .select({ id: applicationOwner.applicationId })
      .from(applicationOwner)
      .where(inArray(applicationOwner.personId, ids)),
    ctx.db
      .select({
        row: request,
        applicationId: entitlement.applicationId,
        managerId: person.managerId,
      })
      .from(request)
      .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
      .innerJoin(person, eq(person.id, request.personId))
      .where(
        and(
          eq(request.state, 'pending'),
          ne(request.personId, me),
          ne(request.askerId, me),
          gt(request.decideBy, now),
        ),
      )
      .orderBy(asc(request.decideBy), asc(request.id)),
  ])
  const groups = new Set(mine.map((g) => g.id))
  const applications = new Set(owned.map((a) => a.id))
  // What cannot concern the actor is left out before anything is read about it.
  const near = pending.filter(({ row, applicationId, managerId }) => {
    const escalated = row.escalated.includes(row.step) && (admin || applications.has(applicationId))
    const reassigned = row.reassigned?.personIds.some((id) => places.has(id)) ?? false
    return (
      escalated ||
      reassigned ||
      (row.steps[row.step]?.approvers ?? []).some(
        (ref) =>
          (ref.kind === 'person' && places.has(ref.id)) ||
          (ref.kind === 'group' && groups.has(ref.id)) ||
          (ref.kind === 'manager' && managerId !== null && places.has(managerId)) ||
          (ref.kind === 'owners' && applications.has(applicationId)),
      )
    )
  })
  if (near.length === 0) return []
  const votes = await ctx.db
    .select()
    .from(decision)
    .where(
      inArray(
        decision.requestId,
        near.map((r) => r.row.id),
      ),
    )
  const asked = near.map(({ row, applicationId }) => {
    const cast = votes.filter((v) => v.requestId === row.id && v.round === row.round)
    return { row, place: placeOfRequest(row, applicationId, cast), votes: cast }
  })
  const book = await approverBook(
    ctx.db,
    asked.map((a) => a.place),
    now,
  )
  return asked
    .filter(({ row, place, votes }) => {
      const { askerId, personId: beneficiaryId, step } = row
      return !('ok' in seatFor({ askerId, beneficiaryId, step, votes, ...book.standing(place) }, me))
    })
    .map(({ row }) => row.id)
}

/** How many requests wait for this person's decision. */
export async function countToDecide(ctx: Ctx, now: Date): Promise<number> {
  return (await waitingIds(ctx, now)).length
}

/** At most so many are shown with everything; the rest is counted. */
const SHOWN = 60

/**
 * What waits for the actor's decision, the soonest to lapse first, each with what one needs to decide. What was asked
 * in one go stands together.
 */
export async function approvalQueue(
  ctx: Ctx,
  now: Date,
  limit = SHOWN,
): Promise<{ items: ToDecide[]; total: number }> {
  const ids = await waitingIds(ctx, now)
  const { request } = schema
  const shown = ids.slice(0, limit)
  if (shown.length === 0) return { items: [], total: 0 }
  const items = await toDecide(ctx, inArray(request.id, shown), now)
  const sorted = items.sort((a, b) => shown.indexOf(a.id) - shown.indexOf(b.id))
  return { items: byAsk(sorted).flat(), total: ids.length }
}

/** One request with what its approver needs, or null when the actor may not decide on its open step. */
export async function requestToDecide(ctx: Ctx, id: string, now: Date): Promise<ToDecide | null> {
  const [found] = await toDecide(
    ctx,
    and(eq(schema.request.id, id), eq(schema.request.state, 'pending')),
    now,
  )
  return found ?? null
}

async function toDecide(ctx: Ctx, where: SQL | undefined, now: Date): Promise<ToDecide[]> {
  if (ctx.actor.kind !== 'person') return []
  const me = ctx.actor.id
  const { grant } = schema
  const { records, book } = await unsafeRequests(ctx.db, where, now)
  const mine = records.filter((r) => !('ok' in seatFor(seatsOf(r), me)))
  if (mine.length === 0) return []
  const personIds = [...new Set(mine.map((r) => r.row.personId))]
  const pairs = mine.map((r) => ({ personId: r.row.personId, entitlementId: r.row.entitlementId }))
  const [people, holds, histories, floor, steps, apart] = await Promise.all([
    peopleOf(ctx.db, [...personIds, ...mine.map((r) => r.row.askerId)]),
    unsafeLeases(
      ctx.db,
      and(inArray(grant.personId, personIds), inArray(grant.state, ['active', 'revoking'])),
      now,
    ),
    unsafeHistories(ctx.db, pairs, now),
    floorOf(ctx.db),
    unsafeSteps(ctx.db, mine, book, now),
    unsafeApart(ctx.db, pairs),
  ])
  const votes = await decisionsOf(
    ctx.db,
    mine.flatMap((r) => r.votes),
  )
  return mine.map((r, i) => {
    const person = people.get(r.row.personId)
    if (!person) throw new Error(`request ${r.row.id} has no person`)
    const seat = seatFor(seatsOf(r), me)
    const away = 'ok' in seat ? null : seat.forId
    return {
      ...r.view,
      person,
      askerName: people.get(r.row.askerId)?.name ?? person.name,
      inPlaceOf: away ? { name: book.name(away), until: book.awayUntil(away) } : null,
      choices: choicesOf(r, floor),
      others: mayDecide(seatsOf(r))
        .filter((id) => id !== me)
        .map((id) => book.name(id)),
      steps: steps.get(r.row.id) ?? [],
      apart: apart[i] ?? [],
      votes: votes.filter((d) => d.requestId === r.row.id),
      holds: holds.filter((l) => l.personId === r.row.personId),
      past: histories(r.row.personId, r.row.entitlementId),
    }
  })
}

/** What else of the same ask waits for the actor's decision now. */
export async function restOfAsk(
  ctx: Ctx,
  { id, askId }: Pick<RequestView, 'id' | 'askId'>,
  now: Date,
): Promise<SameAsk[]> {
  if (ctx.actor.kind !== 'person') return []
  const me = ctx.actor.id
  const { request } = schema
  const { records } = await unsafeRequests(
    ctx.db,
    and(
      eq(request.askId, askId),
      ne(request.id, id),
      eq(request.state, 'pending'),
      gt(request.decideBy, now),
    ),
    now,
    { orderBy: [asc(request.askedAt), asc(request.id)] },
  )
  return records
    .filter((r) => !('ok' in seatFor(seatsOf(r), me)))
    .map(({ view }) => ({ id: view.id, name: view.entitlement.name, application: view.application.name }))
}

/**
 * What became of requests that waited for the actor a moment ago. Of one that they may not see any more it is only
 * said that it does not wait for them.
 */
export async function whatBecame(ctx: Ctx, { ids }: { ids: readonly string[] }): Promise<Became[]> {
  if (ids.length === 0) return []
  const now = await readNow(ctx.db)
  const seen = await Promise.all(ids.map(async (id) => ((await requestDetails(ctx, id, now)) ? [id] : [])))
  const visible = seen.flat()
  const { records } = visible.length
    ? await unsafeRequests(ctx.db, inArray(schema.request.id, visible), now)
    : { records: [] }
  return Promise.all(
    ids.map(async (id) => {
      const record = records.find((r) => r.row.id === id)
      return record ? unsafeBecame(ctx.db, record) : { id, state: 'pending', at: null, byNames: [] }
    }),
  )
}

/** The lengths an approver may give: those of the policy that are not longer than asked for, and not under the floor. */
function choicesOf({ row, definition }: RequestRecord, floor: number): LengthChoice[] {
  const asked = row.seconds
  if (asked === null) return []
  const shorter = definition.presets
    .filter((p) => p.seconds < asked && p.seconds >= floor)
    .map((p) => ({ ...p, asked: false }))
  return [...shorter, { seconds: asked, noticeSeconds: row.noticeSeconds, asked: true }].sort(
    (a, b) => a.seconds - b.seconds,
  )
}

/** A request that the actor decided, or that was decided in their place, with that vote. */
export interface Decided {
  readonly request: RequestView
  readonly personName: string
  readonly vote: DecisionView
}

/** What the actor decided and what was decided in their place, newest first, one page at a time (from 1). */
export async function myDecisions(
  ctx: Ctx,
  now: Date,
  page = 1,
): Promise<{ items: Decided[]; page: number; more: boolean }> {
  if (ctx.actor.kind !== 'person') return { items: [], page: 1, more: false }
  const { decision, request } = schema
  const size = 30
  const cast = await ctx.db
    .select()
    .from(decision)
    .where(or(eq(decision.personId, ctx.actor.id), eq(decision.forId, ctx.actor.id)))
    .orderBy(desc(decision.decidedAt), desc(decision.id))
    .limit(size + 1)
    .offset((page - 1) * size)
  const shown = cast.slice(0, size)
  if (shown.length === 0) return { items: [], page, more: false }
  const { records } = await unsafeRequests(
    ctx.db,
    inArray(
      request.id,
      shown.map((v) => v.requestId),
    ),
    now,
  )
  const people = await peopleOf(
    ctx.db,
    records.map((r) => r.row.personId),
  )
  const votes = await decisionsOf(ctx.db, shown)
  const items = shown.flatMap((v, i): Decided[] => {
    const found = records.find((r) => r.row.id === v.requestId)
    const vote = votes[i]
    if (!found || !vote) return []
    return [{ request: found.view, personName: people.get(found.row.personId)?.name ?? 'Somebody', vote }]
  })
  return { items, page, more: cast.length > size }
}
