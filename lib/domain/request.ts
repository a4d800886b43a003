import { DAY, durationWords, plus } from './duration'
import { ok, type Refusal, type Result, refuse } from './errors'
import { type ApprovalStep, blockedStep } from './policy'

/** `pending → approved | denied | withdrawn | lapsed`. All four ends are final. */
export const requestStates = ['pending', 'approved', 'denied', 'withdrawn', 'lapsed'] as const
export type RequestState = (typeof requestStates)[number]

/** A request asks for a new grant, or for more time on one that is held. */
export const requestKinds = ['grant', 'extension'] as const
export type RequestKind = (typeof requestKinds)[number]

export const verdicts = ['approve', 'deny'] as const
export type Verdict = (typeof verdicts)[number]

/** A vote that was cast: one approver's yes or no on one step. */
export interface Vote {
  readonly step: number
  readonly personId: string
  readonly verdict: Verdict
}

/** What the machine needs to know of a request. */
export interface RequestFacts {
  readonly kind: RequestKind
  readonly state: RequestState
  readonly askerId: string
  readonly beneficiaryId: string
  /** The step that is being decided, from 0. */
  readonly step: number
  /** Seconds asked for, or narrowed to; null for a permanent access. */
  readonly seconds: number | null
  readonly startAt: Date | null
  readonly decideBy: Date
  readonly steps: readonly ApprovalStep[]
  readonly votes: readonly Vote[]
  /** Live approver sets, one for each step, the asker and the beneficiary already left out. */
  readonly approvers: readonly (readonly string[])[]
}

export type RequestEvent =
  | {
      readonly type: 'vote'
      readonly personId: string
      readonly verdict: Verdict
      readonly note: string | null
      /** An approver may narrow: a shorter length (seconds), a later start. */
      readonly seconds?: number
      readonly startAt?: Date
    }
  | { readonly type: 'withdraw' }
  | { readonly type: 'lapse'; readonly why: 'time' | 'grant_ended' | 'nobody_left' }

/** What follows from an event. */
export interface RequestStep {
  readonly next: {
    state: RequestState
    step: number
    seconds: number | null
    startAt: Date | null
    decidedAt: Date | null
  }
  readonly vote: Vote | null
  readonly verb: 'agreed' | 'approved' | 'denied' | 'withdrawn' | 'lapsed'
}

/** Which state an event may lead to; nothing leaves an end. The picture in this folder's README is drawn from it. */
export const requestTable: Record<
  RequestState,
  Partial<Record<RequestEvent['type'], readonly RequestState[]>>
> = {
  pending: { vote: ['pending', 'approved', 'denied'], withdraw: ['withdrawn'], lapse: ['lapsed'] },
  approved: {},
  denied: {},
  withdrawn: {},
  lapsed: {},
}

const words: Record<RequestState, string> = {
  pending: 'not decided yet',
  approved: 'already approved',
  denied: 'already denied',
  withdrawn: 'withdrawn by the requester',
  lapsed: 'lapsed because nobody decided in time',
}

/**
 * The request machine. Pure: facts and a moment in, what changes out, or a refusal.
 * The first decision wins; a vote after it is refused with `conflict`, never ignored.
 */
export function decideRequest(
  request: RequestFacts,
  event: RequestEvent,
  now: Date,
  floorSeconds: number,
): Result<RequestStep> {
  if (!requestTable[request.state][event.type])
    return refuse('conflict', `This request is ${words[request.state]}`)
  if (event.type === 'withdraw') return ok(end(request, 'withdrawn', now))
  if (event.type === 'lapse') {
    if (event.why === 'time' && now < request.decideBy)
      return refuse('conflict', 'This request may still be decided')
    return ok(end(request, 'lapsed', now))
  }
  if (now >= request.decideBy) return refuse('too_late', 'The time to decide is over; the request lapses')
  return vote(request, event, now, floorSeconds)
}

function vote(
  request: RequestFacts,
  event: Extract<RequestEvent, { type: 'vote' }>,
  now: Date,
  floorSeconds: number,
): Result<RequestStep> {
  const refused = mayVote(request, event.personId) ?? narrowing(request, event, now, floorSeconds)
  if (refused) return refused
  const cast: Vote = { step: request.step, personId: event.personId, verdict: event.verdict }
  if (event.verdict === 'deny') {
    if (!event.note) return refuse('invalid', 'Say why, so that they know what to change', 'note')
    return ok({ ...end(request, 'denied', now), vote: cast })
  }
  const step = request.steps[request.step]
  if (!step) throw new Error(`request has no step ${request.step}`)
  const seconds = event.seconds ?? request.seconds
  const startAt = event.startAt ?? request.startAt
  const passed = votesMissing({ ...request, votes: [...request.votes, cast] }, request.step) === 0
  const last = request.step === request.steps.length - 1
  if (passed && last)
    return ok({
      next: { state: 'approved', step: request.step, seconds, startAt, decidedAt: now },
      vote: cast,
      verb: 'approved',
    })
  return ok({
    next: { state: 'pending', step: request.step + (passed ? 1 : 0), seconds, startAt, decidedAt: null },
    vote: cast,
    verb: 'agreed',
  })
}

function mayVote(request: RequestFacts, personId: string): Refusal | null {
  if (personId === request.askerId || personId === request.beneficiaryId)
    return refuse('forbidden', 'Nobody decides on their own request')
  if (request.votes.some((v) => v.personId === personId))
    return refuse('conflict', 'You have decided on this request already')
  if (!request.approvers[request.step]?.includes(personId))
    return refuse('forbidden', 'You are not asked to decide on this step')
  return null
}

function narrowing(
  request: RequestFacts,
  event: Extract<RequestEvent, { type: 'vote' }>,
  now: Date,
  floorSeconds: number,
): Refusal | null {
  if (event.seconds !== undefined && event.seconds !== request.seconds) {
    if (request.seconds === null || event.seconds > request.seconds)
      return refuse('invalid', 'You may shorten what was asked for, not lengthen it', 'seconds')
    if (event.seconds < floorSeconds)
      return refuse('invalid', `The minimum is ${durationWords(floorSeconds)}`, 'seconds')
  }
  if (event.startAt !== undefined) {
    const earliest = request.startAt ?? now
    if (event.startAt < earliest)
      return refuse('invalid', 'You may set a later start, not an earlier one', 'startAt')
    if (event.startAt > plus(now, 366 * DAY))
      return refuse('invalid', 'A start is at most 366 days ahead', 'startAt')
  }
  return null
}

function end(request: RequestFacts, state: 'denied' | 'withdrawn' | 'lapsed', now: Date): RequestStep {
  const { step, seconds, startAt } = request
  return { next: { state, step, seconds, startAt, decidedAt: now }, vote: null, verb: state }
}

type Count = Pick<RequestFacts, 'steps' | 'approvers' | 'votes'>

/**
 * How many more people have to agree on a step. A number counts every yes that was given; "all" asks each of
 * those who are approvers now, so that somebody who left since does not stand in for somebody who stayed.
 */
function votesMissing({ steps, approvers, votes }: Count, index: number): number {
  const step = steps[index]
  if (!step) throw new Error(`request has no step ${index}`)
  const yes = votes.filter((v) => v.step === index && v.verdict === 'approve').map((v) => v.personId)
  const live = approvers[index] ?? []
  if (step.quorum !== 'all') return Math.max(0, step.quorum - yes.length)
  if (live.length === 0) return 1
  return live.filter((id) => !yes.includes(id)).length
}

/** The step at which no one could ever say yes, counting from the step being decided; null if all can be. */
export function stuckStep(request: Count & Pick<RequestFacts, 'step'>): number | null {
  const voted = new Set(request.votes.map((v) => v.personId))
  const rest = request.steps.slice(request.step).map((step, i) => {
    const missing = votesMissing(request, request.step + i)
    return { ...step, quorum: i === 0 ? Math.max(1, missing) : missing }
  })
  const free = request.approvers.slice(request.step).map((ids) => ids.filter((id) => !voted.has(id)))
  const found = blockedStep(rest, free)
  return found === null ? null : found + request.step
}
