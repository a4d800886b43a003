import { describe, expect, it } from 'vitest'
import { bucketOf, KEPT_FOR_TAKES, usualRequests } from './bucket'

describe('the bucket of a connection', () => {
  it('lets no minute see more than the limit, however the draws fall', () => {
    for (const requestsPerMinute of [50, 60, 100, 600, 5000]) {
      const { capacity, perSecond } = bucketOf({ requestsPerMinute })!
      expect(capacity + 60 * perSecond).toBeCloseTo(requestsPerMinute, 6)
    }
  })

  it('pays for every kind of work beside what is kept for takes, also under the smallest limit', () => {
    for (const requestsPerMinute of [1, 10, 60]) {
      const { capacity, perSecond } = bucketOf({ requestsPerMinute })!
      expect(capacity * (1 - KEPT_FOR_TAKES)).toBeGreaterThanOrEqual(
        Math.max(...Object.values(usualRequests)),
      )
      expect(perSecond).toBeGreaterThan(0)
    }
  })

  it('is none where no limit is known', () => {
    expect(bucketOf({ requestsPerMinute: null })).toBeNull()
  })
})
