import { beforeEach, describe, expect, it } from 'vitest'
import { type EdgeKind, edgeKinds } from '@/lib/model/edge'
import { type Leg, search } from '@/lib/model/search'
import type { Luck } from '@/lib/model/state'
import { covering, wander } from '@/lib/model/ways'
import { Replay } from './testing/replay'
import { holdCalls } from './testing/worker'

const luck: Luck = { all: 1, crashes: 1, faults: 1, lates: 1, losses: 1, delays: 1, more: 1 }
/** An alarm is raised after one time in which nobody works, and escalated after another. */
const idle: Luck = { all: 2, crashes: 1, faults: 0, lates: 0, losses: 0, delays: 2, more: 0 }
const ways = covering(search(luck), search(idle))

/** Ways that chance goes, beside the shortest ones: so many, of so many steps, with so much that goes wrong. */
const WALKS = 12
const STEPS = 60
const worse: Luck = { all: 4, crashes: 2, faults: 2, lates: 1, losses: 1, delays: 2, more: 1 }

beforeEach(() => holdCalls())

async function gone(way: readonly Leg[]): Promise<void> {
  const first = way[0]!.from
  const replay = await Replay.begin(first)
  try {
    for (const leg of way) await replay.go(leg)
    await replay.end(first.stood)
  } finally {
    await replay.close()
  }
}

describe('what the model does, the code does', () => {
  it.each(ways)('$kinds', ({ way }) => gone(way))

  it('has a way with every kind of edge', () => {
    const met = new Set<EdgeKind>(ways.flatMap(({ way }) => way.map(({ edge }) => edge.kind)))
    expect((Object.keys(edgeKinds) as EdgeKind[]).filter((kind) => !met.has(kind))).toEqual([])
  })

  it.each(Array.from({ length: WALKS }, (_, seed) => seed))(
    'where chance goes, seed %i',
    { timeout: 60_000 },
    (seed) => gone(wander(seed, STEPS, worse)),
  )
})

describe('a difference is seen', () => {
  const kind = 'give: record'
  const { way } = ways.find((one) => one.way.some(({ edge }) => edge.kind === kind))!
  const at = way.findIndex(({ edge }) => edge.kind === kind)
  const upTo = (edge: Leg['edge']): Leg[] => [...way.slice(0, at), { edge, from: way[at]!.from }]
  const { edge } = way[at]!
  const [first, second] = edge.next.sides

  it.each([
    ['of who holds it', { ...edge, next: { ...edge.next, held: 'nobody' as const } }],
    [
      'of the work that is armed',
      { ...edge, next: { ...edge.next, sides: [{ ...first, work: {} }, second] as const } },
    ],
    [
      'of the mark of a call',
      { ...edge, next: { ...edge.next, sides: [{ ...first, calling: true }, second] as const } },
    ],
    ['of the entries', { ...edge, verbs: [] }],
  ])('%s', async (_, other) => {
    await expect(gone(upTo(other))).rejects.toThrow('to deeply equal')
  })
})
