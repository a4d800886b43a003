import type { GrantEvent } from '../domain/grant'
import { isOver } from '../domain/grant'
import { overdueAt } from '../domain/grant-end'
import type { Edge, EdgeKind } from './edge'
import {
  type Hand,
  type Misfortune,
  moment,
  places,
  type Row,
  row,
  type State,
  target,
  tickOf,
  ticks,
  withSide,
  withWork,
  worse,
} from './state'
import { type Design, outdated, stepGrant, stepRequest } from './step'
import { changeTarget, laterInTarget } from './target'

/**
 * The engine's handlers as they stand in `lib/engine/handlers`, cut wherever a process can die or somebody else can
 * come first: at every transaction and on either side of every call. The first edge of each answer is the one in
 * which nothing goes wrong.
 */
export function handEdges(state: State, hand: Hand, design: Design): Edge[] {
  const hold = new Grip(state, hand, design)
  switch (hand.kind) {
    case 'give':
      return give(hold)
    case 'take':
      return take(hold)
    case 'alarm':
      return alarm(hold)
    case 'notice':
      return notice(hold)
    case 'look':
      return look(hold)
    case 'lapse':
      return lapse(hold)
  }
}

type Next = Partial<Pick<Hand, 'at' | 'saw' | 'calls'>>

/** A hand in a state, with what any handler may do next. */
class Grip {
  constructor(
    readonly state: State,
    readonly hand: Hand,
    readonly design: Design,
  ) {}

  get side() {
    return this.state.sides[this.hand.place]
  }

  get grant() {
    return this.side.grant
  }

  get claimed(): Row | undefined {
    return this.side.work[this.hand.kind]
  }

  /** Same row, same generation, same attempt. Without the fence nobody asks. */
  get mine(): boolean {
    return !this.design.fence || (this.claimed !== undefined && !this.hand.stale)
  }

  /** What the target says now. */
  get sees(): 'absent' | 'direct' {
    return this.state.held === 'nobody' ? 'absent' : 'direct'
  }

  /** The same hand a step further; `state` may have made its claim an old one. */
  go(kind: EdgeKind, next: Next, state = this.state, more: Partial<Edge> = {}): Edge {
    const stale = state.hands[this.index]?.stale ?? this.hand.stale
    const after = { ...this.hand, ...next, stale }
    const hands = state.hands.with(this.index, after)
    return { kind, place: this.hand.place, hand: this.hand, after, next: { ...state, hands }, ...more }
  }

  /** The hand is done; its row stays as it is in `state`. */
  end(kind: EdgeKind, state = this.state, more: Partial<Edge> = {}): Edge {
    const next = { ...state, hands: state.hands.toSpliced(this.index, 1) }
    return { kind, place: this.hand.place, hand: this.hand, after: null, next, ...more }
  }

  /** The row is deleted, if it is still ours. */
  done(kind: EdgeKind, state = this.state, more: Partial<Edge> = {}): Edge {
    return this.end(kind, this.mine ? this.change(state, () => null) : state, more)
  }

  /** The row is given back for another try, if it is still ours. */
  again(kind: EdgeKind, more: Partial<Row>, state = this.state, edge: Partial<Edge> = {}): Edge {
    const free = (before: Row) => ({ ...before, leased: false, ...more })
    return this.end(kind, this.mine ? this.change(state, free) : state, edge)
  }

  /** The row is armed for later, if it is still ours; whoever else had claimed it has not any more. */
  redate(kind: EdgeKind, due: number): Edge {
    if (!this.mine) return this.end(`${this.hand.kind}: fenced` as EdgeKind)
    const { place, kind: work } = this.hand
    return this.end(
      kind,
      outdated(
        this.change(this.state, () => row(due)),
        place,
        work,
      ),
    )
  }

  change(state: State, how: (row: Row) => Row | null): State {
    const { place, kind } = this.hand
    const side = state.sides[place]
    const before = side.work[kind]
    return before ? withSide(state, place, withWork(side, kind, how(before))) : state
  }

  /** A step of the grant machine under the claim; null where the claim is lost or the machine refuses. */
  step(event: GrantEvent) {
    return this.mine ? stepGrant(this.state, this.hand.place, event, this.design, this.hand) : null
  }

  /** The mark of a call, set or lifted; whoever lost the claim does not lift the mark of the one who has it. */
  mark(calling: boolean, state = this.state): State {
    const side = state.sides[this.hand.place]
    const theirs = this.state.hands.some(
      (hand) => hand !== this.hand && hand.place === this.hand.place && hand.calls,
    )
    if (!calling && this.hand.stale && theirs) return state
    return side.calling === calling ? state : withSide(state, this.hand.place, { ...side, calling })
  }

  unlucky(what: Misfortune, edge: (state: State) => Edge): Edge[] {
    const left = worse(this.state.left, what)
    return left ? [edge({ ...this.state, left })] : []
  }

  private get index() {
    return this.state.hands.indexOf(this.hand)
  }
}

function give(h: Grip): Edge[] {
  const { grant, hand, state } = h
  if (!grant) return [h.done('nothing')]
  switch (hand.at) {
    case 'begin':
      return [beginGive(h)]
    case 'baseline':
      return [
        h.go('give: baseline', { at: 'intend', saw: h.sees }),
        ...h.unlucky('faults', (s) => h.go('give: no look', { at: 'no answer', saw: 'no look' }, s)),
      ]
    case 'intend': {
      const baseline = hand.saw === 'direct' ? 'direct' : 'absent'
      const intended = h.step({ type: 'intend', baseline, convertStanding: false })
      if (!intended) return [h.again('give: fenced', {})]
      const verbs = [intended.verb]
      if (intended.verb === 'found_standing') return [h.end('give: standing', intended.state, { verbs })]
      const called = h.mark(true, intended.state)
      return [h.go('give: intend', { at: 'send', saw: null, calls: true }, called, { verbs })]
    }
    case 'recheck':
      return recheckGive(h)
    case 'send':
      return sendGive(h)
    case 'confirm':
      return [
        h.sees === 'direct'
          ? h.go('give: confirm', { at: 'record' })
          : h.again('give: not seen', {}, h.mark(false)),
        ...h.unlucky('faults', (s) => h.go('give: no look', { at: 'no answer', saw: 'no look' }, s)),
      ]
    case 'record': {
      const seen = h.step({ type: 'seen', seenAt: moment(state.now) })
      if (!seen) return [h.again('give: fenced', {}, h.mark(false))]
      return [h.end('give: record', h.mark(false, seen.state), { verbs: [seen.verb] })]
    }
    case 'give up': {
      const up = h.step({ type: 'give_up', why: 'Not in time', absentAfterSettle: hand.saw === 'absent' })
      // Whoever lost the claim leaves the mark of its call to run out.
      if (!up) return [h.end('give: fenced')]
      return [h.end('give: give up', h.mark(false, up.state), { verbs: [up.verb] })]
    }
    default:
      return [noAnswer(h, 'give')]
  }
}

function beginGive(h: Grip): Edge {
  const { grant, state, hand } = h
  if (!grant || (grant.state !== 'scheduled' && grant.state !== 'provisioning')) return h.done('nothing')
  if (grant.firstGiveAt === null && moment(state.now) >= grant.startBy) {
    const up = h.step({ type: 'give_up', why: 'Not in time', absentAfterSettle: false })
    if (!up) return h.end('give: fenced')
    return h.end('give: out of time', up.state, { verbs: [up.verb] })
  }
  if (grant.state === 'scheduled') {
    const former = places.some((place) => {
      const other = place === hand.place ? null : state.sides[place]
      if (!other?.grant || other.grant.state === 'scheduled') return false
      return !['ended', 'failed'].includes(other.grant.state) || other.work.look !== undefined
    })
    if (former) return h.again('give: wait for the former', { rests: true })
    const started = h.step({ type: 'start' })
    if (!started) return h.end('give: fenced')
    return h.go('give: start', { at: 'baseline' }, started.state, { verbs: [started.verb] })
  }
  if (grant.firstGiveAt === null) return h.go('give: resume', { at: 'baseline' })
  if (!h.mine) return h.end('give: fenced')
  return h.go('give: look again', { at: 'recheck', calls: true }, h.mark(true))
}

function recheckGive(h: Grip): Edge[] {
  const { grant, state, claimed } = h
  if (!grant) return []
  const over = moment(state.now) >= grant.startBy
  const sees = (state: State, saw: 'absent' | 'direct' | 'unknown'): Edge => {
    if (saw === 'direct') return h.go('give: found', { at: 'record' }, state)
    if (!over && !claimed?.final) return h.go('give: not there', { at: 'send' }, state)
    const settled = state.now >= (claimed?.lastCall ?? tickOf(grant.firstGiveAt!)) + ticks.settle
    if (saw === 'absent' && !settled)
      return h.again('give: wait to settle', { rests: true }, h.mark(false, state))
    return h.go('give: too late', { at: 'give up', saw: saw === 'absent' ? 'absent' : 'no look' }, state)
  }
  return [
    sees(state, h.sees),
    ...h.unlucky('faults', (s) =>
      over ? sees(s, 'unknown') : h.go('give: no look', { at: 'no answer', saw: 'no look' }, s),
    ),
  ]
}

function sendGive(h: Grip): Edge[] {
  const { hand } = h
  if (!h.mine) return [h.end('give: called off', h.mark(false))]
  const { place } = hand
  const noted = (state: State) => h.change(state, (before) => ({ ...before, lastCall: state.now }))
  const answered = { at: 'confirm' } as const
  const silent = { at: 'no answer', saw: 'unanswered' } as const
  const sent = changeTarget(noted(h.state), 'give', place)
  return [
    h.go('give: sent', answered, sent.state, { wrong: sent.wrong }),
    ...h.unlucky('faults', (s) => {
      const lost = changeTarget(noted(s), 'give', place)
      return h.go('give: answer lost', silent, lost.state, { wrong: lost.wrong })
    }),
    ...h.unlucky('faults', (s) => h.go('give: not reached', silent, noted(s))),
    ...h.unlucky('faults', (s) => h.go('give: refused', { at: 'no answer', saw: 'refused' }, noted(s))),
    ...h.unlucky('lates', (s) => h.go('give: late', silent, laterInTarget(noted(s), 'give', place))),
    ...h.unlucky('lates', (s) =>
      h.go('give: answered, late', answered, laterInTarget(noted(s), 'give', place)),
    ),
  ]
}

/** How the record calls what a hand saw instead of a success. */
const codes = {
  'no look': 'retryable',
  unanswered: 'unknown_outcome',
  refused: 'rejected',
  absent: 'still_there',
  direct: 'still_there',
} as const

function noAnswer(h: Grip, operation: 'give' | 'take'): Edge {
  const code = codes[h.hand.saw ?? 'direct']
  const kind = `${operation}: no answer` as const
  const quiet = h.mark(false)
  if (!h.mine) return h.end(`${operation}: fenced`, quiet)
  const said = h.step({ type: 'answer', operation, code, message: code })
  const final = code === 'rejected' ? { final: true } : {}
  if (!said) return h.again(kind, final, quiet)
  return h.again(kind, final, h.mark(false, said.state), { verbs: [said.verb] })
}

function take(h: Grip): Edge[] {
  const { grant, hand, state } = h
  if (!grant) return [h.done('nothing')]
  switch (hand.at) {
    case 'begin': {
      if (!['provisioning', 'active', 'revoking'].includes(grant.state)) return [h.done('nothing')]
      if (grant.state === 'revoking') return [holdTake(h)]
      if (!isOver(grant, moment(state.now))) throw new Error('a take was due before the end')
      const ended = h.step({ type: 'expire' })
      if (!ended) return [h.end('take: fenced')]
      const verbs = [ended.verb]
      if (ended.verb === 'left_standing') return [h.end('take: left standing', ended.state, { verbs })]
      if (isCalling(h.state)) return [h.again('take: end, busy', {}, ended.state, { verbs })]
      return [h.go('take: end', { at: 'send', calls: true }, h.mark(true, ended.state), { verbs })]
    }
    case 'send':
      return sendTake(h)
    case 'confirm':
      return [
        h.sees === 'absent'
          ? h.go('take: seen absent', { at: 'record' })
          : h.go('take: still there', { at: 'no answer' }),
        ...h.unlucky('faults', (s) => h.go('take: no look', { at: 'no answer', saw: 'no look' }, s)),
      ]
    case 'record': {
      const seenAt = moment(state.now)
      const gone = h.step({ type: 'seen_absent', seenAt, verified: true, sessionsEnded: 0 })
      if (!gone) return [h.again('take: fenced', {}, h.mark(false))]
      return [h.end('take: record', h.mark(false, gone.state), { verbs: [gone.verb] })]
    }
    default:
      return [noAnswer(h, 'take')]
  }
}

const isCalling = (state: State) => state.sides.some((side) => side.calling)

function holdTake(h: Grip): Edge {
  if (!h.mine) return h.end('take: fenced')
  if (isCalling(h.state)) return h.again('take: busy', {})
  return h.go('take: begin', { at: 'send', calls: true }, h.mark(true))
}

function sendTake(h: Grip): Edge[] {
  const { place } = h.hand
  const answered = { at: 'confirm' } as const
  const silent = { at: 'confirm', saw: 'unanswered' } as const
  const sent = changeTarget(h.state, 'take', place)
  return [
    h.go('take: sent', answered, sent.state, { wrong: sent.wrong }),
    ...h.unlucky('faults', (s) => {
      const lost = changeTarget(s, 'take', place)
      return h.go('take: answer lost', silent, lost.state, { wrong: lost.wrong })
    }),
    ...h.unlucky('faults', (s) => h.go('take: not reached', silent, s)),
    ...h.unlucky('lates', (s) => h.go('take: late', silent, laterInTarget(s, 'take', place))),
    ...h.unlucky('lates', (s) => h.go('take: answered, late', answered, laterInTarget(s, 'take', place))),
  ]
}

function alarm(h: Grip): Edge[] {
  const { grant, hand, state } = h
  if (hand.at === 'done') return [h.mine ? h.done('alarm: done') : h.end('alarm: fenced')]
  if (hand.at === 'later') return [h.redate('alarm: stays armed', state.now + ticks.escalate)]
  if (!grant) return [h.done('nothing')]
  if (hand.at === 'begin' && grant.overdueSince) {
    if (grant.state !== 'revoking') return [h.done('nothing')]
    const due = tickOf(grant.overdueSince) + ticks.escalate
    if (state.now < due) return [h.redate('alarm: not yet', due)]
    return [h.go('alarm: escalate', { at: 'done' })]
  }
  if (hand.at === 'begin' && (grant.state === 'provisioning' || grant.state === 'active')) {
    if (!grant.endsAt || grant.preexisting) return [h.done('nothing')]
    if (moment(state.now) < overdueAt(grant.endsAt, target)) throw new Error('an alarm was due too early')
    const ended = h.step({ type: 'expire' })
    if (!ended) return [h.end('alarm: fenced')]
    return [h.go('alarm: end', { at: 'raise' }, ended.state, { verbs: [ended.verb] })]
  }
  if (hand.at === 'begin' && grant.state !== 'revoking') return [h.done('nothing')]
  const raised = h.step({ type: 'overdue' })
  if (!raised) return [h.again('alarm: fenced', {})]
  return [h.go('alarm: raise', { at: 'later' }, raised.state, { verbs: [raised.verb] })]
}

/** What it owes is asked of the grant under its locks, not of the claim: one mail for each end, whoever comes. */
function notice(h: Grip): Edge[] {
  const { grant, hand, state, side } = h
  if (hand.at === 'done') return [h.mine ? h.done('notice: done') : h.end('notice: fenced')]
  if (grant?.state !== 'active' || !grant.endsAt || isOver(grant, moment(state.now)))
    return [h.done('nothing')]
  const end = tickOf(grant.endsAt)
  // The end moved after it was claimed: the row has its new date already.
  if (state.now < end - ticks.notice) return [h.again('notice: fenced', {})]
  const owed = withSide(state, hand.place, { ...side, noticed: end })
  return [h.go('notice: owe', { at: 'done' }, owed)]
}

function look(h: Grip): Edge[] {
  const { grant, hand } = h
  if (hand.at === 'begin') {
    if (grant?.state !== 'ended' && grant?.state !== 'failed') return [h.done('nothing')]
    const saw = h.sees
    return [
      h.go(saw === 'absent' ? 'look: absent' : 'look: there', { at: 'record', saw }),
      ...h.unlucky('faults', (s) => h.again('look: no look', {}, s)),
    ]
  }
  const there = hand.saw === 'direct'
  const told = h.step(there ? { type: 'reopen' } : { type: 'settled' })
  if (!told) return [h.again('look: fenced', {})]
  return [h.end(there ? 'look: reopen' : 'look: settled', told.state, { verbs: [told.verb] })]
}

function lapse(h: Grip): Edge[] {
  if (h.side.ask?.state !== 'pending') return [h.done('nothing')]
  const lapsed = stepRequest(h.state, h.hand.place, { type: 'lapse', why: 'time' })
  if (!lapsed) return [h.again('nothing', {})]
  return [h.end('lapse', outdated(lapsed.state, h.hand.place, 'lapse'), { verbs: [lapsed.verb] })]
}
