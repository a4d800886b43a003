import { type EdgeKind, edgeKinds } from './edge'
import type { Found, Leg } from './search'
import { kinds, type State } from './state'

/** A way through the model as lines that one can read: when, what happened, and how things stood afterwards. */
export function storyOf(way: readonly Leg[]): string[] {
  return way.map(({ edge, from, calm }) => {
    const whose = edge.place === null ? '' : edge.place === 0 ? 'first grant, ' : 'second grant, '
    const hand = edge.hand?.stale ? ' (its claim is an old one)' : ''
    return `${calm ? 'then ' : ''}tick ${from.now}: ${whose}${edge.kind}: ${edgeKinds[edge.kind]}${hand} → ${standing(edge.next)}`
  })
}

function standing({ sides, held }: State): string {
  const grants = sides.flatMap(({ ask, grant, work }, i) => {
    if (!ask) return []
    const armed = kinds.filter((kind) => work[kind])
    const state = grant?.state ?? `request ${ask.state}`
    return [`${i === 0 ? '' : 'second '}${state}${armed.length > 0 ? ` [${armed.join(', ')}]` : ''}`]
  })
  return `${grants.join(', ')}; ${held === 'nobody' ? 'not held' : held === 'other' ? 'held before us' : 'held'}`
}

/** The figures of a search in one line. */
export function figuresOf(found: Found, ms: number): string {
  const edges = [...found.edges.values()].reduce((sum, count) => sum + count, 0)
  return `${found.states} states, ${edges} edges of ${found.edges.size} kinds in ${(ms / 1000).toFixed(1)} s`
}

/** Kinds of edge that a search never met. */
export function missing(found: Found): EdgeKind[] {
  return (Object.keys(edgeKinds) as EdgeKind[]).filter((kind) => !found.edges.has(kind))
}
