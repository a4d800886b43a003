import { Calm } from './calm'
import type { Edge, EdgeKind } from './edge'
import { problemsOf } from './invariants'
import { keyOf } from './key'
import { edgesOf } from './moves'
import { beginnings, type Luck, type State } from './state'
import { asDesigned, type Design } from './step'

/** One step of a way through the model. */
export interface Leg {
  readonly edge: Edge
  readonly from: State
  /** Gone where nothing goes wrong any more and nobody does anything. */
  readonly calm?: true
}

/** What a search found. */
export interface Found {
  readonly states: number
  /** How often each kind of edge was met. */
  readonly edges: ReadonlyMap<EdgeKind, number>
  /** The shortest way to something that does not hold, and what does not; null where everything does. */
  readonly violation: { readonly way: readonly Leg[]; readonly problems: readonly string[] } | null
  /** A shortest way that ends with an edge of this kind. */
  wayTo(kind: EdgeKind): Leg[] | null
}

/** A state on the way, and how it was first come to. */
interface Node {
  readonly state: State
  readonly from: Node | null
  readonly edge: Edge | null
}

/**
 * Every state that can be reached, nearest first. In each, the invariants hold, and when nothing goes wrong from there
 * on, everything ends with the access absent. Stops at the first that does not, where it is a problem that `matters`.
 */
export function search(
  luck: Luck,
  design: Design = asDesigned,
  matters: (problem: string) => boolean = () => true,
): Found {
  const calm = new Calm(design)
  const edges = new Map<EdgeKind, number>()
  const firsts = new Map<EdgeKind, Node>()
  const seen = new Set<string>()
  const queue: Node[] = []
  /** What shows only later is told to where it shows. */
  const later = (state: State, problems: readonly string[]) =>
    problems.some((problem) => problem === calm.problem(state)) ? calm.way(state) : []
  const found = (at: Node | null, problems: readonly string[]): Found => ({
    states: seen.size,
    edges,
    violation: at && { way: [...wayOf(at), ...later(at.state, problems)], problems },
    wayTo: (kind) => {
      const first = firsts.get(kind)
      return first ? wayOf(first) : null
    },
  })
  const meet = (node: Node): string[] => {
    const wrong = node.edge?.wrong ?? []
    const key = keyOf(node.state)
    if (seen.has(key)) return wrong.filter(matters)
    seen.add(key)
    queue.push(node)
    const problems = [...wrong, ...problemsOf(node.state, luck)].filter(matters)
    const atEnd = problems.length > 0 ? null : calm.problem(node.state)
    return atEnd && matters(atEnd) ? [atEnd] : problems
  }
  for (const state of beginnings(luck)) {
    const node = { state, from: null, edge: null }
    const problems = meet(node)
    if (problems.length > 0) return found(node, problems)
  }
  // The queue is read while it grows; nothing is taken out of it.
  for (const node of queue)
    for (const edge of edgesOf(node.state, design)) {
      const next = { state: edge.next, from: node, edge }
      edges.set(edge.kind, (edges.get(edge.kind) ?? 0) + 1)
      if (!firsts.has(edge.kind)) firsts.set(edge.kind, next)
      // Whoever rings in vain changes nothing.
      if (edge.next === node.state) continue
      const problems = meet(next)
      if (problems.length > 0) return found(next, problems)
    }
  return found(null, [])
}

function wayOf(node: Node): Leg[] {
  const legs: Leg[] = []
  for (let at: Node | null = node; at?.edge && at.from; at = at.from)
    legs.unshift({ edge: at.edge, from: at.from.state })
  return legs
}
