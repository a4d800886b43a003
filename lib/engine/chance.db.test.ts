import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type Command, lives, wordsOf } from './testing/chance/commands'
import { kept, telling } from './testing/chance/kept'
import { type Broken, ChanceWorld } from './testing/chance/world'
import { holdCalls } from './testing/worker'

/** So many lives, each of its own seed, in `npm test`; `npm run test:long` goes on from there. */
const SEEDS = process.env.TEST_LONG === '1' ? Number(process.env.TEST_SEEDS ?? 1000) : 100
const COMMANDS = 30
/** Lives at the same time: while one waits for the database, others compute. */
const AT_ONCE = 2
/** A failing life is made shorter for at most this long. */
const SHRINK_MS = 60_000

beforeEach(() => holdCalls())

/** Worlds that nobody lives in now. */
const free: ChanceWorld[] = []
afterAll(async () => {
  for (const world of free.splice(0)) await world.close()
})

async function live(commands: readonly Command[], broken: Broken | null = null): Promise<void> {
  const world = free.pop() ?? (await ChanceWorld.open())
  try {
    await world.begin(broken)
    const life = commands.map((command) => ({
      check: () => command.do !== 'nothing',
      run: (_: object, real: ChanceWorld) => real.step(command),
      toString: () => JSON.stringify(command),
    }))
    await fc.asyncModelRun(() => ({ model: {}, real: world }), life)
    await world.end()
  } finally {
    free.push(world)
  }
}

/** Lives one life of chance. What went wrong in it, made as short as it can be, or null. */
async function fate(seed: number): Promise<string | null> {
  const property = fc.asyncProperty(lives(COMMANDS), (commands) => live(commands))
  const told = await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS })
  if (!told.failed) return null
  const [commands] = told.counterexample ?? [[]]
  return `Seed ${seed}, path ${told.counterexamplePath}: ${told.errorInstance}\nTo keep it, add to testing/chance/kept.ts:\n${wordsOf(commands)}`
}

async function together<T>(seeds: readonly number[], one: (seed: number) => Promise<T>): Promise<T[]> {
  const waiting = [...seeds]
  const done: T[] = []
  async function next(): Promise<void> {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) done.push(await one(seed))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  return done
}

describe('whatever happens by chance, in whatever order', () => {
  it.each(kept)('once was wrong: $what', ({ commands }) => live(commands))

  it(`${SEEDS} lives of ${COMMANDS} commands`, { timeout: 3_600_000 }, async () => {
    const seeds = Array.from({ length: SEEDS }, (_, seed) => seed)
    const wrong = (await together(seeds, fate)).filter((words) => words !== null)
    expect(wrong.join('\n\n')).toBe('')
  })
})

describe('a rule of the engine that is broken', () => {
  it.each(telling)('$broken: is noticed when $what', async ({ commands, broken, words }) => {
    await live(commands)
    await expect(live(commands, broken)).rejects.toThrow(words)
  })
})
