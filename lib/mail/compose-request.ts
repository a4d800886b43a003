import 'server-only'
import { and, eq, gt, inArray, ne } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Because, DecisionNeededProps, MailContent, RequestLapsedProps } from '@/emails'
import { DAY, plus } from '@/lib/domain/duration'
import { votesNeeded } from '@/lib/domain/policy'
import { mayDecide, seatFor } from '@/lib/domain/request'
import { type LoadedRequest, loadRequest } from '@/lib/services/facts'
import { conflictsOf } from '@/lib/services/separation-rules'
import { readerOf } from './compose-asking'
import { heldBy, lastDecision, nameOf, namesOf, narrowedBy } from './facts'
import { decideUrl, type Owed, pageUrl, reference } from './owed'

const HISTORY_DAYS = 90

async function load({ db, row, now }: Owed): Promise<LoadedRequest | null> {
  return row.requestId ? loadRequest(db, row.requestId, now) : null
}

const access = (r: LoadedRequest) => ({ entitlement: r.entitlement.name, application: r.application.name })

async function presentEnd(owed: Owed, r: LoadedRequest): Promise<{ endsAt: Date } | undefined> {
  if (r.row.kind !== 'extension' || !r.row.grantId) return undefined
  const grant = await owed.db.query.grant.findFirst({ where: eq(schema.grant.id, r.row.grantId) })
  return grant?.endsAt ? { endsAt: grant.endsAt } : undefined
}

/** To an approver of the open step; dropped when they are not asked any more. */
export async function decisionNeeded(owed: Owed): Promise<MailContent | null> {
  const props = await toDecide(owed)
  return props && { kind: 'decision-needed', props }
}

/** The same again, to whoever has not decided. */
export async function decisionReminder(owed: Owed): Promise<MailContent | null> {
  const props = await toDecide(owed)
  return props && { kind: 'decision-reminder', props }
}

/**
 * What a mail to an approver is about and they may still decide, the first asked for first: one request, or all of
 * one ask where the mail tells of an ask. Empty when there is nothing left for them.
 */
export async function requestsToDecide(
  db: Owed['db'],
  row: Pick<Owed['row'], 'requestId' | 'personId' | 'occasion'>,
  now: Date,
): Promise<LoadedRequest[]> {
  const { request } = schema
  const told = row.requestId
    ? await db.query.request.findFirst({ where: eq(request.id, row.requestId) })
    : undefined
  if (!told) return []
  const ofAsk = row.occasion === `decision-needed:${told.askId}`
  const ids = await db
    .select({ id: request.id })
    .from(request)
    .where(and(ofAsk ? eq(request.askId, told.askId) : eq(request.id, told.id), eq(request.state, 'pending')))
    .orderBy(request.askedAt, request.id)
  const found: LoadedRequest[] = []
  for (const { id } of ids) {
    const r = await loadRequest(db, id, now)
    if (r && now < r.row.decideBy && mayDecide(r.facts).includes(row.personId ?? '')) found.push(r)
  }
  return found
}

async function toDecide(owed: Owed): Promise<DecisionNeededProps | null> {
  const { db, base, reader, now } = owed
  const [r, ...rest] = await requestsToDecide(db, owed.row, now)
  const step = r?.facts.steps[r.row.step]
  if (!r || !step) return null
  const asked = r.facts.approvers[r.row.step] ?? []
  const names = await namesOf(db, [...asked, r.row.askerId, r.row.personId])
  const seat = seatFor(r.facts, reader.id)
  const away = !('ok' in seat) && seat.forId ? seat.forId : null
  const until = away ? r.book.awayUntil(away) : null
  const other =
    r.row.askerId === r.row.personId ? {} : { beneficiary: names.get(r.row.personId) ?? r.person.name }
  return {
    ...base,
    ...access(r),
    ...other,
    reference: reference('Request', r.row.id),
    requester: names.get(r.row.askerId) ?? r.person.name,
    extends: await presentEnd(owed, r),
    seconds: r.row.seconds,
    startsAt: r.row.startAt ?? undefined,
    noticeSeconds: r.row.noticeSeconds,
    reason: r.row.reason || null,
    askedAt: r.row.askedAt,
    decideBy: r.row.decideBy,
    url: await decideUrl(owed, r),
    alsoAsked: await alsoAsked(owed, rest),
    ...(await routing(db, r)),
    ...(away && until ? { inPlaceOf: { name: r.book.name(away), until } } : {}),
    apart: await apartFrom(db, r),
    risk: r.entitlement.risk,
    questions: await questionsOf(db, r.row.id),
    lets: r.entitlement.description,
    holds: await heldBy(db, r.row.personId, r.row.grantId ?? undefined),
    history: await history(owed, r),
    others: asked.filter((id) => id !== reader.id && id !== away).flatMap((id) => names.get(id) ?? []),
    quorum: votesNeeded(step, asked.length),
    laterSteps: r.row.step < r.facts.steps.length - 1,
    byHand: r.connection === null,
    because: away ? 'substitute' : why(r, reader.id),
  }
}

/** What was asked for in the same go and waits for the same reader. */
async function alsoAsked(
  owed: Owed,
  rest: readonly LoadedRequest[],
): Promise<NonNullable<DecisionNeededProps['alsoAsked']>> {
  const found: NonNullable<DecisionNeededProps['alsoAsked']> = []
  for (const other of rest)
    found.push({
      ...access(other),
      seconds: other.row.seconds,
      risk: other.entitlement.risk,
      url: await decideUrl(owed, other),
    })
  return found
}

/** How the open step came to its present approvers, where it was escalated or reassigned: from the timeline. */
async function routing(
  db: Owed['db'],
  r: LoadedRequest,
): Promise<Pick<DecisionNeededProps, 'escalated' | 'reassigned'>> {
  const { timeline } = schema
  const entries = await db
    .select({ verb: timeline.verb, actorId: timeline.actorId, data: timeline.data })
    .from(timeline)
    .where(
      and(
        eq(timeline.subjectType, 'request'),
        eq(timeline.subjectId, r.row.id),
        inArray(timeline.verb, ['escalated', 'reassigned']),
      ),
    )
    .orderBy(timeline.version)
  const last = (verb: string) => entries.findLast((e) => e.verb === verb && e.data.step === r.row.step)
  const escalated = r.row.escalated.includes(r.row.step) ? last('escalated') : undefined
  const reassigned = r.row.reassigned?.step === r.row.step ? last('reassigned') : undefined
  return {
    ...(escalated ? { escalated: escalated.data.why === 'lost' ? 'lost' : 'late' } : {}),
    ...(reassigned?.actorId
      ? {
          reassigned: {
            by: await nameOf(db, reassigned.actorId),
            reason: String(reassigned.data.note ?? ''),
          },
        }
      : {}),
  }
}

async function apartFrom(db: Owed['db'], r: LoadedRequest): Promise<DecisionNeededProps['apart']> {
  const conflicts = await conflictsOf(db, r.row.personId, r.row.entitlementId)
  return conflicts.map(({ rule, reason, other, how }) => ({
    rule,
    reason,
    how,
    other: { entitlement: other.name, application: other.application },
  }))
}

async function questionsOf(db: Owed['db'], requestId: string): Promise<DecisionNeededProps['questions']> {
  const { question, person } = schema
  return db
    .select({ by: person.name, question: question.text, answer: question.answer })
    .from(question)
    .innerJoin(person, eq(person.id, question.personId))
    .where(eq(question.requestId, requestId))
    .orderBy(question.askedAt)
}

/** The most personal of the reasons why this person is asked. */
function why(r: LoadedRequest, readerId: string): Because {
  const step = r.facts.steps[r.row.step]
  const refs = step?.approvers ?? []
  if (r.row.reassigned?.step === r.row.step) return 'reassigned'
  const first = r.book.standing({ ...r.place, escalated: [], reassigned: null }).approvers[r.row.step]
  if (r.row.escalated.includes(r.row.step) && !first?.includes(readerId)) return 'fallback'
  if (step?.separationId) return 'separation'
  if (refs.some((a) => a.kind === 'manager') && r.person.managerId === readerId) return 'manager'
  if (refs.some((a) => a.kind === 'owners') && r.ownerIds.includes(readerId)) return 'owner'
  if (refs.some((a) => a.kind === 'person' && a.id === readerId)) return 'named'
  return 'group'
}

async function history({ db, now }: Owed, r: LoadedRequest): Promise<DecisionNeededProps['history']> {
  const { request, grant } = schema
  const rows = await db
    .select({ state: request.state, endReason: grant.endReason })
    .from(request)
    .leftJoin(grant, eq(grant.id, request.grantId))
    .where(
      and(
        eq(request.personId, r.row.personId),
        eq(request.entitlementId, r.row.entitlementId),
        ne(request.id, r.row.id),
        gt(request.askedAt, plus(now, -HISTORY_DAYS * DAY)),
      ),
    )
  const count = (state: string) => rows.filter((x) => x.state === state).length
  return {
    days: HISTORY_DAYS,
    approved: count('approved'),
    denied: count('denied'),
    withdrawn: count('withdrawn'),
    lapsed: count('lapsed'),
    returned: rows.filter((x) => x.endReason === 'returned').length,
  }
}

export async function requestApproved(owed: Owed): Promise<MailContent | null> {
  const r = await load(owed)
  const decision = r && (await lastDecision(owed.db, r.row.id))
  if (r?.row.state !== 'approved' || !(decision || r.row.approval !== 'people')) return null
  const startsAt = r.row.startAt && r.row.startAt > owed.now ? r.row.startAt : undefined
  return {
    kind: 'request-approved',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      ...(await readerOf(owed, r)),
      decision,
      approval: r.row.approval,
      approvedAt: r.row.decidedAt ?? owed.now,
      askedSeconds: r.row.askedSeconds,
      seconds: r.row.seconds,
      startsAt,
      ...(await narrowedBy(owed.db, r.votes)),
      startBy: plus(startsAt ?? r.row.decidedAt ?? owed.now, r.definition.startWithinSeconds),
      url: pageUrl(`/requests/${r.row.id}`),
    },
  }
}

export async function requestDenied(owed: Owed): Promise<MailContent | null> {
  const r = await load(owed)
  const decision = r && (await lastDecision(owed.db, r.row.id))
  if (!r || !decision || r.row.state !== 'denied') return null
  return {
    kind: 'request-denied',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      ...(await readerOf(owed, r)),
      decision,
      seconds: r.row.seconds,
      extends: await presentEnd(owed, r),
      url: pageUrl(`/requests/${r.row.id}`),
    },
  }
}

export async function requestLapsed(owed: Owed): Promise<MailContent | null> {
  const r = await load(owed)
  if (r?.row.state !== 'lapsed') return null
  const names = await namesOf(owed.db, r.facts.approvers[r.row.step] ?? [])
  const people = await readerOf(owed, r)
  const why = await lapsedWhy(owed, r.row.id)
  return {
    kind: 'request-lapsed',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      ...people,
      why,
      askedAt: r.row.askedAt,
      lapsedAt: r.row.decidedAt ?? owed.now,
      extends: await presentEnd(owed, r),
      asked: [...names.values()],
      url: pageUrl(
        people.beneficiary ? `/requests/${r.row.id}` : `/catalogue/${r.row.entitlementId}/request`,
      ),
    },
  }
}

const lapses: Record<string, RequestLapsedProps['why']> = {
  time: 'undecided',
  nobody_left: 'nobody-left',
  policy_changed: 'policy-changed',
  grant_ended: 'grant-ended',
  left: 'left',
}

/** Why a request lapsed, as its timeline has it. */
async function lapsedWhy({ db }: Owed, requestId: string): Promise<RequestLapsedProps['why']> {
  const { timeline } = schema
  const [entry] = await db
    .select({ data: timeline.data })
    .from(timeline)
    .where(
      and(
        eq(timeline.subjectType, 'request'),
        eq(timeline.subjectId, requestId),
        eq(timeline.verb, 'lapsed'),
      ),
    )
  return lapses[String(entry?.data.why ?? 'time')] ?? 'undecided'
}
