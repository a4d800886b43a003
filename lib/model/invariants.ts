import { overdueAt } from '../domain/grant-end'
import type { Luck, Place, Side, State } from './state'
import { moment, places, target, tickOf, ticks } from './state'

/** What does not hold in a state, in words; each begins with the name of the invariant in the domain. */
export function problemsOf(state: State, given: Luck): string[] {
  return [...places.flatMap((place) => sideProblems(state, place, given)), ...togetherProblems(state)]
}

const live = ['provisioning', 'active', 'revoking']

function sideProblems(state: State, place: Place, given: Luck): string[] {
  const side = state.sides[place]
  const { grant, work } = side
  if (!grant) return []
  const found: string[] = []
  const ours = grant.firstGiveAt !== null && !grant.preexisting
  const isLive = live.includes(grant.state)
  if (isLive && (ours || grant.preexisting)) {
    if (!work.take) found.push(`I1: the grant is ${grant.state} and nothing is armed to take it back`)
    else if (grant.state !== 'revoking' && (!grant.endsAt || work.take.due > tickOf(grant.endsAt)))
      found.push('I1: the take is armed for after the end')
  }
  if (['scheduled', 'provisioning'].includes(grant.state) && !work.give)
    found.push('I1: the grant waits to be given and nothing is armed to give it')
  if (isLive && ours) found.push(...alarmProblems(state, side))
  if (state.held === place) found.push(...heldProblems(state, side, given))
  if (grant.state === 'ended' || grant.state === 'failed') {
    const left = Object.keys(work).filter((kind) => kind !== 'look' && kind !== 'lapse')
    if (left.length > 0) found.push(`I6: the grant is ${grant.state} and has ${left.join(', ')} armed`)
  }
  if (grant.state === 'active' && grant.endsAt && moment(state.now) < grant.endsAt)
    if (!work.notice && side.noticed !== tickOf(grant.endsAt))
      found.push('I10: no notice was owed for this end, and none is armed')
  if (grant.preexisting && !state.stood)
    found.push('I11: what we gave ourselves counts as held before us, and would stay for ever')
  return found
}

/** I7: whatever is overdue has been said, or the alarm stands armed for that moment. */
function alarmProblems(state: State, { grant, work }: Side): string[] {
  const over = grant?.state === 'revoking' ? grant.rightOverAt : grant?.endsAt
  if (!grant || !over || grant.overdueSince) return []
  const due = Math.ceil(tickOf(overdueAt(over, target)))
  if (work.alarm && work.alarm.due <= Math.max(due, state.now)) return []
  return ['I7: no alarm is armed for when it is overdue, and none was raised']
}

/** I1 and I6: it is held no longer after its end than what went wrong lasted, and something will take it. */
function heldProblems(state: State, { grant, work }: Side, given: Luck): string[] {
  if (!grant) return []
  const found: string[] = []
  const over = grant.rightOverAt ?? grant.endsAt
  if (!over) return ['I1: it is held and has no end']
  const lateness = state.idle + (state.left.lates < given.lates ? ticks.settle : 0)
  if (state.now > tickOf(over) + lateness)
    found.push(
      `I1: it is held ${state.now - tickOf(over)} ticks after its end, and only ${lateness} went wrong`,
    )
  const closed = grant.state === 'ended' || grant.state === 'failed'
  if (closed && !work.look) found.push(`I6: the grant is ${grant.state}, it is held, and nobody will look`)
  return found
}

/** Rules over both grants, and over whom the target names. */
function togetherProblems(state: State): string[] {
  const found: string[] = []
  const alive = state.sides.filter(({ grant }) => grant && live.includes(grant.state))
  if (alive.length > 1) found.push('I2: two grants of one entitlement are live for one person')
  const { held } = state
  if ((held === 0 || held === 1) && state.sides[held].grant?.firstGiveAt == null)
    found.push('I9: it is held and no intent to give it is on record')
  return found
}

/** What must not be left when nothing goes wrong any more and everything that was armed is done. */
export function restProblems(state: State): string[] {
  const found: string[] = []
  if (state.held === 0 || state.held === 1) found.push('I6: what we gave is there for ever')
  if (state.stood && state.held !== 'other') found.push('I11: what was held before us is gone')
  for (const { grant } of state.sides)
    if (grant && grant.state !== 'ended' && grant.state !== 'failed')
      found.push(`I1: the grant stays ${grant.state} for ever`)
  return found
}
