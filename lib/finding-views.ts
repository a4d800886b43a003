/** What the screens about drift are given: plain data. */

export type FindingView = {
  readonly id: string
  readonly kind:
    | 'unknown_holder'
    | 'missing_holder'
    | 'indirect_rest'
    | 'came_back'
    | 'sessions_left'
    | 'others_moved'
  readonly entitlement: string
  readonly entitlementId: string | null
  /** The person, where one is known; else the account. */
  readonly who: string
  /** The account as the target names it, where that says more. */
  readonly account: string | null
  /** Known by the address only: nobody has linked the account. */
  readonly byAddress: boolean
  readonly detail: string
  readonly foundAt: Date
  readonly seenAt: Date | null
  readonly grantId: string | null
  /** Why it cannot be removed from here, in one sentence. */
  readonly fixed: string | null
  /** It is being removed; the target's last answer where it was no success. */
  readonly removing: { readonly lastAnswer: string | null } | null
}

/** An entitlement as far as drift is concerned. */
export interface WatchedEntitlement {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly exclusive: boolean
  readonly cap: number
  readonly readAt: Date | null
  readonly standing: number
  readonly leased: number
  /** Whom a reading would remove if it were just-in-time only. */
  readonly strangers: readonly { readonly findingId: string; readonly name: string }[]
}

export interface FindingsView {
  readonly applicationId: string
  readonly application: string
  /** Whether the system can say who holds what. */
  readonly lists: boolean
  /** When all of it was last read to the end. */
  readonly readAt: Date | null
  readonly error: string | null
  readonly items: readonly FindingView[]
  readonly entitlements: readonly WatchedEntitlement[]
  /** So many accesses are removed in one go. */
  readonly mostRemoved: number
  readonly can: {
    readonly settle: boolean
    readonly read: boolean
    readonly exclusive: boolean
    /** Turning what somebody holds into a lease. */
    readonly convert: boolean
  }
}
