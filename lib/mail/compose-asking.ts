import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { MailContent } from '@/emails'
import { mayDecide } from '@/lib/domain/request'
import { adminsOf, type LoadedRequest, loadRequest } from '@/lib/services/facts'
import { approvalGaps } from '@/lib/services/nightly'
import { becauseOf, heldBy, nameOf, namesOf } from './facts'
import { decideUrl, type Owed, pageUrl, reference } from './owed'

const access = (r: LoadedRequest) => ({ entitlement: r.entitlement.name, application: r.application.name })

async function load({ db, row, now }: Owed): Promise<LoadedRequest | null> {
  return row.requestId ? loadRequest(db, row.requestId, now) : null
}

/** Which of a request's two people reads, where it has two. */
export async function readerOf(
  { db, reader }: Owed,
  r: LoadedRequest,
): Promise<{ beneficiary?: string; askedBy?: string }> {
  if (r.row.askerId === r.row.personId) return {}
  if (reader.id !== r.row.personId) return { beneficiary: r.person.name }
  return { askedBy: await nameOf(db, r.row.askerId) }
}

/** Whether a request may still be decided. */
export const isOpen = (r: LoadedRequest | null, now: Date): r is LoadedRequest =>
  r !== null && r.row.state === 'pending' && now < r.row.decideBy

/** The question that a mail is about. */
export async function questionOf(db: Owed['db'], row: Pick<Owed['row'], 'data'>) {
  const id = typeof row.data.questionId === 'string' ? row.data.questionId : null
  return id ? db.query.question.findFirst({ where: eq(schema.question.id, id) }) : undefined
}

/** To asker and beneficiary; dropped once it is answered or decided. */
export async function questionAsked(owed: Owed): Promise<MailContent | null> {
  const r = await load(owed)
  const question = await questionOf(owed.db, owed.row)
  if (!isOpen(r, owed.now) || !question || question.answeredAt) return null
  return {
    kind: 'question-asked',
    props: {
      ...owed.base,
      ...access(r),
      ...(await readerOf(owed, r)),
      reference: reference('Request', r.row.id),
      by: await nameOf(owed.db, question.personId),
      question: question.text,
      askedAt: question.askedAt,
      decideBy: r.row.decideBy,
      url: pageUrl(`/requests/${r.row.id}#questions`),
    },
  }
}

/** To whoever asked the question; dropped once the request is decided, or where they may not decide any more. */
export async function questionAnswered(owed: Owed): Promise<MailContent | null> {
  const r = await load(owed)
  const question = await questionOf(owed.db, owed.row)
  if (!isOpen(r, owed.now) || !question?.answeredAt || !question.answer) return null
  if (!mayDecide(r.facts).includes(owed.reader.id)) return null
  return {
    kind: 'question-answered',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      by: question.answeredBy ? await nameOf(owed.db, question.answeredBy) : r.person.name,
      question: question.text,
      answer: question.answer,
      answeredAt: question.answeredAt,
      decideBy: r.row.decideBy,
      url: await decideUrl(owed, r),
    },
  }
}

/** To the other of the two; not where it was withdrawn for both by a system of ours. */
export async function requestWithdrawn(owed: Owed): Promise<MailContent | null> {
  const r = await load(owed)
  if (r?.row.state !== 'withdrawn') return null
  const { timeline } = schema
  const entry = await owed.db.query.timeline.findFirst({
    where: (t, { and }) =>
      and(eq(timeline.subjectId, r.row.id), eq(t.subjectType, 'request'), eq(t.verb, 'withdrawn')),
  })
  const grant =
    r.row.kind === 'extension' && r.row.grantId
      ? await owed.db.query.grant.findFirst({ where: eq(schema.grant.id, r.row.grantId) })
      : null
  return {
    kind: 'request-withdrawn',
    props: {
      ...owed.base,
      ...access(r),
      ...(await readerOf(owed, r)),
      reference: reference('Request', r.row.id),
      by: await nameOf(owed.db, entry?.actorId ?? r.row.askerId),
      withdrawnAt: r.row.decidedAt ?? owed.now,
      ...(grant?.endsAt ? { extends: { endsAt: grant.endsAt } } : {}),
      url: pageUrl(`/requests/${r.row.id}`),
    },
  }
}

/** To whom somebody else asked for it; dropped once it is decided: that mail says it all. */
export async function askedForYou(owed: Owed): Promise<MailContent | null> {
  const r = await load(owed)
  if (!isOpen(r, owed.now)) return null
  const asked = await namesOf(owed.db, r.facts.approvers[r.row.step] ?? [])
  return {
    kind: 'asked-for-you',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      by: await nameOf(owed.db, r.row.askerId),
      seconds: r.row.seconds,
      reason: r.row.reason || null,
      askedAt: r.row.askedAt,
      decideBy: r.row.decideBy,
      lets: r.entitlement.description,
      asked: [...asked.values()],
      url: pageUrl(`/requests/${r.row.id}`),
    },
  }
}

/** To owners and admins. Never dropped: that it was taken is said whatever became of it. */
export async function emergencyTaken(owed: Owed): Promise<MailContent | null> {
  const { db, reader, row } = owed
  const r = await load(owed)
  if (r?.row.approval !== 'emergency' || r.row.seconds === null) return null
  const told = await db.query.mail.findMany({ where: eq(schema.mail.occasion, row.occasion) })
  const others = await namesOf(
    db,
    told.flatMap((m) => (m.personId && m.personId !== reader.id ? [m.personId] : [])),
  )
  return {
    kind: 'emergency-taken',
    props: {
      ...owed.base,
      ...access(r),
      reference: reference('Request', r.row.id),
      holder: r.person.name,
      seconds: r.row.seconds,
      reason: r.row.reason,
      takenAt: r.row.askedAt,
      lets: r.entitlement.description,
      holds: await heldBy(db, r.row.personId, r.row.grantId ?? undefined),
      alsoTold: [...others.values()],
      because: becauseOf(reader.id, r.ownerIds),
      url: pageUrl(`/settings/access-management/grants/${r.row.grantId ?? ''}`),
    },
  }
}

/** To admins, from what is true when it is sent; dropped when the gaps are closed, or the reader is no admin any more. */
export async function approvalGapsFound(owed: Owed): Promise<MailContent | null> {
  if (!(await adminsOf(owed.db)).includes(owed.reader.id)) return null
  const gaps = await approvalGaps(owed.db)
  if (gaps.length === 0) return null
  return {
    kind: 'approval-gaps',
    props: {
      ...owed.base,
      gaps: gaps.map(({ policy, coverage }) => ({
        policy,
        eligible: coverage.eligible,
        everybody: coverage.blocked.length === coverage.eligible,
        people: coverage.blocked.map((b) => b.name),
      })),
      url: pageUrl('/settings/access-management/policies'),
    },
  }
}
