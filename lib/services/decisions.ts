import 'server-only'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { plus } from '@/lib/domain/duration'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { decideRequest, type RequestStep, stuckStep, verdicts } from '@/lib/domain/request'
import { type At, apply, type Verb } from './apply'
import type { Changes, RequestRow } from './changes'
import { holdApplicationOf, type LoadedGrant, type LoadedRequest, loadGrant, loadRequest } from './facts'
import { extendStep, requestMails } from './grants'
import { opened, reasonSchema } from './requests'

export const decideInput = z.object({
  requestId: z.uuid(),
  verdict: z.enum(verdicts),
  note: reasonSchema.transform((v) => v || null),
  /** A shorter length than asked for, in seconds. */
  seconds: z.number().int().positive().optional(),
  /** The version the approver looked at: a change of what is asked for since then voids the answer. */
  version: z.number().int().positive(),
})
export type DecideInput = z.infer<typeof decideInput>

interface DecideFacts extends LoadedRequest {
  readonly grant: LoadedGrant | null
}

async function requestLocks({ requestId }: { requestId: string }, db: Reader) {
  const row = await db.query.request.findFirst({
    where: eq(schema.request.id, requestId),
    columns: { personId: true, grantId: true },
  })
  return {
    persons: row ? [row.personId] : [],
    grants: row?.grantId ? [row.grantId] : [],
    requests: [requestId],
  }
}

async function loadForDecision(
  tx: Tx,
  { requestId }: { requestId: string },
  now: Date,
): Promise<DecideFacts | null> {
  const asked = await tx.query.request.findFirst({
    where: eq(schema.request.id, requestId),
    columns: { entitlementId: true },
  })
  if (asked) await holdApplicationOf(tx, asked.entitlementId)
  const loaded = await loadRequest(tx, requestId)
  if (!loaded) return null
  return { ...loaded, grant: loaded.row.grantId ? await loadGrant(tx, loaded.row.grantId, now) : null }
}

const onRequest = {
  locks: requestLocks,
  load: loadForDecision,
  facts: (f: DecideFacts) => ({
    askerId: f.row.askerId,
    beneficiaryId: f.row.personId,
    // Whoever is asked on any step is told what happened; the machine refuses a vote on another step.
    approverIds: f.facts.approvers.flat(),
    ownerIds: f.ownerIds,
  }),
}

const decide: Verb<DecideInput, DecideFacts, { state: RequestRow['state']; grantId: string | null }> = {
  gate: 'request.decide',
  ...onRequest,
  decide(f, input, at) {
    if (at.actor.kind !== 'person') return refuse('forbidden', 'Only people decide')
    if (f.row.state === 'pending' && changedSince(f, input.version))
      return refuse('stale', 'This request changed after you opened it. Look again before you decide')
    if (input.verdict === 'approve' && f.row.state === 'pending' && f.application.archivedAt)
      return refuse('unavailable', `${f.application.name} is archived, so nothing of it is given any more`)
    const event = {
      type: 'vote' as const,
      personId: at.actor.id,
      verdict: input.verdict,
      note: input.note,
      seconds: input.seconds,
    }
    const decided = decideRequest(f.facts, event, at.now, f.floorSeconds)
    if (!decided.ok) return decided
    return outcome(f, decided.value, at, { note: input.note, seconds: input.seconds })
  },
}

/**
 * Whether the request is another one than the approver looked at. A colleague's yes in the meantime is no such
 * change, unless it shortened what was asked for: two who are asked at once may agree at once.
 */
function changedSince({ row, votes }: DecideFacts, version: number): boolean {
  const since = votes.slice(version - 1)
  return since.length !== row.version - version || since.some((vote) => vote.seconds !== null)
}

/** What a request's step brings with it: the row, the vote, the grant or the longer grant, the mails, the clocks. */
function outcome(
  f: DecideFacts,
  step: RequestStep,
  at: At,
  said: { note?: string | null; seconds?: number; why?: string },
): Result<Changes<{ state: RequestRow['state']; grantId: string | null }>> {
  const { row } = f
  const shortened = step.next.seconds !== row.seconds
  const decisions = step.vote
    ? [
        {
          id: at.newId(),
          requestId: row.id,
          ...step.vote,
          note: said.note ?? null,
          seconds: shortened ? step.next.seconds : null,
          decidedAt: at.now,
        },
      ]
    : []
  const noticeSeconds = shortened ? noticeFor(f.definition, step.next.seconds) : row.noticeSeconds
  const data = {
    step: row.step,
    note: said.note ?? undefined,
    seconds: step.next.seconds,
    shortened: shortened || undefined,
    why: said.why,
  }
  const set = { ...step.next, noticeSeconds }
  const entry = { verb: step.verb, data }
  if (step.next.state === 'pending') {
    const moved = step.next.step !== row.step
    return ok({
      result: { state: 'pending' as const, grantId: null },
      requests: [{ row, set, entry }],
      decisions,
      mails: moved
        ? opened(row.id, row.decideBy, f.facts.approvers[step.next.step] ?? [], step.next.step).mails
        : [],
    })
  }
  const closed = {
    subjectType: 'request' as const,
    subjectId: row.id,
    order: { kind: 'lapse' as const, cancel: true as const },
  }
  if (step.next.state !== 'approved') {
    const mails = step.next.state === 'withdrawn' ? [] : requestMails(`request-${step.next.state}`, row)
    return ok({
      result: { state: step.next.state, grantId: null },
      requests: [{ row, set, entry }],
      decisions,
      work: [closed],
      mails,
    })
  }
  return row.kind === 'extension'
    ? extended(f, { set: { ...set, seconds: step.next.seconds }, entry, decisions, closed }, at)
    : granted(f, { set, entry, decisions, closed }, at)
}

/** The notice lead of the longest preset that is not longer than what was agreed; else a sixth of it. */
function noticeFor(definition: PolicyDefinition, seconds: number | null): number | null {
  if (seconds === null) return null
  const fits = definition.presets.filter((p) => p.seconds <= seconds).sort((a, b) => b.seconds - a.seconds)[0]
  return fits ? fits.noticeSeconds : Math.max(60, Math.floor(seconds / 6))
}

interface Approved {
  readonly set: {
    state: 'approved' | RequestRow['state']
    seconds: number | null
    noticeSeconds: number | null
    startAt: Date | null
  }
  readonly entry: NonNullable<Changes<unknown>['requests']>[number]['entry']
  readonly decisions: NonNullable<Changes<unknown>['decisions']>
  readonly closed: NonNullable<Changes<unknown>['work']>[number]
}

function granted(
  f: DecideFacts,
  a: Approved,
  at: At,
): Result<Changes<{ state: RequestRow['state']; grantId: string | null }>> {
  const { row, definition } = f
  const grantId = at.newId()
  const startAt = a.set.startAt && a.set.startAt > at.now ? a.set.startAt : at.now
  const grant = {
    id: grantId,
    state: 'scheduled' as const,
    personId: row.personId,
    entitlementId: row.entitlementId,
    applicationId: f.application.id,
    policyVersionId: row.policyVersionId,
    mode: definition.mode,
    durationSeconds: a.set.seconds,
    noticeSeconds: a.set.noticeSeconds,
    createdAt: at.now,
    startAt,
    startBy: plus(startAt, definition.startWithinSeconds),
  }
  return ok({
    result: { state: 'approved' as const, grantId },
    newGrants: [
      {
        row: grant,
        entry: { verb: 'scheduled', data: { requestId: row.id, startAt, seconds: a.set.seconds } },
      },
    ],
    requests: [{ row, set: { ...a.set, grantId }, entry: a.entry }],
    decisions: a.decisions,
    work: [
      a.closed,
      {
        subjectType: 'grant',
        subjectId: grantId,
        order: { kind: 'give', dueAt: startAt },
        connectionId: f.connection?.id ?? null,
      },
    ],
    mails: requestMails('request-approved', row),
  })
}

function extended(
  f: DecideFacts,
  a: Approved,
  at: At,
): Result<Changes<{ state: RequestRow['state']; grantId: string | null }>> {
  const { row, grant } = f
  if (!grant || a.set.seconds === null) return refuse('conflict', 'The access to extend is gone')
  const step = extendStep(
    grant,
    { seconds: a.set.seconds, noticeSeconds: a.set.noticeSeconds ?? 60, requestId: row.id },
    at.now,
  )
  if (!step.ok) return step
  return ok({
    result: { state: 'approved' as const, grantId: grant.row.id },
    requests: [{ row, set: a.set, entry: a.entry }],
    decisions: a.decisions,
    grants: step.value.grants,
    work: [a.closed, ...step.value.work],
    mails: requestMails('extended', row).map((mail) => ({ ...mail, grantId: grant.row.id })),
  })
}

/** An approver's yes or no on the step that is open. The first decision wins; a later one is told what happened. */
export function decideOnRequest(
  ctx: Ctx,
  input: DecideInput,
): Promise<Result<{ state: RequestRow['state']; grantId: string | null }>> {
  return apply(ctx, decide, input)
}

const withdraw: Verb<{ requestId: string }, DecideFacts, { state: RequestRow['state'] }> = {
  ...onRequest,
  gate: 'request.withdraw',
  decide(f, _input, at) {
    const decided = decideRequest(f.facts, { type: 'withdraw' }, at.now, f.floorSeconds)
    return decided.ok ? outcome(f, decided.value, at, {}) : decided
  },
}

/** Takes a request back before it is decided. */
export function withdrawRequest(
  ctx: Ctx,
  requestId: string,
): Promise<Result<{ state: RequestRow['state'] }>> {
  return apply(ctx, withdraw, { requestId })
}

const lapse: Verb<{ requestId: string }, DecideFacts, { state: RequestRow['state'] }> = {
  ...onRequest,
  gate: 'request.lapse',
  decide(f, _input, at) {
    const why = stuckStep(f.facts) !== null && at.now < f.row.decideBy ? 'nobody_left' : 'time'
    const decided = decideRequest(f.facts, { type: 'lapse', why }, at.now, f.floorSeconds)
    return decided.ok ? outcome(f, decided.value, at, { why }) : decided
  },
}

/** Ends a request that nobody decided in time, or that nobody could decide any more. Called by the engine. */
export function lapseRequest(ctx: Ctx, requestId: string): Promise<Result<{ state: RequestRow['state'] }>> {
  return apply(ctx, lapse, { requestId })
}
