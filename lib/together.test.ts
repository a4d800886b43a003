import { expect, it } from 'vitest'
import type { Db } from '@/db/client'
import { together } from './together'

const db = {} as Db

/** A run that is finished by hand, round by round. */
function byHand() {
  const rounds: { inputs: readonly string[]; finish: () => void; fail: (error: Error) => void }[] = []
  const run = (_db: Db, inputs: readonly string[]) =>
    new Promise<string[]>((resolve, reject) => {
      rounds.push({ inputs, finish: () => resolve(inputs.map((one) => one.toUpperCase())), fail: reject })
    })
  return { rounds, run, inputs: () => rounds.map((round) => round.inputs) }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('does in one round what is asked at the same time, and answers each with its own', async () => {
  const { rounds, run, inputs } = byHand()
  const ask = together(run)
  const answers = ['a', 'b', 'c'].map((one) => ask(db, one))
  await turn()
  expect(inputs()).toEqual([['a', 'b', 'c']])
  rounds[0]!.finish()
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C'])
})

it('collects while two rounds are under way, and never more than a hundred', async () => {
  const { rounds, run, inputs } = byHand()
  const ask = together(run)
  const answers = [ask(db, 'a')]
  await turn()
  answers.push(ask(db, 'b'))
  await turn()
  const more = Array.from({ length: 130 }, (_, i) => `n${i}`)
  answers.push(...more.map((one) => ask(db, one)))
  await turn()
  expect(inputs()).toEqual([['a'], ['b']])
  rounds[0]!.finish()
  await turn()
  await turn()
  expect(inputs().at(-1)).toEqual(more.slice(0, 100))
  rounds[1]!.finish()
  await turn()
  await turn()
  expect(inputs().at(-1)).toEqual(more.slice(100))
  for (const round of rounds) round.finish()
  expect(await Promise.all(answers)).toHaveLength(132)
})

it('runs each alone where a round fails, so that one does not fail the others', async () => {
  const ask = together(async (_db, inputs: readonly string[]) => {
    if (inputs.includes('bad')) throw new Error(`failed with ${inputs.length}`)
    return inputs
  })
  const answers = await Promise.allSettled(['a', 'bad', 'c'].map((one) => ask(db, one)))
  expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))).toEqual([
    'a',
    'failed with 1',
    'c',
  ])
})

it('never has the same key twice under way', async () => {
  const { rounds, run, inputs } = byHand()
  const ask = together(run, (one) => one[0]!)
  const answers = ['a1', 'a2', 'b1'].map((one) => ask(db, one))
  await turn()
  expect(inputs()).toEqual([['a1', 'b1']])
  rounds[0]!.finish()
  await turn()
  await turn()
  expect(inputs()).toEqual([['a1', 'b1'], ['a2']])
  rounds[1]!.finish()
  expect(await Promise.all(answers)).toEqual(['A1', 'A2', 'B1'])
})

it('keeps databases apart', async () => {
  const { run, inputs } = byHand()
  const ask = together(run)
  void ask(db, 'a')
  void ask({} as Db, 'b')
  await turn()
  expect(inputs()).toEqual([['a'], ['b']])
})
