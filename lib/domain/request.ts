import { DAY, durationWords, plus } from './duration'
import { ok, type Refusal, type Result, refuse } from './errors'
import { type ApprovalStep, blockedStep } from './policy'
import type { TimelineVerb } from './timeline'

/** `pending → approved | denied | withdrawn | lapsed`. All four ends are final. */
export const requestStates = ['pending', 'approved', 'denied', 'withdrawn', 'lapsed'] as const
export type RequestState = (typeof requestStates)[number]

/** A request asks for a new grant, or for more time on one that is held. */
export const requestKinds = ['grant', 'extension'] as const
export type RequestKind = (typeof requestKinds)[number]

export const verdicts = ['approve', 'deny'] as const
export type Verdict = (typeof verdicts)[number]

/**
 * How a request came to be approved: by people, by a condition of its policy, as an emergency, or by an admin who
 * turns standing access into a lease.
 */
export const approvals = ['people', 'automatic', 'emergency', 'conversion'] as const
export type Approval = (typeof approvals)[number]

/** Why the fallback is asked as well: nobody decided in time, or too few people were left who could. */
export type EscalationWhy = 'late' | 'lost'

/** So many entitlements are asked for in one go at most. */
export const MOST_AT_ONCE = 10

/** A vote that was cast: one approver's yes or no on one step. */
export interface Vote {
  readonly step: number
  readonly personId: string
  /** Whose place it was given in, by a substitute; that person then counts as having decided. */
  readonly forId?: string | null
  readonly verdict: Verdict
}

/** Who counts as having decided: the one in whose place it was, else whoever did. */
const seatOf = (vote: Vote) => vote.forId ?? vote.personId

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
  /** Live approver sets, one for each step as it stands, the asker and the beneficiary already left out. */
  readonly approvers: readonly (readonly string[])[]
  /** Who acts in whose place now: by the person who is away, their substitute. Never the asker or the beneficiary. */
  readonly substitutes: Readonly<Record<string, string>>
  /**
   * Steps at which the fallback is asked as well: the owners, and the admins where there are too few owners. A step
   * that is here twice asks the admins in any case.
   */
  readonly escalated: readonly number[]
  /** Counts what the requester changed since asking; votes belong to one round. */
  readonly round: number
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
  | { readonly type: 'lapse'; readonly why: LapseWhy }
  /** The requester changes what is asked for: the votes so far are void, and it begins at the first step. */
  | { readonly type: 'edit'; readonly seconds: number | null; readonly startAt: Date | null }
  /** Asked of the requester by somebody who may decide; the answer keeps the request pending. */
  | { readonly type: 'question'; readonly personId: string }
  | { readonly type: 'answer'; readonly personId: string }
  | { readonly type: 'escalate'; readonly step: number; readonly why: EscalationWhy; readonly times?: 1 | 2 }
  /** An admin names who decides on the open step instead of those who were asked. */
  | { readonly type: 'reassign'; readonly byId: string; readonly personIds: readonly string[] }
  | { readonly type: 'remind' }

export type LapseWhy = 'time' | 'grant_ended' | 'nobody_left' | 'policy_changed' | 'left'

/** What follows from an event. */
export interface RequestStep {
  readonly next: {
    state: RequestState
    step: number
    seconds: number | null
    startAt: Date | null
    decidedAt: Date | null
    round?: number
    escalated?: number[]
    reassigned?: { step: number; personIds: string[] } | null
  }
  readonly vote: Vote | null
  readonly verb: Extract<
    TimelineVerb,
    | 'agreed'
    | 'approved'
    | 'denied'
    | 'withdrawn'
    | 'lapsed'
    | 'edited'
    | 'question_asked'
    | 'question_answered'
    | 'escalated'
    | 'reassigned'
    | 'reminded'
  >
}

/** Which state an event may lead to; nothing leaves an end. The picture in this folder's README is drawn from it. */
export const requestTable: Record<
  RequestState,
  Partial<Record<RequestEvent['type'], readonly RequestState[]>>
> = {
  pending: {
    vote: ['pending', 'approved', 'denied'],
    withdraw: ['withdrawn'],
    lapse: ['lapsed'],
    edit: ['pending'],
    question: ['pending'],
    answer: ['pending'],
    escalate: ['pending'],
    reassign: ['pending'],
    remind: ['pending'],
  },
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
  lapsed: 'lapsed already',
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
  switch (event.type) {
    case 'vote':
      return vote(request, event, now, floorSeconds)
    case 'edit': {
      const { seconds, startAt } = event
      const round = request.round + 1
      return ok({
        ...stays(request, 'edited'),
        next: { ...same(request), seconds, startAt, step: 0, round, escalated: [], reassigned: null },
      })
    }
    case 'question': {
      const seat = seatFor(request, event.personId)
      return 'ok' in seat ? seat : ok(stays(request, 'question_asked'))
    }
    case 'answer':
      if (event.personId !== request.askerId && event.personId !== request.beneficiaryId)
        return refuse('forbidden', 'Only who asked for it, or whom it is for, answers')
      return ok(stays(request, 'question_answered'))
    case 'escalate': {
      const { step, why, times = 1 } = event
      const before = request.escalated.filter((s) => s === step).length
      if (step < request.step || before + times > 2 || (why === 'late' && before > 0))
        return refuse('conflict', 'The fallback is asked on this step already')
      const escalated = [...request.escalated, ...Array<number>(times).fill(step)]
      return ok({ ...stays(request, 'escalated'), next: { ...same(request), escalated } })
    }
    case 'reassign':
      return reassign(request, event)
    case 'remind':
      return ok(stays(request, 'reminded'))
  }
}

const same = ({ state, step, seconds, startAt }: RequestFacts) => ({
  state,
  step,
  seconds,
  startAt,
  decidedAt: null,
})

function stays(request: RequestFacts, verb: RequestStep['verb']): RequestStep {
  return { next: same(request), vote: null, verb }
}

function reassign(
  request: RequestFacts,
  { byId, personIds }: Extract<RequestEvent, { type: 'reassign' }>,
): Result<RequestStep> {
  const own = [request.askerId, request.beneficiaryId]
  if (own.includes(byId)) return refuse('forbidden', 'Nobody chooses who decides on their own request')
  if (personIds.some((id) => own.includes(id)))
    return refuse('invalid', 'Nobody decides on their own request. Choose somebody else', 'personIds')
  if (personIds.length === 0) return refuse('invalid', 'Choose who decides instead', 'personIds')
  const approvers = request.approvers.map((ids, i) => (i === request.step ? personIds : ids))
  if (stuckStep({ ...request, approvers }) === request.step)
    return refuse(
      'invalid',
      'Too few: this step needs more different people, and nobody decides twice',
      'personIds',
    )
  return ok({
    ...stays(request, 'reassigned'),
    next: {
      ...same(request),
      reassigned: { step: request.step, personIds: [...personIds] },
      // The fallback was asked before those; they have a time of their own before it is asked again.
      escalated: request.escalated.filter((step) => step !== request.step),
    },
  })
}

function vote(
  request: RequestFacts,
  event: Extract<RequestEvent, { type: 'vote' }>,
  now: Date,
  floorSeconds: number,
): Result<RequestStep> {
  const seat = seatFor(request, event.personId)
  if ('ok' in seat) return seat
  const refused = narrowing(request, event, now, floorSeconds)
  if (refused) return refused
  const { forId } = seat
  const cast: Vote = { step: request.step, personId: event.personId, forId, verdict: event.verdict }
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

/** What it takes to know who may decide on the open step. */
export type Seats = Pick<
  RequestFacts,
  'askerId' | 'beneficiaryId' | 'step' | 'votes' | 'approvers' | 'substitutes'
>

/** Everybody who is asked on any step, and who stands in for them now. */
export function everyoneAsked({
  approvers,
  substitutes,
}: Pick<RequestFacts, 'approvers' | 'substitutes'>): string[] {
  return [...new Set([...approvers.flat(), ...Object.values(substitutes)])]
}

/**
 * In whose place this person may decide on the open step: their own (`forId` null), or that of somebody who is away
 * and named them. Nobody decides twice, and nobody is counted twice, on all steps together.
 */
export function seatFor(request: Seats, personId: string): { forId: string | null } | Refusal {
  if (personId === request.askerId || personId === request.beneficiaryId)
    return refuse('forbidden', 'Nobody decides on their own request')
  if (request.votes.some((v) => v.personId === personId))
    return refuse('conflict', 'You have decided on this request already')
  const live = request.approvers[request.step] ?? []
  const taken = (id: string) => request.votes.some((v) => seatOf(v) === id)
  if (live.includes(personId))
    return taken(personId)
      ? refuse('conflict', 'Your substitute has decided on this request already')
      : { forId: null }
  const away = live.filter((id) => request.substitutes[id] === personId)
  const forId = away.find((id) => !taken(id))
  if (forId) return { forId }
  return away.length > 0
    ? refuse('conflict', 'Whoever you stand in for has decided on this request already')
    : refuse('forbidden', 'You are not asked to decide on this step')
}

/** Everybody who could decide on the open step now: who is asked and has not decided, and their substitutes. */
export function mayDecide(request: Seats): string[] {
  const live = request.approvers[request.step] ?? []
  const people = new Set([...live, ...live.flatMap((id) => request.substitutes[id] ?? [])])
  return [...people].filter((id) => !('ok' in seatFor(request, id)))
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
  const yes = votes.filter((v) => v.step === index && v.verdict === 'approve').map(seatOf)
  const live = approvers[index] ?? []
  if (step.quorum !== 'all') return Math.max(0, step.quorum - new Set(yes).size)
  if (live.length === 0) return 1
  return live.filter((id) => !yes.includes(id)).length
}

/**
 * The step at which no one could ever say yes, counting from the step being decided; null if all can be. Substitutes
 * are left out: whoever is away can still decide, and is no more than one person with whom they named.
 */
export function stuckStep(request: Count & Pick<RequestFacts, 'step'>): number | null {
  const voted = new Set(request.votes.flatMap((v) => [v.personId, seatOf(v)]))
  const rest = request.steps.slice(request.step).map((step, i) => {
    const missing = votesMissing(request, request.step + i)
    return { ...step, quorum: i === 0 ? Math.max(1, missing) : missing }
  })
  const free = request.approvers.slice(request.step).map((ids) => ids.filter((id) => !voted.has(id)))
  const found = blockedStep(rest, free)
  return found === null ? null : found + request.step
}
