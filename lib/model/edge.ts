import type { Hand, Kind, Place, State } from './state'
import type { Stepped } from './step'

/** Every way in which the model goes from one state to the next. Each is met by the search and replayed on the real code. */
export const edgeKinds = {
  // People.
  'ask again': 'somebody asks for a second grant while the first ends, or after it',
  'ask for more': 'the holder asks for more time',
  approve: 'the request is approved and the grant stands scheduled',
  deny: 'the request is denied',
  withdraw: 'the requester withdraws',
  'approve more': 'more time is agreed to: the end moves, its work is re-dated',
  'deny more': 'more time is denied',
  revoke: 'the access is ended before its end',
  // The engine: who rings, and what goes wrong with whoever works.
  ring: 'an event or a sleeping run leads to a claim of due work',
  'ring again': 'the same event is delivered twice: the work is in hand already',
  'ring early': 'a run wakes before the work is due',
  lose: 'the event or the sleeping run is lost',
  sweep: 'due work is claimed although nobody rang',
  crash: 'the process dies between two steps',
  stall: 'a claim runs out under a process that goes on',
  'lease over': 'what a dead process had claimed, and its call, run out',
  'rest over': 'what waits for something else looks again',
  tick: 'time passes while nothing is due',
  delay: 'time passes while due work lies undone',
  outage: 'a long time passes while due work lies undone',
  'land give': 'a give has its effect late',
  'land take': 'a take has its effect late',
  // The handlers, step by step.
  'give: start': 'the grant is started',
  'give: wait for the former': 'the former grant is not settled yet',
  'give: resume': 'it was started by a process that died',
  'give: baseline': 'what the target holds is read before the first give',
  'give: intend': 'baseline and intent are committed',
  'give: standing': 'it was held before, so nothing is given',
  'give: look again': 'the call of a retry is marked, and it looks first',
  'give: found': 'a retry finds it given',
  'give: not there': 'a retry finds nothing and gives',
  'give: sent': 'given and answered',
  'give: answered, late': 'answered, the effect comes later',
  'give: answer lost': 'given, the answer is lost',
  'give: late': 'no answer, the effect comes later',
  'give: not reached': 'no answer and no effect',
  'give: refused': 'the target refuses for good',
  'give: called off': 'the claim is gone before anything is sent',
  'give: confirm': 'it is seen in the target',
  'give: not seen': 'answered as given and not there yet',
  'give: no look': 'the target does not say what it holds',
  'give: record': 'given is on record',
  'give: no answer': 'that there was no answer, or a refusal, is on record',
  'give: wait to settle': 'nothing is there, and a late effect may still come',
  'give: too late': 'the time to give it is over, or it was refused',
  'give: give up': 'that it could not be given is on record',
  'give: out of time': 'nothing was ever sent and the time is over',
  'give: fenced': 'whoever lost the claim changes nothing',
  'take: end': 'that the right is over is on record, and the call is marked',
  'take: end, busy': 'that the right is over is on record, and the give has a call under way',
  'take: left standing': 'it was held before us, so nothing is taken',
  'take: begin': 'the call is marked',
  'take: busy': 'the give has a call under way',
  'take: sent': 'taken and answered',
  'take: answered, late': 'answered, the effect comes later',
  'take: answer lost': 'taken, the answer is lost',
  'take: late': 'no answer, the effect comes later',
  'take: not reached': 'no answer and no effect',
  'take: seen absent': 'the target is seen without it',
  'take: still there': 'the target is seen with it',
  'take: no look': 'the target does not say what it holds',
  'take: record': 'seen absent is on record',
  'take: no answer': 'that it is not gone is on record, and it is tried again',
  'take: fenced': 'whoever lost the claim changes nothing',
  'alarm: end': 'no take came to run: the alarm puts the end on record',
  'alarm: raise': 'that it is overdue is on record',
  'alarm: stays armed': 'it comes back for those who are told next',
  'alarm: not yet': 'it was raised by a process that died, and comes back later',
  'alarm: escalate': 'it is still there, and those are told who are told next',
  'alarm: done': 'the alarm is over',
  'alarm: fenced': 'whoever lost the claim changes nothing',
  'notice: owe': 'the expiry notice is owed',
  'notice: done': 'the notice is over',
  'notice: fenced': 'the end moved meanwhile, and the next notice stays armed',
  'look: absent': 'nothing came back',
  'look: there': 'our access is there again',
  'look: no look': 'the target does not say what it holds',
  'look: settled': 'the end is settled',
  'look: reopen': 'it is taken back again, with an alarm',
  'look: fenced': 'whoever lost the claim changes nothing',
  lapse: 'nobody decided in time',
  nothing: 'a claim finds nothing to do any more',
} as const

export type EdgeKind = keyof typeof edgeKinds

/** One step of the model: what happened, to which hand, and what follows. */
export interface Edge {
  readonly kind: EdgeKind
  readonly place: Place | null
  readonly next: State
  /** The row of work that it is about, where no hand says so. */
  readonly work?: Kind
  /** The hand that moved, before and after; null after it finished. */
  readonly hand?: Hand
  readonly after?: Hand | null
  /** Entries that it left in the timelines, in this order. */
  readonly verbs?: readonly Stepped['verb'][]
  /** What it did to the target that it must never do, in words; each begins with the invariant's name. */
  readonly wrong?: readonly string[]
}
