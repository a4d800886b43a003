import { describe, expect, it } from 'vitest'
import { nextNight } from './nightly'

describe('the next night', () => {
  it.each([
    ['later that day', 'Europe/Berlin', '2026-07-01T00:30:00Z', '2026-07-01T01:00:00Z'],
    ['on the next day', 'Europe/Berlin', '2026-07-01T01:00:00Z', '2026-07-02T01:00:00Z'],
    ['in winter', 'Europe/Berlin', '2026-01-10T12:00:00Z', '2026-01-11T02:00:00Z'],
    ['when the clocks go forward', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z'],
    ['right after they went forward', 'Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-30T01:00:00Z'],
    ['when the clocks go back', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T02:00:00Z'],
    ['in the hour that comes twice', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T02:00:00Z'],
    ['far in the west', 'America/Los_Angeles', '2026-07-01T12:00:00Z', '2026-07-02T10:00:00Z'],
    ['far in the east', 'Pacific/Auckland', '2026-07-01T12:00:00Z', '2026-07-01T15:00:00Z'],
  ])('is at 03:00 where the organisation is, %s', (_, zone, now, next) => {
    expect(nextNight(new Date(now), zone)).toEqual(new Date(next))
  })
})
