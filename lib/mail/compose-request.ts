import 'server-only'
import { and, eq, gt, ne } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Because, DecisionNeededProps, MailContent } from '@/emails'
import { DAY, plus } from '@/lib/domain/duration'
import { votesNeeded } from '@/lib/domain/policy'
import { createLink, requestDigest } from '@/lib/links'
import { type LoadedRequest, loadRequest } from '@/lib/services/facts'
import { heldBy, lastDecision, nameOf, namesOf } from './facts'
import { type Owed, pageUrl, reference } from './owed'

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
  const { db, base, reader, now } = owed
  const r = await load(owed)
  const asked = r?.facts.approvers[r.row.step] ?? []
  if (r?.row.state !== 'pending' || now >= r.row.decideBy || !asked.includes(reader.id)) return null
  const step = r.facts.steps[r.row.step]
  if (!step) return null
  const names = await namesOf(db, [...asked, r.row.askerId, r.row.personId])
  const token = await createLink(db, {
    purpose: 'decide',
    personId: reader.id,
    requestId: r.row.id,
    grantId: null,
    digest: requestDigest(r.row),
    round: r.row.round,
    expiresAt: r.row.decideBy,
  })
  const other =
    r.row.askerId === r.row.personId ? {} : { beneficiary: names.get(r.row.personId) ?? r.person.name }
  const props: DecisionNeededProps = {
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
    url: pageUrl(`/decide/${token}`),
    lets: r.entitlement.description,
    holds: await heldBy(db, r.row.personId, r.row.grantId ?? undefined),
    history: await history(owed, r),
    others: asked.filter((id) => id !== reader.id).flatMap((id) => names.get(id) ?? []),
    quorum: votesNeeded(step, asked.length),
    laterSteps: r.row.step < r.facts.steps.length - 1,
    byHand: r.connection === null,
    because: why(r, reader.id),
  }
  return { kind: 'decision-needed', props }
}

/** The most personal of the reasons why this person is asked. */
function why(r: LoadedRequest, readerId: string): Because {
  const refs = r.facts.steps[r.row.step]?.approvers ?? []
  if (refs.some((a) => a.kind === 'manager') && r.person.managerId === readerId) return 'manager'
  if (refs.some((a) => a.kind === 'owners') && r.ownerIds.includes(readerId)) return 'owner'
  return refs.some((a) => a.kind === 'person' && a.id === readerId) ? 'named' : 'group'
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
  if (!r || !decision || r.row.state !== 'approved') return null
  const startsAt = r.row.startAt && r.row.startAt > owed.now ? r.row.startAt : undefined
  return {
    kind: 'request-approved',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      decision,
      askedSeconds: r.row.askedSeconds,
      seconds: r.row.seconds,
      startsAt,
      startBy: plus(startsAt ?? decision.at, r.definition.startWithinSeconds),
      url: pageUrl(`/requests/${r.row.id}`),
    },
  }
}

/** Which of a request's two people reads, where it has two. */
async function parts(
  { db, reader }: Owed,
  r: LoadedRequest,
): Promise<{ beneficiary?: string; askedBy?: string }> {
  if (r.row.askerId === r.row.personId) return {}
  if (reader.id !== r.row.personId) return { beneficiary: r.person.name }
  return { askedBy: await nameOf(db, r.row.askerId) }
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
      ...(await parts(owed, r)),
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
  const people = await parts(owed, r)
  const ended = r.row.kind === 'extension' && (r.row.decidedAt ?? owed.now) < r.row.decideBy
  return {
    kind: 'request-lapsed',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      ...people,
      why: ended ? 'grant-ended' : 'undecided',
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
