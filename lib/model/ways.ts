import type { EdgeKind } from './edge'
import { edgesOf } from './moves'
import type { Found, Leg } from './search'
import { beginnings, type Luck } from './state'
import { asDesigned } from './step'

/**
 * Few shortest ways that together have every kind of edge that was met, each named by the kinds that it is there for.
 * What several searches met is taken from the first of them.
 */
export function covering(...founds: Found[]): { kinds: string; way: Leg[] }[] {
  const open = new Set(founds.flatMap((found) => [...found.edges.keys()]))
  const wayTo = (kind: EdgeKind) => founds.find((found) => found.edges.has(kind))?.wayTo(kind) ?? []
  const ways = [...open].map(wayTo).sort((a, b) => b.length - a.length)
  return ways.flatMap((way) => {
    const fresh = [...new Set(way.map(({ edge }) => edge.kind))].filter((kind) => open.has(kind))
    for (const kind of fresh) open.delete(kind)
    return fresh.length > 0 ? [{ kinds: fresh.join(' · '), way }] : []
  })
}

/** What mostly ends a life early, and so is chosen seldom. */
const ends: ReadonlySet<string> = new Set(['revoke', 'deny', 'withdraw'])
const SELDOM = 0.1

/** A way of so many steps that chance goes, the same for the same seed; shorter where nothing is left to happen. */
export function wander(seed: number, steps: number, luck: Luck): Leg[] {
  const chance = numbers(seed)
  let from = beginnings(luck)[Math.floor(chance() * 4) === 0 ? 1 : 0]!
  const way: Leg[] = []
  while (way.length < steps) {
    const edges = edgesOf(from, asDesigned).filter(({ kind }) => !ends.has(kind) || chance() < SELDOM)
    const edge = edges[Math.floor(chance() * edges.length)]
    if (!edge) break
    way.push({ edge, from })
    from = edge.next
  }
  return way
}

/** Numbers from 0 to 1 by a linear congruence with the constants of Numerical Recipes. */
function numbers(seed: number): () => number {
  let last = seed >>> 0
  return () => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0
    return last / 2 ** 32
  }
}
