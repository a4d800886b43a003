import 'server-only'
import { and, asc, desc, eq, getTableColumns, gte, inArray, or, type SQL } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { DAY, plus } from '@/lib/domain/duration'
import { nextReminder, type PolicyDefinition } from '@/lib/domain/policy'
import { everyoneAsked, type Seats, seatFor } from '@/lib/domain/request'
import type { LostMail } from '@/lib/mail-views'
import {
  type ApproverBook,
  type ApproverPlace,
  approverBook,
  type Standing,
} from '@/lib/services/approver-book'
import { placeOfRequest } from '@/lib/services/facts'
import type { TimelineEntryView } from '@/lib/timeline-words'
import type { RequestView } from '@/lib/views'
import { applicationView, entitlementView, unsafeLeases } from './leases'
import { unsafeLostMailsAbout } from './lost-mails'
import { decisionsOf, peopleOf, questionsOf } from './names'
import { LOOK_BACK } from './past-requests'
import { progressOf } from './progress'
import { unsafeSteps } from './request-steps'

/** A request's row with what the other queries of this folder need beside the view. */
export interface RequestRecord {
  readonly view: RequestView
  readonly row: typeof schema.request.$inferSelect
  readonly definition: PolicyDefinition
  readonly policyName: string
  readonly place: ApproverPlace
  /** Its steps as they stand now, and who may decide on each. */
  readonly standing: Standing
  /** Those of its present round. */
  readonly votes: (typeof schema.decision.$inferSelect)[]
}

export interface RequestOptions {
  readonly orderBy?: SQL | readonly SQL[]
  readonly limit?: number
  readonly offset?: number
}

/** Requests with their grants, votes and live approver sets. Not scoped: `where` is what the actor may see. */
export async function unsafeRequests(
  db: Reader,
  where: SQL | undefined,
  now: Date,
  options: RequestOptions = {},
): Promise<{ records: RequestRecord[]; book: ApproverBook }> {
  const { request, entitlement, application, policyVersion, decision, grant } = schema
  const order = options.orderBy ? [options.orderBy].flat() : [desc(request.askedAt), desc(request.id)]
  const rows = await db
    .select({
      row: request,
      entitlement,
      application,
      definition: policyVersion.definition,
      policyName: policyVersion.name,
    })
    .from(request)
    .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .innerJoin(policyVersion, eq(policyVersion.id, request.policyVersionId))
    .where(where)
    .orderBy(...order)
    .limit(options.limit ?? 200)
    .offset(options.offset ?? 0)
  const ids = rows.map((r) => r.row.id)
  const grantIds = rows.flatMap((r) => (r.row.grantId ? [r.row.grantId] : []))
  const [votes, leases, questions] = await Promise.all([
    ids.length
      ? db
          .select(getTableColumns(decision))
          .from(decision)
          .innerJoin(request, and(eq(request.id, decision.requestId), eq(request.round, decision.round)))
          .where(inArray(decision.requestId, ids))
          .orderBy(asc(decision.decidedAt))
      : [],
    grantIds.length ? unsafeLeases(db, inArray(grant.id, grantIds), now) : [],
    questionsOf(db, ids),
  ])
  const places = rows.map(({ row, application }) =>
    placeOfRequest(
      row,
      application.id,
      votes.filter((v) => v.requestId === row.id),
    ),
  )
  const book = await approverBook(db, places, now)
  const records = rows.map(({ row, definition, policyName, ...rest }, i): RequestRecord => {
    const cast = votes.filter((v) => v.requestId === row.id)
    const place = places[i] ?? placeOfRequest(row, rest.application.id, cast)
    const standing = book.standing(place)
    return {
      row,
      definition,
      policyName,
      place,
      standing,
      votes: cast,
      view: {
        id: row.id,
        version: row.version,
        kind: row.kind,
        state: row.state,
        approval: row.approval,
        personId: row.personId,
        askerId: row.askerId,
        entitlement: entitlementView(rest.entitlement),
        application: applicationView(rest.application),
        // Emergency access has an end also where the policy gives it without one.
        mode:
          row.approval === 'emergency' || row.approval === 'conversion' ? 'just-in-time' : definition.mode,
        seconds: row.seconds,
        askedSeconds: row.askedSeconds,
        noticeSeconds: row.noticeSeconds,
        reason: row.reason,
        startAt: row.startAt,
        askedAt: row.askedAt,
        decideBy: row.decideBy,
        decidedAt: row.decidedAt,
        startWithinSeconds: definition.startWithinSeconds,
        progress: row.state === 'pending' ? progressOf(standing, row.step, cast) : null,
        grant: leases.find((l) => l.id === row.grantId) ?? null,
        askId: row.askId,
        round: row.round,
        questions: questions.get(row.id) ?? [],
        ...comingOf(row, definition, now),
      },
    }
  })
  return { records, book }
}

/** What a pending request's own clocks do before it lapses. */
function comingOf(
  row: RequestRecord['row'],
  { reminders }: Pick<PolicyDefinition, 'reminders'>,
  now: Date,
): Pick<RequestView, 'nextReminderAt' | 'escalateAt'> {
  if (row.state !== 'pending') return { nextReminderAt: null, escalateAt: null }
  const { escalateSeconds } = row.steps[row.step] ?? {}
  const at = escalateSeconds === undefined ? null : plus(row.stepOpenedAt, escalateSeconds)
  return {
    nextReminderAt: nextReminder(reminders, { from: row.decideFrom, until: row.decideBy }, now),
    escalateAt: at && at < row.decideBy && !row.escalated.includes(row.step) ? at : null,
  }
}

/** A record as the question of who may decide on it takes it. */
export function seatsOf({ row, standing, votes }: RequestRecord): Seats {
  return { askerId: row.askerId, beneficiaryId: row.personId, step: row.step, votes, ...standing }
}

/** Whether a request should stand on the actor's own lists: asked by or for them. */
function concerns(personId: string): SQL | undefined {
  const { request } = schema
  return or(eq(request.personId, personId), eq(request.askerId, personId))
}

const PAGE = 30

/** The actor's own requests, newest first, one page at a time (from 1). */
export async function myRequests(
  ctx: Ctx,
  now: Date,
  page = 1,
): Promise<{ requests: RequestView[]; page: number; more: boolean }> {
  if (ctx.actor.kind !== 'person') return { requests: [], page: 1, more: false }
  const { records } = await unsafeRequests(ctx.db, concerns(ctx.actor.id), now, {
    limit: PAGE + 1,
    offset: (page - 1) * PAGE,
  })
  return { requests: records.slice(0, PAGE).map((r) => r.view), page, more: records.length > PAGE }
}

/** What of the actor's requests is still moving: pending, or agreed and not ended. Soonest clock first. */
export async function movingRequests(ctx: Ctx, now: Date): Promise<RequestView[]> {
  if (ctx.actor.kind !== 'person') return []
  const { request } = schema
  const recent = or(eq(request.state, 'pending'), gte(request.askedAt, plus(now, -LOOK_BACK)))
  const { records } = await unsafeRequests(ctx.db, and(concerns(ctx.actor.id), recent), now, { limit: 100 })
  return records
    .map((r) => r.view)
    .filter((r) => {
      if (r.state === 'pending') return true
      if (r.state !== 'approved' || !r.grant)
        return r.decidedAt !== null && now.getTime() - r.decidedAt.getTime() < DAY * 1000
      const moving = r.grant.times.state !== 'ended' && r.grant.times.state !== 'failed'
      // An extension that was agreed is part of the lease; only the newest word on it is news.
      if (r.kind === 'extension')
        return moving && r.decidedAt !== null && now.getTime() - r.decidedAt.getTime() < DAY * 1000
      return moving
    })
}

/** One request with its steps, decisions and what the actor may do; null when there is none for this actor. */
export async function requestDetails(ctx: Ctx, id: string, now: Date) {
  const { request } = schema
  const { records, book } = await unsafeRequests(ctx.db, eq(request.id, id), now)
  const record = records[0]
  if (!record) return null
  const { row, standing, place, votes } = record
  const ownerIds = book.owners(place.applicationId)
  const gate = {
    askerId: row.askerId,
    beneficiaryId: row.personId,
    approverIds: [...everyoneAsked(standing), ...votes.map((v) => v.personId)],
    ownerIds,
  }
  if (!can(ctx.actor, 'request.see', gate)) return null
  const me = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const people = await peopleOf(ctx.db, [row.personId, row.askerId])
  const [decisions, steps] = await Promise.all([
    decisionsOf(ctx.db, votes),
    unsafeSteps(ctx.db, records, book, now),
  ])
  const pending = row.state === 'pending' && now < row.decideBy
  const grant = record.view.grant
  return {
    request: record.view,
    person: people.get(row.personId) ?? null,
    asker: people.get(row.askerId) ?? null,
    policyName: record.policyName,
    steps: steps.get(row.id) ?? [],
    decisions,
    may: {
      withdraw: pending && can(ctx.actor, 'request.withdraw', gate),
      edit: pending && can(ctx.actor, 'request.edit', gate),
      answer: pending && can(ctx.actor, 'request.answer', gate),
      reassign: pending && can(ctx.actor, 'request.reassign', gate),
      decide: pending && can(ctx.actor, 'request.decide', gate) && !('ok' in seatFor(seatsOf(record), me)),
      openGrant: grant !== null && can(ctx.actor, 'grants.list', { ownsAny: ownerIds.includes(me) }),
      revoke: grant !== null && can(ctx.actor, 'grant.revoke', { beneficiaryId: row.personId, ownerIds }),
      returnGrant: grant !== null && can(ctx.actor, 'grant.return', { beneficiaryId: row.personId }),
    },
    mine: row.personId === me || row.askerId === me,
    /** May take back what comes of it: an owner of the application, or an admin. */
    owner: can(ctx.actor, 'grant.revoke', { beneficiaryId: row.personId, ownerIds }),
  }
}

export type RequestDetails = NonNullable<Awaited<ReturnType<typeof requestDetails>>>

/**
 * What happened to a request, and to the access it led to: its own entries, those of the grant and of its
 * tasks. An extension's story holds only its own and the move of the end.
 */
export async function requestStory(ctx: Ctx, details: RequestDetails): Promise<TimelineEntryView[]> {
  const { task } = schema
  const { request: asked } = details
  const grantId = asked.grant?.id
  const whole = asked.kind === 'grant' && grantId
  const tasks = whole ? await ctx.db.select({ id: task.id }).from(task).where(eq(task.grantId, grantId)) : []
  const ids = [asked.id, ...(grantId ? [grantId] : []), ...tasks.map((t) => t.id)]
  const rows = await entriesOf(ctx.db, ids)
  // What was decided comes before what follows from it in the same transaction.
  const rank = (type: string) => (type === 'request' ? 0 : 1)
  return rows
    .sort(
      ({ entry: a }, { entry: b }) =>
        a.at.getTime() - b.at.getTime() || rank(a.subjectType) - rank(b.subjectType) || a.id - b.id,
    )
    .filter(({ entry }) => whole || entry.subjectId === asked.id || entry.data.requestId === asked.id)
    .map(entryView)
}

/** The mails about a request, and about the access it led to, that did not arrive. */
export async function requestLostMails(ctx: Ctx, { request }: RequestDetails): Promise<LostMail[]> {
  const grantId = request.kind === 'grant' ? (request.grant?.id ?? null) : null
  return unsafeLostMailsAbout(ctx.db, { requestIds: [request.id], grantId })
}

/** What happened to a request itself, oldest first. Not scoped. */
export async function unsafeRequestEntries(db: Reader, requestId: string): Promise<TimelineEntryView[]> {
  return (await entriesOf(db, [requestId])).map(entryView)
}

function entriesOf(db: Reader, subjectIds: readonly string[]) {
  const { timeline, person } = schema
  return db
    .select({ entry: timeline, actorName: person.name })
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        inArray(timeline.subjectType, ['request', 'grant', 'task']),
        inArray(timeline.subjectId, [...subjectIds]),
      ),
    )
    .orderBy(asc(timeline.at), asc(timeline.id))
}

function entryView({ entry, actorName }: Awaited<ReturnType<typeof entriesOf>>[number]): TimelineEntryView {
  return {
    id: String(entry.id),
    subjectType: entry.subjectType,
    verb: entry.verb,
    at: entry.at,
    actorName,
    data: entry.data,
  }
}
