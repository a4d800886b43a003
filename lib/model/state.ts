import { ESCALATE_AFTER, MINUTE, OVERDUE_AFTER, plus } from '../domain/duration'
import type { GrantFacts, TargetFacts } from '../domain/grant'
import type { RequestKind, RequestState } from '../domain/request'

/**
 * The world of the model: one person, one entitlement, two grants of it, the engine's rows and hands, and a target.
 * Time is counted in ticks; everything else is as small as it can be without losing what may go wrong.
 */

/** One tick, in seconds. */
export const TICK = 15 * MINUTE

/** Lengths of the model, in ticks. */
export const ticks = {
  duration: 2,
  more: 2,
  notice: 1,
  startWithin: 2,
  decideWithin: 1,
  settle: 1,
  escalate: ESCALATE_AFTER / TICK,
} as const

const T0 = new Date('2026-01-05T09:00:00Z')
export const moment = (tick: number): Date => plus(T0, tick * TICK)
export const tickOf = (at: Date): number => (at.getTime() - T0.getTime()) / (TICK * 1000)

/** A target for which slack, settle time and the alarm after the end are one tick each. */
export const target: TargetFacts = {
  slackSeconds: TICK,
  settleSeconds: ticks.settle * TICK,
  effectDelaySeconds: TICK - OVERDUE_AFTER,
  taskSeconds: null,
}

/** The first grant of the entitlement, or the one that follows it. */
export type Place = 0 | 1
export const places = [0, 1] as const satisfies readonly Place[]

/** The work of a lease, in the order in which a sweep hands it out; `lapse` is that of the request that is open. */
export const kinds = ['take', 'alarm', 'notice', 'lapse', 'give', 'look'] as const
export type Kind = (typeof kinds)[number]

/** A row of `work`. Generation and attempt are not counted: a hand knows whether its claim still holds. */
export interface Row {
  readonly due: number
  /** Claimed, by a hand that lives or by one that died. */
  readonly leased: boolean
  /** Waits for something else and looks again a little later. */
  readonly rests: boolean
  /** For a give: when the last call was noted, and whether the target refused for good. */
  readonly lastCall: number | null
  readonly final: boolean
}

/** What a hand is about to do. */
export type Point =
  | 'begin'
  | 'baseline'
  | 'intend'
  | 'recheck'
  | 'send'
  | 'confirm'
  | 'give up'
  | 'no answer'
  | 'raise'
  | 'later'
  | 'done'
  | 'record'

/** One handler at work on a claim: a process between two of its steps. */
export interface Hand {
  readonly kind: Kind
  readonly place: Place
  readonly at: Point
  /** Somebody re-dated, called off or claimed anew what it works on: its generation or attempt is an old one. */
  readonly stale: boolean
  /** It has a call under way, as its grant's mark says. */
  readonly calls: boolean
  /** What its last look saw, or why there was no answer. */
  readonly saw: 'absent' | 'direct' | 'no look' | 'unanswered' | 'refused' | null
}

/** The request that was made last in a place, and whether it asks for the grant or for more time on it. */
export interface Ask {
  readonly kind: RequestKind
  readonly state: RequestState
  readonly decideBy: number
}

export interface Side {
  readonly ask: Ask | null
  readonly grant: GrantFacts | null
  readonly work: Readonly<Partial<Record<Kind, Row>>>
  /** A call to the target counts as under way (`callUntil`). */
  readonly calling: boolean
  /** An event or a sleeping run will ring for this place; lost with the job engine. */
  readonly rung: boolean
  /** The end for which a notice is owed or sent. */
  readonly noticed: number | null
}

/** Who put the access there: nobody, somebody else before us, or the grant in this place. */
export type Holder = 'nobody' | 'other' | Place

/** A change that the target makes later than it answered, if it answered. */
export interface Late {
  readonly act: 'give' | 'take'
  readonly place: Place
  /** It has landed before this tick begins. */
  readonly before: number
}

/** What may go wrong in one life; each is counted down, and all but extensions together. */
export interface Luck {
  /** So many misfortunes together, whichever they are. */
  readonly all: number
  /** Processes that die, and claims that run out under a process that lives. */
  readonly crashes: number
  /** Calls that fail, or whose answer is lost. */
  readonly faults: number
  /** Effects that come late. */
  readonly lates: number
  /** Events that are lost. */
  readonly losses: number
  /** Times in which nobody works: a tick, or as long as until an alarm is escalated. */
  readonly delays: number
  /** Extensions that are asked for. */
  readonly more: number
}

export type Misfortune = Exclude<keyof Luck, 'all' | 'more'>

/** One misfortune more; null where there are none left. */
export function worse(left: Luck, what: Misfortune): Luck | null {
  if (left.all === 0 || left[what] === 0) return null
  return { ...left, all: left.all - 1, [what]: left[what] - 1 }
}

export interface State {
  readonly now: number
  /** The person held the entitlement before anybody asked. */
  readonly stood: boolean
  readonly sides: readonly [Side, Side]
  readonly held: Holder
  readonly late: readonly Late[]
  readonly hands: readonly Hand[]
  /** Ticks that passed while due work lay undone. */
  readonly idle: number
  readonly left: Luck
}

const empty: Side = { ask: null, grant: null, work: {}, calling: false, rung: false, noticed: null }

export const row = (due: number): Row => ({ due, leased: false, rests: false, lastCall: null, final: false })

/** The request for the grant in a place was just made, and lapses when nobody decides. */
export function asked(side: Side, kind: RequestKind, decideBy: number): Side {
  return {
    ...side,
    ask: { kind, state: 'pending', decideBy },
    work: { ...side.work, lapse: row(decideBy) },
    rung: true,
  }
}

/** Somebody has just asked; the target holds nothing for them, or what they held before. */
export function beginnings(left: Luck): State[] {
  return [false, true].map((stood) => ({
    now: 0,
    stood,
    sides: [asked(empty, 'grant', ticks.decideWithin), empty],
    held: stood ? 'other' : 'nobody',
    late: [],
    hands: [],
    idle: 0,
    left,
  }))
}

export function withSide(state: State, place: Place, side: Side): State {
  return { ...state, sides: place === 0 ? [side, state.sides[1]] : [state.sides[0], side] }
}

export function withWork(side: Side, kind: Kind, change: Row | null): Side {
  const { [kind]: _, ...rest } = side.work
  return { ...side, work: change ? { ...rest, [kind]: change } : rest }
}
