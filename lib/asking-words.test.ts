import { describe, expect, it } from 'vitest'
import { agreeSentence, agreeShort, askedSteps, firstName, missingWords, nameList } from './asking-words'
import type { ApprovalStep } from './domain/policy'

const step = (quorum: ApprovalStep['quorum'], kind: 'owners' | 'manager' = 'owners'): ApprovalStep => ({
  approvers: [{ kind }],
  quorum,
})
const people = (n: number) => Array.from({ length: n }, (_, i) => `p${i}`)

describe('who agrees, short', () => {
  it.each([
    ['one of many', [step(1)], [people(4)], 'any 1 of 4'],
    ['two of many', [step(2)], [people(4)], 'any 2 of 4'],
    ['one of two', [step(1)], [people(2)], 'either'],
    ['both of two', [step('all')], [people(2)], 'both'],
    ['all of three', [step('all')], [people(3)], 'all 3'],
    ['the manager', [step(1, 'manager')], [people(1)], 'your manager'],
    ['a single owner', [step(1)], [people(1)], 'one person'],
    ['an empty set is nobody, never everybody', [step(1)], [[]], 'nobody at present'],
    ['a quorum that cannot be met is nobody', [step(3)], [people(2)], 'nobody at present'],
    ['several steps', [step(1), step(1)], [people(1), people(2)], '2 steps'],
  ])('%s', (_, steps, sets, words) => {
    expect(agreeShort(steps, sets)).toBe(words)
  })
})

describe('who agrees, in a sentence', () => {
  it.each([
    [step(1), ['Ana', 'Ben'], 'Ana or Ben agrees'],
    [step('all'), ['Ana', 'Ben'], 'both Ana and Ben agree'],
    [step(1), people(4), 'one of four people agrees'],
    [step(2), people(4), 'two of four people agree'],
    [step('all'), people(12), 'all 12 people agree'],
    [step(1), ['Ana'], 'Ana agrees'],
  ])('%o with %j', (one, names, words) => {
    expect(agreeSentence([one], [names]).map((p) => `${p.who} ${p.verb}`)).toEqual([words])
  })
})

describe('names', () => {
  it('lists with and, or', () => {
    expect(nameList(['Ana', 'Ben', 'Jun'])).toBe('Ana, Ben and Jun')
    expect(nameList(['Ana', 'Ben'], 'or')).toBe('Ana or Ben')
    expect(nameList(['Ana'])).toBe('Ana')
  })
  it('shortens to the first word', () => {
    expect(firstName('Mira Lindqvist')).toBe('Mira')
  })
  it('counts what is missing', () => {
    expect(missingWords(1)).toBe('1 yes still missing')
    expect(missingWords(2)).toBe('2 yeses still missing')
  })
})

describe('who is asked for one length', () => {
  const own = step(1)
  const extra = { ...step(1), separationId: 'r' }
  it.each([
    ['the policy’s steps', false, [own], ['Ben'], ['Ben']],
    ['nobody where a rule agrees', true, [own], ['Ben'], []],
    [
      'those of the policy, then of separation of duties',
      false,
      [own, extra],
      ['Ben', 'Jun'],
      ['Ben', 'Jun'],
    ],
    ['only those of separation of duties where a rule agrees', true, [own, extra], ['Ben', 'Jun'], ['Jun']],
  ])('is %s', (_name, byRule, steps, names, expected) => {
    const asked = askedSteps(steps, names, byRule)
    expect(asked.approverNames).toEqual(expected)
    expect(asked.steps).toHaveLength(expected.length)
  })
})
