import 'server-only'
import { and, asc, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { ApproverRef } from '@/lib/domain/policy'
import { floorOf } from '@/lib/services/facts'
import type { DecisionView, LengthChoice, RequestView, ToDecide } from '@/lib/views'
import { unsafeLeases } from './leases'
import { decisionsOf, peopleOf } from './names'
import { unsafeHistories } from './past-requests'
import { type RequestRecord, unsafeRequests } from './requests'

/** Ids of pending requests whose open step asks this person, the soonest to lapse first. Live, in two queries. */
async function waitingIds(ctx: Ctx, now: Date): Promise<string[]> {
  if (ctx.actor.kind !== 'person') return []
  const me = ctx.actor.id
  const { request, entitlement, policyVersion, person, groupMember, applicationOwner, decision } = schema
  const [mine, owned, pending, voted] = await Promise.all([
    ctx.db.select({ id: groupMember.groupId }).from(groupMember).where(eq(groupMember.personId, me)),
    ctx.db
      .select({ id: applicationOwner.applicationId })
      .from(applicationOwner)
      .where(eq(applicationOwner.personId, me)),
    ctx.db
      .select({
        id: request.id,
        step: request.step,
        decideBy: request.decideBy,
        applicationId: entitlement.applicationId,
        managerId: person.managerId,
        // Only the open step travels, not every definition.
        approvers: sql<
          ApproverRef[] | null
        >`${policyVersion.definition} -> 'steps' -> ${request.step} -> 'approvers'`,
      })
      .from(request)
      .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
      .innerJoin(policyVersion, eq(policyVersion.id, request.policyVersionId))
      .innerJoin(person, eq(person.id, request.personId))
      .where(and(eq(request.state, 'pending'), ne(request.personId, me), ne(request.askerId, me)))
      .orderBy(asc(request.decideBy), asc(request.id)),
    ctx.db
      .select({ id: decision.requestId })
      .from(decision)
      .innerJoin(request, eq(request.id, decision.requestId))
      .where(and(eq(decision.personId, me), eq(request.state, 'pending'))),
  ])
  const groups = new Set(mine.map((g) => g.id))
  const applications = new Set(owned.map((a) => a.id))
  const done = new Set(voted.map((v) => v.id))
  return pending
    .filter(
      (r) =>
        !done.has(r.id) &&
        r.decideBy > now &&
        (r.approvers ?? []).some(
          (ref) =>
            (ref.kind === 'person' && ref.id === me) ||
            (ref.kind === 'group' && groups.has(ref.id)) ||
            (ref.kind === 'manager' && r.managerId === me) ||
            (ref.kind === 'owners' && applications.has(r.applicationId)),
        ),
    )
    .map((r) => r.id)
}

/** How many requests wait for this person's decision. */
export async function countToDecide(ctx: Ctx, now: Date): Promise<number> {
  return (await waitingIds(ctx, now)).length
}

/** At most so many are shown with everything; the rest is counted. */
const SHOWN = 60

/** What waits for the actor's decision, the soonest to lapse first, each with what one needs to decide. */
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
  return { items: items.sort((a, b) => shown.indexOf(a.id) - shown.indexOf(b.id)), total: ids.length }
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
  const mine = records.filter(
    ({ row, sets, votes }) =>
      !votes.some((v) => v.personId === me) &&
      can(ctx.actor, 'request.decide', {
        askerId: row.askerId,
        beneficiaryId: row.personId,
        approverIds: sets[row.step] ?? [],
      }),
  )
  if (mine.length === 0) return []
  const personIds = [...new Set(mine.map((r) => r.row.personId))]
  const pairs = mine.map((r) => ({ personId: r.row.personId, entitlementId: r.row.entitlementId }))
  const [people, holds, histories, floor] = await Promise.all([
    peopleOf(ctx.db, [...personIds, ...mine.map((r) => r.row.askerId)]),
    unsafeLeases(
      ctx.db,
      and(inArray(grant.personId, personIds), inArray(grant.state, ['active', 'revoking'])),
      now,
    ),
    unsafeHistories(ctx.db, pairs, now),
    floorOf(ctx.db),
  ])
  const votes = await decisionsOf(
    ctx.db,
    mine.flatMap((r) => r.votes),
  )
  return mine.map((r) => {
    const person = people.get(r.row.personId)
    if (!person) throw new Error(`request ${r.row.id} has no person`)
    return {
      ...r.view,
      person,
      askerName: people.get(r.row.askerId)?.name ?? person.name,
      choices: choicesOf(r, floor),
      others: (r.sets[r.row.step] ?? []).filter((id) => id !== me).map((id) => book.name(id)),
      votes: votes.filter((d) => d.requestId === r.row.id),
      holds: holds.filter((l) => l.personId === r.row.personId),
      past: histories(r.row.personId, r.row.entitlementId),
    }
  })
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

/** A request that the actor decided, with their own vote. */
export interface Decided {
  readonly request: RequestView
  readonly personName: string
  readonly vote: DecisionView
}

/** What the actor decided, newest first, one page at a time (from 1). */
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
    .where(eq(decision.personId, ctx.actor.id))
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
