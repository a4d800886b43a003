import { expect, it } from 'vitest'
import { healthBars, healthWords } from './health-bars'

const hour = (h: number, m = 0) => new Date(Date.UTC(2026, 10, 12, h, m))

it('each span says what the looks in it said, the newest one included', () => {
  const looks = [
    { at: hour(7, 59), ok: false },
    { at: hour(8), ok: true },
    { at: hour(8, 45), ok: true },
    { at: hour(9, 15), ok: false },
    { at: hour(9, 30), ok: true },
    { at: hour(11, 59), ok: false },
    { at: hour(12), ok: false },
  ]
  const bars = healthBars(looks, hour(8), hour(12), 4)
  expect(bars.map((bar) => bar.state)).toEqual(['up', 'partly', 'none', 'down'])
  expect(bars.map((bar) => bar.from)).toEqual([hour(8), hour(9), hour(10), hour(11)])
})

it('in words: rounded down, so that one failure is never a hundred per cent', () => {
  const now = hour(12)
  expect(healthWords({ looks: 0, failed: 0, lastFailure: null }, 'UTC', now)).toBe(
    'Not looked at in the last 7 days',
  )
  expect(healthWords({ looks: 670, failed: 0, lastFailure: null }, 'UTC', now)).toBe(
    'Healthy 100 % of the last 7 days; no failure',
  )
  const lastFailure = { at: hour(11, 59), detail: null }
  expect(healthWords({ looks: 670, failed: 1, lastFailure }, 'UTC', now)).toMatch(
    /^Healthy 99 % of the last 7 days; last failure .*11:59/,
  )
})
