import type { Late, Place, State } from './state'
import { ticks } from './state'

/** What a change of the target left, and what it must not have done. */
interface Changed {
  readonly state: State
  readonly wrong: readonly string[]
}

/** A give or a take has its effect. What is there already stays whose it is. */
export function changeTarget(state: State, act: Late['act'], place: Place, late = false): Changed {
  return act === 'give' ? giveNow(state, place, late) : takeNow(state, place)
}

/** The target will do it before this tick is over, whatever it answered. */
export function laterInTarget(state: State, act: Late['act'], place: Place): State {
  return { ...state, late: [...state.late, { act, place, before: state.now + ticks.settle }] }
}

function giveNow(state: State, place: Place, late: boolean): Changed {
  const { grant, ask } = state.sides[place]
  const wrong: string[] = []
  if (!grant || (ask?.kind === 'grant' && ask.state !== 'approved'))
    wrong.push('I2: given without an approved grant')
  if (!grant?.firstGiveAt) wrong.push('I9: given before the intent to give was on record')
  // What was sent in time may land at any time; what is sent has its grant waiting for it.
  if (!late && grant?.state !== 'provisioning') wrong.push(`I2: given while the grant is ${grant?.state}`)
  return { state: state.held === 'nobody' ? { ...state, held: place } : state, wrong }
}

function takeNow(state: State, place: Place): Changed {
  const { grant } = state.sides[place]
  const wrong: string[] = []
  if (!grant?.rightOverAt) wrong.push('I9: taken before the end was on record')
  if (grant?.preexisting || !grant?.firstGiveAt) wrong.push('I11: taken though we did not give it')
  if (state.held === 'other') wrong.push('I11: taken what was held before us')
  if (state.held !== 'nobody' && state.held !== 'other' && state.held !== place)
    wrong.push('I11: taken what another grant gave')
  return { state: { ...state, held: 'nobody' }, wrong }
}
