import { describe, expect, it } from 'vitest'
import { decidedByWords, historyWords, pastOutcome } from './past-words'
import type { History, PastRequest } from './views'

const past: PastRequest = {
  id: 'r',
  state: 'approved',
  emergency: false,
  seconds: 3600,
  reason: '',
  askedAt: new Date(0),
  decidedBy: [
    { id: 'ben', name: 'Ben Okafor' },
    { id: 'mira', name: 'Mira Lindqvist' },
  ],
  outcome: 'ran_out',
  heldSeconds: null,
}
const none: History = {
  total: 0,
  approved: 0,
  denied: 0,
  withdrawn: 0,
  lapsed: 0,
  returnedEarly: 0,
  items: [],
}

describe('who decided', () => {
  it('says of an emergency that nobody did', () => {
    expect(decidedByWords({ ...past, emergency: true, decidedBy: [] }, 'me')).toBe('taken as an emergency')
  })
})

describe('how an earlier request went', () => {
  it.each([
    [{}, 'ran to its end'],
    [{ outcome: 'returned' as const, heldSeconds: 5 * 3600 }, 'given back after 5 h'],
    [{ outcome: 'revoked' as const, heldSeconds: 90 * 60 }, 'revoked after 1 h 30 min'],
    [{ state: 'denied' as const, outcome: null }, 'denied'],
    [{ outcome: 'running' as const }, 'running now'],
  ])('%o', (more, words) => {
    expect(pastOutcome({ ...past, ...more })).toBe(words)
  })

  it('says who decided, and "you" to whom it was', () => {
    expect(decidedByWords(past, 'mira')).toBe('approved by Ben Okafor and you')
    expect(decidedByWords({ ...past, state: 'withdrawn' }, 'mira')).toBe('withdrawn')
  })
})

describe('the sum of it', () => {
  it('counts only what there is', () => {
    const { lead, rest } = historyWords({ ...none, total: 7, approved: 6, withdrawn: 1, returnedEarly: 4 })
    expect(lead + rest).toBe('7 times in 90 days: 6 approved, 1 withdrawn. Given back early 4 times.')
  })
  it('says never and once', () => {
    expect(historyWords(none).lead).toBe('Never in 90 days')
    expect(historyWords({ ...none, total: 1, denied: 1 })).toEqual({
      lead: 'Once in 90 days',
      rest: ': 1 denied.',
    })
  })
})
