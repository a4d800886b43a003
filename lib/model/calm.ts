import { restProblems } from './invariants'
import { keyOf } from './key'
import { calmly } from './moves'
import type { Leg } from './search'
import type { Luck, State } from './state'
import type { Design } from './step'

const none: Luck = { all: 0, crashes: 0, faults: 0, lates: 0, losses: 0, delays: 0, more: 0 }

/** No quiet end takes more steps. */
const LONGEST = 1000

/** How things end when nothing goes wrong any more and nobody does anything. What is known of a state is kept. */
export class Calm {
  private readonly known = new Map<string, string | null>()

  constructor(private readonly design: Design) {}

  /** What is wrong with how it ends from here, or with what happens until then; null where nothing is. */
  problem(from: State): string | null {
    const way = new Set<string>()
    let state: State = { ...from, left: none }
    let verdict: string | null | undefined
    while (verdict === undefined) {
      const key = keyOf(state)
      verdict = this.known.get(key)
      if (verdict !== undefined) break
      // The same situation again: so it goes on for ever.
      const edge = way.has(key) ? 'for ever' : calmly(state, this.design)
      way.add(key)
      if (way.size > LONGEST)
        throw new Error('the same situation never comes again: a key counts without end')
      if (edge === 'for ever') verdict = restProblems(state)[0] ?? 'I1: it never comes to an end'
      else if (!edge) verdict = restProblems(state)[0] ?? null
      else {
        state = edge.next
        verdict = edge.wrong?.[0]
      }
    }
    for (const key of way) this.known.set(key, verdict)
    return verdict
  }

  /** The way itself, to its end, to the first thing that is wrong, or until the same situation comes again. */
  way(from: State): Leg[] {
    const legs: Leg[] = []
    const seen = new Set<string>()
    let state: State = { ...from, left: none }
    while (!seen.has(keyOf(state))) {
      seen.add(keyOf(state))
      const edge = calmly(state, this.design)
      if (!edge) break
      legs.push({ edge, from: state, calm: true })
      if (edge.wrong?.length) break
      state = edge.next
    }
    return legs
  }
}
