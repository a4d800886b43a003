import 'server-only'
import type { Limits } from '@/lib/connectors/contract'
import type { WorkKind } from '@/lib/domain/work'

/** A token bucket; one token is one request. */
export interface Bucket {
  /** Most tokens it holds: what may be sent at once after a quiet while. */
  readonly capacity: number
  readonly perSecond: number
}

/** So much of a minute's allowance may go out at once; the rest comes in evenly, so that no minute sees more. */
const BURST = 1 / 5
/** Less could not pay for one give beside what is kept for takes. */
const LEAST_CAPACITY = 10

/** The bucket behind a connector's limit: over any minute no more than it allows. Null where there is no limit. */
export function bucketOf({ requestsPerMinute }: Pick<Limits, 'requestsPerMinute'>): Bucket | null {
  if (requestsPerMinute === null) return null
  const capacity = Math.max(requestsPerMinute * BURST, LEAST_CAPACITY)
  return { capacity, perSecond: Math.max(requestsPerMinute - capacity, requestsPerMinute / 2) / 60 }
}

/** Of the bucket so much is for takes alone: gives, looks and upkeep stop drawing before a take has to wait. */
export const KEPT_FOR_TAKES = 1 / 2

/** Requests that a work item usually makes, where it makes any; what it really made is settled at its end. */
export const usualRequests: Partial<Record<WorkKind, number>> = {
  take: 3,
  give: 4,
  look: 1,
  sync: 5,
  drift: 5,
  drill: 4,
}
