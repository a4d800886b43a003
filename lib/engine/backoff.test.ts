import { describe, expect, it } from 'vitest'
import { longestGapMs, retryDelayMs, SLOW_GAP_MS, TAKE_GAP_MS } from './backoff'

describe('the gap between two tries', () => {
  it('doubles from a second up to its cap', () => {
    expect([1, 2, 3, 20].map((attempt) => retryDelayMs(attempt))).toEqual([1000, 2000, 4000, TAKE_GAP_MS])
    expect(retryDelayMs(20, { code: 'auth' })).toBe(SLOW_GAP_MS)
  })

  it('I8: counts from the beginning of a try, so that a target that hangs is asked every 60 s as well', () => {
    for (const tookMs of [0, 1000, 30_000, 45_000])
      expect(tookMs + retryDelayMs(50, { tookMs })).toBeLessThanOrEqual(TAKE_GAP_MS)
    expect(retryDelayMs(1, { tookMs: 45_000 })).toBe(1000)
    expect(retryDelayMs(1, { seed: 96 })).toBeLessThan(1000)
  })

  it('is never shorter than what the target asked for, nor longer than 15 minutes', () => {
    expect(retryDelayMs(1, { retryAfterMs: 30_000, tookMs: 29_000 })).toBe(30_000)
    expect(retryDelayMs(1, { retryAfterMs: 9e9 })).toBe(SLOW_GAP_MS)
  })

  it('that a mail may promise is the one the engine keeps', () => {
    const codes = [
      null,
      'retryable',
      'rejected',
      'still_there',
      'auth',
      'misconfigured',
      'principal_ambiguous',
    ]
    for (const code of codes)
      expect(retryDelayMs(50, { code: code ?? undefined })).toBeLessThanOrEqual(longestGapMs(code))
    expect(longestGapMs('rate_limited')).toBe(SLOW_GAP_MS)
  })
})
