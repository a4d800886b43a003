import 'server-only'
import { and, asc, desc, eq, inArray, isNull, or } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { plus } from '@/lib/domain/duration'
import { extensionRoom } from '@/lib/domain/extension'
import { isOver } from '@/lib/domain/grant'
import type { ApproverRef, PolicyDefinition } from '@/lib/domain/policy'
import type { WorkKind } from '@/lib/domain/work'
import type { ConnectorCall, GrantDecision, GrantDetails, GrantEntry } from '@/lib/grant-views'
import { ownersOf } from '@/lib/services/facts'
import { lastProof } from './drills'
import { emergencyReview } from './emergencies'
import { overdueLimits } from './grant-filters'
import { fillRows, joinedRows } from './grant-rows'
import { grantScope } from './grants'
import { unsafeLostMailsAbout } from './lost-mails'

const {
  application,
  grant,
  person,
  account,
  policyVersion,
  request,
  decision,
  timeline,
  task,
  work,
  attempt,
  finding,
} = schema

const MOST_CALLS = 200

/** The details of a grant in the actor's scope; null when there is none or it is none of their business. */
export async function grantDetails(ctx: Ctx, id: string, now: Date): Promise<GrantDetails | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  const { db, actor } = ctx
  const limits = await overdueLimits(db)
  const [found] = await joinedRows(db, eq(grant.id, id))
  if (!found) return null
  const raw = found.row
  const ownerIds = await ownersOf(db, raw.applicationId)
  const facts = { beneficiaryId: raw.personId, ownerIds }
  const inScope = !scope.applicationIds || scope.applicationIds.includes(raw.applicationId)
  if (!inScope || !can(actor, 'grant.see', facts)) return null

  const [[row], place, requests, calls, findings, upcoming, openTask] = await Promise.all([
    fillRows(db, [found], limits),
    placeOf(db, raw),
    db.select().from(request).where(eq(request.grantId, id)).orderBy(asc(request.askedAt)),
    callsOf(db, id),
    db
      .select({ id: finding.id, kind: finding.kind, detail: finding.detail, foundAt: finding.foundAt })
      .from(finding)
      .where(and(eq(finding.grantId, id), isNull(finding.closedAt))),
    upcomingOf(db, id),
    db.query.task.findFirst({
      columns: { id: true },
      where: (t, { and: both, eq: is, ne }) =>
        both(is(t.grantId, id), is(t.state, 'open'), ne(t.kind, 'review')),
    }),
  ])
  if (!row || !place) return null
  const [entries, lostMails] = await Promise.all([
    entriesOf(db, id, requests),
    unsafeLostMailsAbout(db, { requestIds: requests.map((r) => r.id), grantId: id }),
  ])
  const pending = requests.find((r) => r.kind === 'extension' && r.state === 'pending')
  const moved = entries.findLast((entry) => entry.verb === 'extended')
  const running = raw.state === 'active' && !isOver(raw, now)
  return {
    row,
    personEmail: place.email,
    startBy: raw.startBy,
    firstGiveAt: raw.firstGiveAt,
    account: place.account,
    policy: { id: place.policyId, name: place.policyName, number: place.number },
    convertStanding: place.definition.convertStanding,
    converts: raw.converts,
    proof: await lastProof(db, place.connectionId),
    reasonRequired: place.definition.reasonRequired,
    extension: extensionOf(raw, place.definition, running, Boolean(pending)),
    askedEnd: pending?.seconds && raw.endsAt ? plus(raw.endsAt, pending.seconds) : null,
    formerEnd: typeof moved?.data.from === 'string' ? new Date(moved.data.from) : null,
    decisions: await decisionsOf(db, requests),
    entries,
    lostMails,
    upcoming: pending ? [...upcoming, { kind: 'decide' as const, at: pending.decideBy }] : upcoming,
    calls,
    findings,
    mayGiveAgain:
      running &&
      !raw.preexisting &&
      !raw.converts &&
      findings.some((found) => found.kind === 'missing_holder') &&
      can(actor, 'grant.give_again', facts),
    settledAt: entries.findLast((entry) => entry.verb === 'settled')?.at ?? null,
    review: raw.emergency ? await emergencyReview(ctx, id) : null,
    openTaskId: openTask && can(actor, 'task.see', facts) ? openTask.id : null,
    may: {
      revoke:
        ['scheduled', 'provisioning', 'active'].includes(raw.state) && can(actor, 'grant.revoke', facts),
      extend: running && raw.endsAt !== null && can(actor, 'grant.extend', facts),
    },
  }
}

type Raw = typeof grant.$inferSelect

async function placeOf(db: Reader, raw: Raw) {
  const [row] = await db
    .select({
      email: person.email,
      account: { name: account.name, externalId: account.externalId },
      connectionId: application.connectionId,
      policyId: policyVersion.policyId,
      policyName: policyVersion.name,
      number: policyVersion.number,
      definition: policyVersion.definition,
    })
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .innerJoin(application, eq(application.id, grant.applicationId))
    .innerJoin(policyVersion, eq(policyVersion.id, grant.policyVersionId))
    .leftJoin(account, eq(account.id, grant.accountId))
    .where(eq(grant.id, raw.id))
  return row
}

/** Calls in the order they were made. */
async function callsOf(db: Reader, grantId: string): Promise<ConnectorCall[]> {
  const { id, operation, startedAt, tookMs, outcome, message } = attempt
  const rows = await db
    .select({ id, operation, startedAt, tookMs, outcome, message })
    .from(attempt)
    .where(eq(attempt.grantId, grantId))
    .orderBy(desc(attempt.id))
    .limit(MOST_CALLS)
  return rows.reverse()
}

const shownWork: readonly WorkKind[] = ['give', 'notice', 'take', 'look']

async function upcomingOf(db: Reader, grantId: string) {
  const [rows, { offsetMs }] = await Promise.all([
    db
      .select({ kind: work.kind, dueAt: work.dueAt, notBefore: work.notBefore })
      .from(work)
      .where(and(eq(work.subjectId, grantId), inArray(work.kind, [...shownWork]))),
    readClocks(db),
  ])
  return rows.map(({ kind, dueAt, notBefore }) => {
    const held = notBefore ? notBefore.getTime() + offsetMs : 0
    return { kind, at: new Date(Math.max(held, dueAt.getTime())) }
  })
}

type RequestRow = typeof request.$inferSelect

/** The grant's own entries together with those of its requests and its tasks, oldest first. */
async function entriesOf(
  db: Reader,
  grantId: string,
  requests: readonly RequestRow[],
): Promise<GrantEntry[]> {
  const tasks = await db.select({ id: task.id }).from(task).where(eq(task.grantId, grantId))
  const subject = (type: 'grant' | 'request' | 'task', ids: readonly string[]) =>
    ids.length ? and(eq(timeline.subjectType, type), inArray(timeline.subjectId, [...ids])) : undefined
  const rows = await db
    .select({ entry: timeline, actorName: person.name })
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      or(
        subject('grant', [grantId]),
        subject(
          'request',
          requests.map((r) => r.id),
        ),
        subject(
          'task',
          tasks.map((t) => t.id),
        ),
      ),
    )
    .orderBy(asc(timeline.at), asc(timeline.id))
  const byId = new Map(requests.map((r) => [r.id, r]))
  return rows.map(({ entry, actorName }) => {
    const asked = byId.get(entry.subjectId)
    return {
      id: String(entry.id),
      subjectType: entry.subjectType,
      verb: entry.verb,
      at: entry.at,
      actorName,
      data: entry.data,
      extension: asked?.kind === 'extension',
      steps: asked?.steps.length ?? 1,
    }
  })
}

const approverWords: Record<ApproverRef['kind'], string> = {
  manager: 'manager',
  owners: 'application owners',
  person: 'named people',
  group: 'group',
}

async function decisionsOf(db: Reader, requests: readonly RequestRow[]): Promise<GrantDecision[]> {
  if (requests.length === 0) return []
  const away = alias(person, 'away')
  const votes = await db
    .select({ vote: decision, person: person.name, forName: away.name })
    .from(decision)
    .innerJoin(person, eq(person.id, decision.personId))
    .leftJoin(away, eq(away.id, decision.forId))
    .where(
      inArray(
        decision.requestId,
        requests.map((r) => r.id),
      ),
    )
    .orderBy(asc(decision.decidedAt))
  return requests.flatMap((asked) => {
    const { steps } = asked
    const kinds = (step: number) => [
      ...new Set((steps[step]?.approvers ?? []).map((ref) => approverWords[ref.kind])),
    ]
    const about = (step: number) => ({
      kind: asked.kind,
      requestState: asked.state,
      seconds: asked.seconds,
      step,
      steps: steps.length,
      asked: kinds(step).join(' or '),
    })
    const cast = votes
      // A change by the requester voids the votes before it.
      .filter(({ vote }) => vote.requestId === asked.id && vote.round === asked.round)
      .map(({ vote, person, forName }) => ({
        ...about(vote.step),
        id: vote.id,
        person,
        forName,
        verdict: vote.verdict,
        note: vote.note,
        at: vote.decidedAt,
      }))
    if (asked.state !== 'pending') return cast
    return [
      ...cast,
      {
        ...about(asked.step),
        id: asked.id,
        person: null,
        forName: null,
        verdict: null,
        note: null,
        at: asked.decideBy,
      },
    ]
  })
}

function extensionOf(
  raw: Raw,
  definition: PolicyDefinition,
  running: boolean,
  pending: boolean,
): GrantDetails['extension'] {
  if (raw.mode === 'permanent') return null
  const { allowed, maxCount, maxTotalSeconds } = definition.extension
  const common = { maxCount, maxTotalSeconds, allowedByPolicy: allowed }
  if (raw.emergency) return { ...common, why: 'Emergency access is not extended', choices: [] }
  if (!running || !raw.endsAt || !raw.grantedAt)
    return { ...common, why: 'Only an active access can be extended', choices: [] }
  const { endsAt } = raw
  const room = extensionRoom(definition.extension, {
    grantedAt: raw.grantedAt,
    endsAt,
    extensions: raw.extensions,
  })
  const why = pending ? 'More time was asked for already; that request is not decided yet' : room.why
  const choices = definition.presets.map(({ seconds, noticeSeconds }) => {
    const end = plus(endsAt, seconds)
    return {
      seconds,
      noticeSeconds,
      end,
      why: end > room.latestEnd ? 'Would run past the latest possible end' : null,
    }
  })
  return { ...common, why, choices }
}
