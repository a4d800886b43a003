import { type Hand, kinds, type Luck, type Place, type Row, type Side, type State, tickOf } from './state'

/**
 * Two states with the same key have the same future: what only words, figures and entries depend on is left out.
 * Moments count from now, so that the same situation an hour later is the same situation.
 */
export function keyOf(state: State): string {
  const { now } = state
  const late = sorted(state.late.map((one) => `${one.act[0]}${one.place}${one.before - now}`))
  const hands = sorted(state.hands.map(handKey))
  return `${state.stood ? 'S' : ''}${state.held}${luckKey(state.left)}i${state.idle}|${late}|${hands}|${sideKey(state, 0)}|${sideKey(state, 1)}`
}

/** Two processes in the same places are the same situation, whichever came first. */
const sorted = (keys: string[]): string => (keys.length > 1 ? keys.sort().join() : (keys[0] ?? ''))

/** No more of a misfortune can come than of all together; of late effects the bound of I1 wants to know more. */
function luckKey({ all, crashes, faults, lates, losses, delays, more }: Luck): string {
  const most = (count: number) => Math.min(all, count)
  return `${all}${most(crashes)}${most(faults)}${lates}${most(losses)}${most(delays)}${more}`
}

function handKey({ kind, place, at, stale, calls, saw }: Hand): string {
  return `${kind}${place}${at}${stale ? '!' : ''}${calls ? '*' : ''}${saw ?? ''}`
}

/** Most steps change one side; the key of the other one is known. */
const known = new WeakMap<Side, { readonly now: number; readonly holds: boolean; readonly key: string }>()

function sideKey({ sides, now, held }: State, place: Place): string {
  const side = sides[place]
  const holds = held === place
  const before = known.get(side)
  if (before && before.now === now && before.holds === holds) return before.key
  let rows = ''
  for (const kind of kinds) {
    const row = side.work[kind]
    if (row) rows += kind.slice(0, 2) + rowKey(row, now)
  }
  const { ask, calling, rung } = side
  const open = ask?.state === 'pending' ? `${ask.kind[0]}${Math.max(ask.decideBy - now, 0)}` : ask ? 'x' : ''
  // Where nothing is to be done, nobody rings in vain and nobody is missed.
  const key = `${open}${grantKey(side, now, holds)}${calling ? '*' : ''}${rung && rows !== '' ? '~' : ''}${rows}`
  known.set(side, { now, holds, key })
  return key
}

function rowKey({ due, leased, rests, lastCall, final }: Row, now: number): string {
  return `${Math.max(due - now, 0)}${leased ? '!' : ''}${rests ? 'z' : ''}${lastCall === null ? '' : `c${Math.max(lastCall - now, -2)}`}${final ? 'f' : ''}`
}

/** Ticks from now; how long ago something was makes no difference after a few. */
const since = (at: Date | null, now: number) => (at === null ? '_' : Math.max(tickOf(at) - now, -4))

/** What still matters in each state. */
function grantKey({ grant, noticed }: Side, now: number, holds: boolean): string {
  if (!grant) return ''
  const { state, startBy, firstGiveAt, grantedAt, endsAt, rightOverAt } = grant
  switch (state) {
    case 'scheduled':
      return `${state}${since(startBy, now)}`
    case 'provisioning':
      return `${state}${grantedAt ? 'g' : ''}${since(startBy, now)},${since(firstGiveAt, now)},${since(endsAt, now)}`
    case 'active':
      return `${state}${grant.preexisting ? 'p' : ''}${since(endsAt, now)}${endsAt && noticed === tickOf(endsAt) ? 'n' : ''}`
    case 'revoking':
      return `${state}${since(grant.overdueSince, now)}${since(rightOverAt, now)}`
    default:
      return holds ? `${state}${since(rightOverAt, now)}` : state
  }
}
