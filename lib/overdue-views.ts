import type { GrantListRow } from './grant-views'

/** What the overdue page is given: plain data, no rows of the database. Moments are the domain's. */

/** More tries than this are not told apart in a strip as wide as a page. */
export const MOST_TRIES = 300

/** An access that should be gone and is not. */
export interface OverdueItem {
  readonly row: GrantListRow
  /** When the right was over. */
  readonly since: Date
  /** When the target was asked to take it since then, the newest first, at most `MOST_TRIES`. */
  readonly tries: readonly Date[]
  /** The longest its next try is away from the last one, in seconds. */
  readonly maxGapSeconds: number
  /** The target's own words for its last answer. */
  readonly said: string | null
  /** It is being tried at this moment. */
  readonly trying: boolean
  readonly told: readonly { readonly name: string; readonly at: Date; readonly escalated: boolean }[]
  /** When the admins are told as well, if it is still there; null where they were, or nobody is left to tell. */
  readonly escalatesAt: Date | null
  /** The first of the two who state that it is gone. */
  readonly first: { readonly by: string; readonly at: Date; readonly reason: string | null } | null
  readonly openTaskId: string | null
  readonly may: {
    readonly retry: boolean
    /** Which of the two the reader could be; `why` not at present. Null: neither. */
    readonly attest: { readonly as: 'first' | 'second'; readonly why: string | null } | null
  }
}

/** One that was overdue and is closed. */
export interface ClosedItem {
  readonly id: string
  readonly person: string
  readonly entitlement: string
  readonly application: string
  readonly closedAt: Date
  /** How long after the right was over it was seen gone, in milliseconds; null where nobody has seen it. */
  readonly lateMs: number | null
  readonly how: 'seen' | 'said' | 'attested'
  /** Who attested it. */
  readonly by: readonly string[]
}

export interface OverduePage {
  readonly items: readonly OverdueItem[]
  /** How many there are in all; the page shows the longest overdue. */
  readonly total: number
  readonly closed: readonly ClosedItem[]
}
