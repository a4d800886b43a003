import { decideGrant, type GrantEvent, type GrantStep } from '../domain/grant'
import { decideRequest, type RequestEvent, type RequestStep } from '../domain/request'
import type { WorkOrder } from '../domain/work'
import {
  type Hand,
  type Kind,
  kinds,
  moment,
  type Place,
  row,
  type Side,
  type State,
  target,
  tickOf,
  withSide,
  withWork,
} from './state'

/** The design, and what of it a search may leave out to see that it is missed. */
export interface Design {
  /** Whoever lost a claim can no longer change anything. */
  readonly fence: boolean
  /** Due work is done although nobody rings for it. */
  readonly sweep: boolean
  /** Once more the target is looked at, when a late effect may have landed. */
  readonly lookAfter: boolean
}

export const asDesigned: Design = { fence: true, sweep: true, lookAfter: true }

const isKind = (kind: string): kind is Kind => (kinds as readonly string[]).includes(kind)

/** What a step of a machine left behind, and its entry in the timeline. */
export interface Stepped {
  readonly state: State
  readonly verb: GrantStep['verb'] | RequestStep['verb']
}

/**
 * One step of the grant machine, saved as the services save it: the row, its work, and a pending request for more
 * time that goes with a grant that leaves `active`. Null where the machine refuses.
 */
export function stepGrant(
  state: State,
  place: Place,
  event: GrantEvent,
  design: Design,
  inHand: Hand | null = null,
): Stepped | null {
  const side = state.sides[place]
  if (!side.grant) return null
  const decided = decideGrant(side.grant, event, moment(state.now), target)
  if (!decided.ok) return null
  const { next, verb, work } = decided.value
  let after = withSide(state, place, { ...side, grant: { ...side.grant, ...next } })
  const left = side.grant.state === 'active' && next.state && !['active', 'provisioning'].includes(next.state)
  if (left && side.ask?.state === 'pending')
    after = stepRequest(after, place, { type: 'lapse', why: 'grant_ended' })?.state ?? after
  for (const order of work)
    if (design.lookAfter || order.kind !== 'look') after = arm(after, place, order, inHand)
  return { state: after, verb }
}

/** One step of the request machine: who decides is one person, who asks another. */
export function stepRequest(state: State, place: Place, event: RequestEvent): Stepped | null {
  const side = state.sides[place]
  if (!side.ask) return null
  const decided = decideRequest(
    {
      kind: side.ask.kind,
      state: side.ask.state,
      askerId: 'ana',
      beneficiaryId: 'ana',
      step: 0,
      seconds: null,
      startAt: null,
      decideBy: moment(side.ask.decideBy),
      steps: [{ approvers: [], quorum: 1 }],
      votes: [],
      approvers: [['ben']],
      substitutes: {},
      escalated: [],
      round: 1,
    },
    event,
    moment(state.now),
    0,
  )
  if (!decided.ok) return null
  const { next, verb } = decided.value
  const after = withSide(state, place, { ...side, ask: { ...side.ask, state: next.state } })
  const closed = next.state !== 'pending'
  return { state: closed ? arm(after, place, { kind: 'lapse', cancel: true }, null) : after, verb }
}

/**
 * Arms, re-dates or calls off one row of work. Re-dating takes the claim away from whoever has it; the row in hand
 * keeps its claim where it stays due. Whatever changes is told to the job engine.
 */
export function arm(state: State, place: Place, order: WorkOrder, inHand: Hand | null): State {
  const { kind } = order
  if (!isKind(kind)) throw new Error(`the model knows no work of kind ${kind}`)
  const side = state.sides[place]
  const before = side.work[kind]
  if ('cancel' in order) {
    if (!before) return state
    return withSide(outdated(state, place, kind), place, withWork(side, kind, null))
  }
  const due = Math.ceil(tickOf(order.dueAt))
  const told: Side = { ...side, rung: true }
  if (before && inHand?.kind === kind && due <= state.now)
    return withSide(state, place, withWork(told, kind, { ...before, due }))
  return withSide(outdated(state, place, kind), place, withWork(told, kind, row(due)))
}

/** The claims on a row of work are old ones from now on. */
export function outdated(state: State, place: Place, kind: Kind): State {
  if (!state.hands.some((hand) => hand.kind === kind && hand.place === place && !hand.stale)) return state
  const hands = state.hands.map((hand) =>
    hand.kind === kind && hand.place === place ? { ...hand, stale: true } : hand,
  )
  return { ...state, hands }
}
