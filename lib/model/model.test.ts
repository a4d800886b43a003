import { describe, expect, it } from 'vitest'
import { type Found, search } from './search'
import type { Luck } from './state'
import { asDesigned, type Design } from './step'
import { figuresOf, missing, storyOf } from './words'

/** Any two of these in one life, and an extension beside them. */
const luck: Luck = { all: 2, crashes: 2, faults: 2, lates: 1, losses: 1, delays: 2, more: 1 }

function searched(name: string, design: Design, matters?: (problem: string) => boolean): Found {
  const began = performance.now()
  const found = search(luck, design, matters)
  console.info(`model, ${name}: ${figuresOf(found, performance.now() - began)}`)
  return found
}

describe('a lease, searched to the end', () => {
  it('holds the invariants in every state, and from each everything ends with the access gone', {
    timeout: 180_000,
  }, () => {
    const found = searched('as designed', asDesigned)
    expect(storyOf(found.violation?.way ?? []), found.violation?.problems.join(', ')).toEqual([])
    expect(found.states).toBeGreaterThanOrEqual(10_000)
    expect(missing(found)).toEqual([])
  })
})

describe('a fault of design is found, with the shortest way to it', () => {
  const given = ['approve', 'ring', 'give: start', 'give: baseline', 'give: intend']
  const forEver = 'I6: what we gave is there for ever'
  const faults: { name: string; fault: Partial<Design>; problem: string; way: string[] }[] = [
    {
      name: 'nobody asks whether a claim still holds',
      fault: { fence: false },
      problem: 'I2: given while the grant is revoking',
      way: [...given, 'revoke', 'give: sent'],
    },
    {
      name: 'nothing is done unless somebody rings',
      fault: { sweep: false },
      problem: forEver,
      way: [...given, 'give: answer lost', 'lose'],
    },
    {
      name: 'nobody looks after the end',
      fault: { lookAfter: false },
      problem: forEver,
      way: [...given, 'give: late', 'revoke', 'ring', 'give: fenced', 'take: begin'],
    },
  ]
  it.each(faults)('$name', ({ name, fault, problem, way }) => {
    const { violation } = searched(name, { ...asDesigned, ...fault }, (one) => one === problem)
    console.info(`${problem}\n  ${storyOf(violation?.way ?? []).join('\n  ')}`)
    expect(violation?.problems).toEqual([problem])
    expect(violation?.way.map(({ edge }) => edge.kind).slice(0, way.length)).toEqual(way)
  })
})
