import type {
  AccessDecision,
  AccessReviewState,
  LineStatus,
  MissedConsequence,
  ReviewerRule,
  Reviewers,
} from './domain/access-review'

/** What the screens of access reviews are given: plain data, dates absolute. */

/** Who would decide on how many lines, and why it is them. */
export interface ReviewerShare {
  readonly names: readonly string[]
  readonly lines: number
  readonly as: Reviewers['as']
}

/** What an access review would be, before it is started. */
export interface AccessReviewPlan {
  readonly leases: number
  readonly standing: number
  readonly shares: readonly ReviewerShare[]
  readonly gaps: readonly { readonly what: string; readonly why: string }[]
  readonly leftOut: readonly { readonly entitlement: string; readonly who: string; readonly why: string }[]
  /** What happens, in whole sentences. */
  readonly sentences: readonly string[]
}

/** How many lines stand how. */
export type LineCounts = Readonly<Record<LineStatus, number>>

export interface AccessReviewRow {
  readonly id: string
  readonly name: string
  readonly application: { readonly id: string; readonly name: string }
  readonly state: AccessReviewState
  readonly startedAt: Date
  readonly startedBy: string
  /** Until when decisions are taken: the date, or the end of the second round. */
  readonly until: Date
  readonly closedAt: Date | null
  readonly counts: LineCounts
}

/** The running access review of an application, else its last one, and whether the reader may start one now. */
export interface ApplicationReviews {
  readonly latest: AccessReviewRow | null
  readonly canStart: boolean
}

/** What became of a removal: on its way, seen gone, or not done, with why. */
export interface LineOutcome {
  readonly kind: 'under_way' | 'gone' | 'not_done'
  readonly words: string
}

export interface LineView {
  readonly id: string
  readonly version: number
  readonly entitlement: {
    readonly id: string
    readonly name: string
    readonly risk: 'low' | 'medium' | 'high'
  }
  readonly kind: 'lease' | 'standing'
  readonly grantId: string | null
  readonly person: {
    readonly id: string
    readonly name: string
    readonly team: string | null
    readonly left: boolean
  } | null
  /** What it is called in the target, where it is held for good. */
  readonly account: string | null
  /** Since when it is held, where that is known; for standing access since when it is on record. */
  readonly since: Date | null
  /** Of a lease; null for none. */
  readonly endsAt: Date | null
  readonly status: LineStatus
  readonly decision: {
    readonly decision: AccessDecision
    readonly by: string
    readonly at: Date
    readonly reason: string
    /** Only in the second round, after the reviewers had missed it. */
    readonly late: boolean
  } | null
  readonly outcome: LineOutcome | null
  readonly reviewers: readonly string[]
  readonly as: Reviewers['as']
  /** Whether the reader may decide on it now. */
  readonly mine: boolean
}

export interface AccessReviewPage extends AccessReviewRow {
  readonly instructions: string | null
  readonly rule: ReviewerRule
  readonly named: readonly string[]
  readonly consequence: MissedConsequence
  readonly dueAt: Date
  readonly escalatedUntil: Date | null
  readonly lines: readonly LineView[]
  readonly gaps: AccessReviewPlan['gaps']
  readonly leftOut: AccessReviewPlan['leftOut']
  /** How many removals of standing access may be ordered in one go. */
  readonly mostRemoved: number
  readonly can: { readonly see: boolean; readonly callOff: boolean }
}

/** An access review that has lines for the reader. */
export interface WaitingReview {
  readonly id: string
  readonly name: string
  readonly application: string
  readonly lines: number
  readonly until: Date
}

/** What became of a decision on several lines. */
export interface LinesDecided {
  readonly decided: number
  readonly refused: readonly { readonly lineId: string; readonly message: string }[]
}

/** What the form of a new one offers. */
export interface AccessReviewForm {
  readonly applications: readonly { readonly id: string; readonly name: string }[]
  readonly chosen: { readonly id: string; readonly name: string } | null
  readonly entitlements: readonly { readonly id: string; readonly name: string }[]
  readonly people: readonly { readonly id: string; readonly name: string; readonly team: string | null }[]
}
