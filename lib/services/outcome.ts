import 'server-only'
import { plus } from '@/lib/domain/duration'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { RequestStep } from '@/lib/domain/request'
import type { At } from './apply'
import type { Changes, RequestRow, WorkChange } from './changes'
import type { EntitlementFacts, LoadedGrant, LoadedRequest } from './facts'
import { extendStep, graceOverStep } from './grants'
import { closedWork, requestMails, stepOpens } from './open-request'

/** A request with the grant it would extend, where it is one for more time. */
export interface DecideFacts extends LoadedRequest {
  /** It asks for more time, and the access goes on past its end for as long as that is undecided. */
  readonly inGrace: boolean
  /** Every account of who asked and of whom it is for. */
  readonly ownIds: readonly string[]
  readonly grant: LoadedGrant | null
}

export interface Outcome {
  readonly state: RequestRow['state']
  readonly grantId: string | null
}

/** What was said with a step: goes into the timeline, and into the vote where it is one. */
export interface Said {
  readonly note?: string | null
  readonly why?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** What a request's step brings with it: the row, the vote, the grant or the longer grant, the mails, the clocks. */
export function outcome(
  f: DecideFacts,
  step: RequestStep,
  at: At,
  said: Said = {},
): Result<Changes<Outcome>> {
  const { row } = f
  const shortened = step.next.seconds !== row.seconds
  const postponed = step.next.startAt?.getTime() !== row.startAt?.getTime()
  const decisions = step.vote
    ? [
        {
          id: at.newId(),
          requestId: row.id,
          round: row.round,
          ...step.vote,
          note: said.note ?? null,
          seconds: shortened ? step.next.seconds : null,
          startAt: postponed ? step.next.startAt : null,
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
    startAt: postponed ? step.next.startAt : undefined,
    forId: step.vote?.forId ?? undefined,
    forName: step.vote?.forId ? f.book.name(step.vote.forId) : undefined,
    why: said.why,
    ...said.data,
  }
  const entry = { verb: step.verb, data }
  if (step.next.state === 'pending') {
    const moved = step.next.step !== row.step
    // A step that separation of duties added while deciding stays with the request.
    const set = {
      ...step.next,
      steps: row.steps,
      noticeSeconds,
      ...(moved ? { stepOpenedAt: at.now } : {}),
    }
    const opened = moved ? opensAt(f, step, at.now) : { work: [], mails: [] }
    return ok({
      result: { state: 'pending', grantId: null },
      requests: [{ row, set, entry }],
      decisions,
      ...opened,
    })
  }
  const set = { ...step.next, noticeSeconds }
  if (step.next.state !== 'approved') {
    const over = f.inGrace && f.grant ? graceOverStep(f.grant, at.now) : { grants: [], work: [] }
    return ok({
      result: { state: step.next.state, grantId: null },
      requests: [{ row, set, entry }],
      decisions,
      grants: over.grants,
      work: [...closedWork(row.id), ...over.work],
      mails: requestMails(
        `request-${step.next.state}`,
        row,
        // Whoever takes it back knows; the other of the two is told.
        step.next.state === 'withdrawn' && at.actor.kind === 'person' ? at.actor.id : undefined,
      ),
    })
  }
  return row.kind === 'extension'
    ? extended(f, { set, entry, decisions }, at)
    : granted(f, { set, entry, decisions }, at)
}

/** The next step of a request as it opens, with the vote that passed the one before already counted. */
function opensAt(f: DecideFacts, step: RequestStep, now: Date) {
  const votes = step.vote ? [...f.facts.votes, step.vote] : f.facts.votes
  const standing = f.book.standing({ ...f.place, votes })
  const seats = { ...f.facts, ...standing, votes, step: step.next.step }
  return stepOpens({ ...f.row, step: step.next.step, seats }, f.definition, now)
}

/** The notice lead of the longest preset that is not longer than what was agreed; else a sixth of it. */
export function noticeFor(
  definition: Pick<PolicyDefinition, 'presets'>,
  seconds: number | null,
): number | null {
  if (seconds === null) return null
  const fits = definition.presets.filter((p) => p.seconds <= seconds).sort((a, b) => b.seconds - a.seconds)[0]
  return fits ? fits.noticeSeconds : Math.max(60, Math.floor(seconds / 6))
}

interface Approved {
  readonly set: RequestStep['next'] & { readonly noticeSeconds: number | null }
  readonly entry: NonNullable<Changes<unknown>['requests']>[number]['entry']
  readonly decisions: NonNullable<Changes<unknown>['decisions']>
}

/** The grant that an approval makes, and the work to give it. */
export function newGrant(
  f: Pick<EntitlementFacts, 'application' | 'connection'> & Pick<LoadedRequest, 'definition'>,
  asked: {
    readonly requestId: string
    readonly personId: string
    readonly entitlementId: string
    readonly policyVersionId: string
    readonly seconds: number | null
    readonly noticeSeconds: number | null
    readonly startAt: Date | null
    readonly emergency?: boolean
    /** Standing access becomes this lease. */
    readonly converts?: boolean
  },
  at: At,
): Required<Pick<Changes<unknown>, 'newGrants'>> & { work: WorkChange[]; grantId: string } {
  const { requestId, startAt: later, seconds, emergency = false, converts = false } = asked
  const grantId = at.newId()
  const startAt = later && later > at.now ? later : at.now
  const row = {
    id: grantId,
    state: 'scheduled' as const,
    personId: asked.personId,
    entitlementId: asked.entitlementId,
    policyVersionId: asked.policyVersionId,
    applicationId: f.application.id,
    mode: emergency || converts ? ('just-in-time' as const) : f.definition.mode,
    durationSeconds: seconds,
    noticeSeconds: asked.noticeSeconds,
    createdAt: at.now,
    startAt,
    startBy: plus(startAt, f.definition.startWithinSeconds),
    emergency,
    converts,
  }
  const data = {
    requestId,
    startAt,
    seconds,
    emergency: emergency || undefined,
    converts: converts || undefined,
  }
  return {
    grantId,
    newGrants: [{ row, entry: { verb: 'scheduled', data } }],
    work: [
      {
        subjectType: 'grant',
        subjectId: grantId,
        order: { kind: 'give', dueAt: startAt },
        connectionId: f.connection?.id ?? null,
      },
    ],
  }
}

function granted(f: DecideFacts, a: Approved, at: At): Result<Changes<Outcome>> {
  const { row } = f
  const made = newGrant(f, { ...row, ...a.set, requestId: row.id }, at)
  return ok({
    result: { state: 'approved', grantId: made.grantId },
    newGrants: made.newGrants,
    requests: [{ row, set: { ...a.set, grantId: made.grantId }, entry: a.entry }],
    decisions: a.decisions,
    work: [...closedWork(row.id), ...made.work],
    mails: requestMails('request-approved', row),
  })
}

function extended(f: DecideFacts, a: Approved, at: At): Result<Changes<Outcome>> {
  const { row, grant } = f
  if (!grant || a.set.seconds === null) return refuse('conflict', 'The access to extend is gone')
  const step = extendStep(
    grant,
    { seconds: a.set.seconds, noticeSeconds: a.set.noticeSeconds ?? 60, requestId: row.id },
    at.now,
  )
  if (!step.ok) return step
  return ok({
    result: { state: 'approved', grantId: grant.row.id },
    requests: [{ row, set: a.set, entry: a.entry }],
    decisions: a.decisions,
    grants: step.value.grants,
    work: [...closedWork(row.id), ...step.value.work],
    mails: requestMails('extended', row).map((mail) => ({ ...mail, grantId: grant.row.id })),
  })
}
