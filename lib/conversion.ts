import { DAY, HOUR } from './domain/duration'

/** Turning standing access into leases: the rules that the form, the preview and the service share. Plain data. */

/** People get at least this long to say that it is wrong, in seconds. */
export const LEAST_WARNING = DAY
/** Unless something else is chosen, seconds from now. */
export const USUAL_WARNING = 3 * DAY
/** The longest such lease, in seconds. */
export const LONGEST_CONVERSION = 366 * DAY
/** Lengths that are offered, in seconds from the start. */
export const conversionLengths = [7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY] as const
/** So many at once at most. */
export const MOST_CONVERTED = 200

/** Somebody who holds an entitlement for good, as the page shows them. */
export interface HolderView {
  readonly externalId: string
  readonly account: string
  readonly email: string | null
  readonly person: { readonly id: string; readonly name: string; readonly email: string } | null
  /** How the person was found: people said so, or the target names this account for their address. */
  readonly how: 'linked' | 'address' | null
  /** Why it cannot become a lease; null where it can. */
  readonly problem: string | null
  /** No person is known for it, so that linking one helps. */
  readonly unlinked: boolean
}

/** A lease that is planned, or runs, on access that somebody held for good. */
export interface ConversionView {
  readonly grantId: string
  readonly person: string
  readonly entitlement: string
  readonly startAt: Date
  readonly endsAt: Date | null
  readonly state: 'planned' | 'runs'
  readonly plannedBy: string | null
}

/** What would happen, in words. */
export interface ConversionPlan {
  readonly people: readonly { readonly name: string; readonly account: string; readonly endsAt: string }[]
  readonly sentences: readonly string[]
  readonly mails: readonly string[]
  readonly warnings: readonly string[]
}

/** A notice that fits a lease of this length: a day before the end of a long one, a sixth of a short one. */
export function conversionNotice(seconds: number): number {
  return seconds >= 6 * DAY ? DAY : Math.max(HOUR / 4, Math.floor(seconds / 6))
}
