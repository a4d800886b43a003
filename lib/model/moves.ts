import { type GrantFacts, isOver } from '../domain/grant'
import type { Edge } from './edge'
import { handEdges } from './hands'
import {
  asked,
  type Hand,
  type Kind,
  kinds,
  moment,
  type Place,
  places,
  type Row,
  type State,
  TICK,
  tickOf,
  ticks,
  withSide,
  withWork,
  worse,
} from './state'
import { type Design, outdated, type Stepped, stepGrant, stepRequest } from './step'
import { changeTarget } from './target'

/** So many processes work at the same time. */
const HANDS = 2

/** Everything that may happen next. */
export function edgesOf(state: State, design: Design): Edge[] {
  return [
    ...state.hands.flatMap((hand) => handEdges(state, hand, design)),
    ...state.late.map((_, i) => land(state, i)),
    ...claims(state, design),
    ...places.flatMap((place) => people(state, place, design)),
    ...misfortunes(state),
    ...rests(state),
    ...time(state, design),
  ]
}

/** What happens next when nothing goes wrong any more and nobody does anything; null when all is over. */
export function calmly(state: State, design: Design): Edge | null {
  const [hand] = state.hands
  if (hand) return handEdges(state, hand, design)[0] ?? null
  if (orphaned(state)) return { kind: 'lease over', place: null, next: leasesOver(state) }
  if (state.late.length > 0) return land(state, 0)
  return claims(state, design).find((edge) => edge.hand === undefined && edge.after) ?? passing(state)
}

function land(state: State, index: number): Edge {
  const { act, place } = state.late[index]!
  const { state: after, wrong } = changeTarget(
    { ...state, late: state.late.toSpliced(index, 1) },
    act,
    place,
    true,
  )
  return { kind: `land ${act}`, place, next: after, wrong }
}

/** Every row of work, with whose it is. */
function rows(state: State): { place: Place; kind: Kind; row: Row }[] {
  return places.flatMap((place) =>
    kinds.flatMap((kind) => {
      const row = state.sides[place].work[kind]
      return row ? [{ place, kind, row }] : []
    }),
  )
}

/** Claims of due work: by whoever rings, and where nobody rings by the sweep; and what is rung for in vain. */
function claims(state: State, design: Design): Edge[] {
  return rows(state).flatMap(({ place, kind, row }): Edge[] => {
    const side = state.sides[place]
    if (side.rung && row.due > state.now) return [{ kind: 'ring early', place, work: kind, next: state }]
    if (side.rung && row.leased) return [{ kind: 'ring again', place, work: kind, next: state }]
    if (row.due > state.now || row.leased || row.rests || state.hands.length >= HANDS) return []
    if (!side.rung && !design.sweep) return []
    const hand: Hand = { kind, place, at: 'begin', stale: false, calls: false, saw: null }
    const before = outdated(state, place, kind)
    const taken = withSide(before, place, withWork({ ...side, rung: true }, kind, { ...row, leased: true }))
    return [
      {
        kind: side.rung ? 'ring' : 'sweep',
        place,
        work: kind,
        after: hand,
        next: { ...taken, hands: [...before.hands, hand] },
      },
    ]
  })
}

function people(state: State, place: Place, design: Design): Edge[] {
  const { ask, grant } = state.sides[place]
  const found: (Edge | null)[] = []
  const first = state.sides[0].grant
  if (place === 1 && !ask && first && ['revoking', 'ended', 'failed'].includes(first.state)) {
    const side = asked(state.sides[1], 'grant', state.now + ticks.decideWithin)
    found.push({ kind: 'ask again', place, next: withSide(state, 1, side) })
  }
  if (ask?.state === 'pending') found.push(...decide(state, place, design))
  if (grant && ['scheduled', 'provisioning', 'active'].includes(grant.state)) {
    const ended = stepGrant(state, place, { type: 'end', reason: 'revoked', note: null }, design)
    found.push(ended && edge('revoke', place, ended))
  }
  const held = grant?.state === 'active' && grant.endsAt && !isOver(grant, moment(state.now))
  if (held && ask?.state !== 'pending' && state.left.more > 0) {
    const decideBy = Math.min(state.now + ticks.decideWithin, tickOf(grant.endsAt!))
    const left = { ...state.left, more: state.left.more - 1 }
    const side = asked(state.sides[place], 'extension', decideBy)
    found.push({ kind: 'ask for more', place, next: { ...withSide(state, place, side), left } })
  }
  return found.filter((one) => one !== null)
}

const edge = (kind: Edge['kind'], place: Place, { state, verb }: Stepped): Edge => ({
  kind,
  place,
  next: state,
  verbs: [verb],
})

function decide(state: State, place: Place, design: Design): (Edge | null)[] {
  const more = state.sides[place].ask?.kind === 'extension'
  const vote = { type: 'vote', personId: 'ben', note: 'said' } as const
  const yes = stepRequest(state, place, { ...vote, verdict: 'approve' })
  const no = stepRequest(state, place, { ...vote, verdict: 'deny' })
  const back = more ? null : stepRequest(state, place, { type: 'withdraw' })
  return [
    yes && (more ? extended(yes, place, design) : granted(yes, place)),
    no && edge(more ? 'deny more' : 'deny', place, no),
    back && edge('withdraw', place, back),
  ]
}

function extended(yes: Stepped, place: Place, design: Design): Edge | null {
  const seconds = ticks.more * TICK
  const moved = stepGrant(
    yes.state,
    place,
    { type: 'extend', seconds, noticeSeconds: ticks.notice * TICK },
    design,
  )
  return moved && { ...edge('approve more', place, moved), verbs: [yes.verb, moved.verb] }
}

/** An approved request is a scheduled grant whose give is armed. */
function granted(yes: Stepped, place: Place): Edge {
  const { state } = yes
  const grant: GrantFacts = {
    state: 'scheduled',
    mode: 'just-in-time',
    durationSeconds: ticks.duration * TICK,
    noticeSeconds: ticks.notice * TICK,
    startAt: moment(state.now),
    startBy: moment(state.now + ticks.startWithin),
    baseline: null,
    preexisting: false,
    firstGiveAt: null,
    grantedAt: null,
    endsAt: null,
    endReason: null,
    rightOverAt: null,
    extensions: 0,
    overdueSince: null,
    lastAnswer: null,
  }
  const give: Row = { due: state.now, leased: false, rests: false, lastCall: null, final: false }
  const side = withWork({ ...state.sides[place], grant, rung: true }, 'give', give)
  return { kind: 'approve', place, next: withSide(state, place, side), verbs: [yes.verb, 'scheduled'] }
}

function misfortunes(state: State): Edge[] {
  const { hands, sides } = state
  const lost = worse(state.left, 'losses')
  const crashed = worse(state.left, 'crashes')
  return [
    ...places.flatMap((place): Edge[] => {
      if (!lost || !sides[place].rung) return []
      const next = { ...withSide(state, place, { ...sides[place], rung: false }), left: lost }
      return [{ kind: 'lose', place, next }]
    }),
    ...hands.flatMap((hand): Edge[] => {
      if (!crashed) return []
      const rest = hands.filter((one) => one !== hand)
      const dead = { ...state, hands: rest, left: crashed }
      const died: Edge = { kind: 'crash', place: hand.place, hand, after: null, next: dead }
      const claimed = !hand.stale && sides[hand.place].work[hand.kind]?.leased
      return claimed ? [died, stalled({ ...state, left: crashed }, hand)] : [died]
    }),
  ]
}

/** A process stops for a while and its claim and its call run out; then it goes on, if nobody else came. */
function stalled(state: State, hand: Hand): Edge {
  const side = state.sides[hand.place]
  const row = side.work[hand.kind]
  const freed = row ? withWork(side, hand.kind, { ...row, leased: false }) : side
  const next = withSide(state, hand.place, { ...freed, calling: hand.calls ? false : side.calling })
  return { kind: 'stall', place: hand.place, work: hand.kind, hand, after: hand, next }
}

/** Whether a claim or a call is marked that nobody keeps alive. */
function orphaned(state: State): boolean {
  const kept = (place: Place, fits: (hand: Hand) => boolean) =>
    state.hands.some((hand) => hand.place === place && !hand.stale && fits(hand))
  return (
    places.some((place) => state.sides[place].calling && !kept(place, (hand) => hand.calls)) ||
    rows(state).some(({ place, kind, row }) => row.leased && !kept(place, (hand) => hand.kind === kind))
  )
}

function leasesOver(state: State): State {
  let next = state
  for (const place of places) {
    const live = state.hands.filter((hand) => hand.place === place && !hand.stale)
    let side = next.sides[place]
    if (side.calling && !live.some((hand) => hand.calls)) side = { ...side, calling: false }
    for (const kind of kinds) {
      const row = side.work[kind]
      if (row?.leased && !live.some((hand) => hand.kind === kind))
        side = withWork(side, kind, { ...row, leased: false })
    }
    if (side !== next.sides[place]) next = withSide(next, place, side)
  }
  return next
}

function rests(state: State): Edge[] {
  return rows(state).flatMap(({ place, kind, row }) =>
    row.rests
      ? [
          {
            kind: 'rest over' as const,
            place,
            next: withSide(state, place, withWork(state.sides[place], kind, { ...row, rests: false })),
          },
        ]
      : [],
  )
}

function time(state: State, design: Design): Edge[] {
  const found: Edge[] = orphaned(state) ? [{ kind: 'lease over', place: null, next: leasesOver(state) }] : []
  const passes = found.length === 0 ? passing(state) : null
  if (!passes) return found
  if (!claims(state, design).some((edge) => edge.after)) return [...found, passes]
  const left = worse(state.left, 'delays')
  if (!left) return found
  const idle = (kind: 'delay' | 'outage', long: number): Edge => ({
    kind,
    place: null,
    next: { ...passes.next, now: state.now + long, idle: state.idle + long, left },
  })
  return [...found, idle('delay', 1), idle('outage', ticks.escalate)]
}

/** A tick, where something is still to come. Calls are shorter, and what lands late does so before. */
function passing(state: State): Edge | null {
  if (state.hands.length > 0 || state.late.some((late) => state.now + 1 >= late.before)) return null
  if (rows(state).length === 0) return null
  let next: State = { ...state, now: state.now + 1 }
  for (const { place, kind, row } of rows(state))
    if (row.rests) next = withSide(next, place, withWork(next.sides[place], kind, { ...row, rests: false }))
  return { kind: 'tick', place: null, next }
}
