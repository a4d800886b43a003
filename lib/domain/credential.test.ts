import { describe, expect, it } from 'vitest'
import { credentialWarning } from './credential'

const now = new Date('2026-11-12T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)

describe('the end of a credential', () => {
  const stories: [days: number, warned: number | null, due: number | null][] = [
    [31, null, null],
    [30, null, 30],
    [29, 30, null],
    [7.001, 30, null],
    [7, 30, 7],
    [6, 7, null],
    [1, 7, 1],
    [0.5, 1, null],
    // Learnt of late: the nearest warning, and none that it has passed.
    [5, null, 7],
    [0.2, null, 1],
    [0.2, 30, 1],
    // Over: no warning any more, the connection says it itself.
    [0, null, null],
    [-3, 1, null],
  ]
  it.each(stories)('in %d days, told of %s days before: %s', (days, warned, due) => {
    expect(credentialWarning(inDays(days), warned, now)).toBe(due)
  })
})
