import 'server-only'
import type { Db } from '@/db/client'

/** So many are done in one round, so that its transaction stays short. */
const MOST = 100
/** So many rounds are under way at once: one is made ready here while another is with the database. */
const ROUNDS = 2

interface Waiting<Input, Output> {
  readonly input: Input
  readonly resolve: (output: Output) => void
  readonly reject: (error: unknown) => void
}

/**
 * One call for many that come at the same time (a group commit): what is asked for while rounds are under way is
 * collected and done in the next one. Nothing waits longer than it would behind them anyway. `run` answers in the order
 * it is given; where it throws, each of that round is run alone, so that one does not fail the others. Inputs of the
 * same `key` are never in one round, nor in two at once.
 */
export function together<Input, Output>(
  run: (db: Db, inputs: readonly Input[]) => Promise<readonly Output[]>,
  key?: (input: Input) => string,
): (db: Db, input: Input) => Promise<Output> {
  const queues = new WeakMap<Db, (input: Input) => Promise<Output>>()
  return (db, input) => {
    let queue = queues.get(db)
    if (!queue) {
      queue = collect((inputs) => run(db, inputs), key)
      queues.set(db, queue)
    }
    return queue(input)
  }
}

function collect<Input, Output>(
  run: (inputs: readonly Input[]) => Promise<readonly Output[]>,
  key?: (input: Input) => string,
): (input: Input) => Promise<Output> {
  let waiting: Waiting<Input, Output>[] = []
  const underWay = new Set<string>()
  let rounds = 0
  let called = false

  /** The next round: the longest waiting first, each key once. */
  function next(): Waiting<Input, Output>[] {
    if (!key) return waiting.splice(0, MOST)
    const round: Waiting<Input, Output>[] = []
    const left: Waiting<Input, Output>[] = []
    for (const one of waiting) {
      const own = key(one.input)
      if (round.length === MOST || underWay.has(own)) left.push(one)
      else {
        underWay.add(own)
        round.push(one)
      }
    }
    waiting = left
    return round
  }

  async function go(round: readonly Waiting<Input, Output>[]): Promise<void> {
    try {
      const outputs = await run(round.map((one) => one.input))
      round.forEach((one, i) => {
        one.resolve(outputs[i]!)
      })
    } catch (error) {
      if (round.length === 1) round[0]!.reject(error)
      else for (const one of round) await go([one])
    }
  }

  function begin(): void {
    called = false
    while (rounds < ROUNDS) {
      const round = next()
      if (round.length === 0) return
      rounds += 1
      void go(round).finally(() => {
        rounds -= 1
        if (key) for (const one of round) underWay.delete(key(one.input))
        call()
      })
    }
  }

  /** Begins once everything that is ready to ask has asked. */
  function call(): void {
    if (called || waiting.length === 0 || rounds >= ROUNDS) return
    called = true
    setImmediate(begin)
  }

  return (input) =>
    new Promise<Output>((resolve, reject) => {
      waiting.push({ input, resolve, reject })
      call()
    })
}
