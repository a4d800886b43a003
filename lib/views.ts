import type { EndReason, GrantState } from '@/lib/domain/grant'
import type { DurationMode } from '@/lib/domain/policy'
import type { Approval, EscalationWhy, RequestKind, RequestState, Verdict } from '@/lib/domain/request'
import type { TaskKind } from '@/lib/domain/work'
import type { StatusFacts } from '@/lib/grant-status'
import type { ReviewVerdict } from '@/lib/review-words'

/** What the people's screens are given: plain data, dates absolute, lengths in seconds. */

export interface EntitlementView {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly risk: 'low' | 'medium' | 'high'
  readonly howToUse: string | null
}

export interface ApplicationView {
  readonly id: string
  readonly name: string
  readonly description: string | null
  /** Fulfilled by people, without a connection. */
  readonly byHand: boolean
}

export interface PersonView {
  readonly id: string
  readonly name: string
  readonly title: string | null
  readonly team: string | null
  readonly managerName: string | null
}

/** What a lease bar is drawn from. */
export interface LeaseTimes {
  readonly state: GrantState
  readonly startsAt: Date | null
  readonly noticeAt: Date | null
  readonly endsAt: Date | null
  readonly overdueAt: Date | null
  readonly endedAt: Date | null
}

/** How far a pending request is: yeses given on the open step and yeses missing on all steps. */
export interface Progress {
  readonly step: number
  readonly steps: number
  readonly agreed: number
  readonly needed: number
  readonly missing: number
}

/** An extension that was asked for and is not decided. */
export interface PendingExtension {
  readonly requestId: string
  readonly seconds: number
  readonly newEnd: Date
  readonly decideBy: Date
  readonly progress: Progress
}

/** Whether more time can be asked for, and why not. */
export interface ExtensionView {
  readonly allowed: boolean
  readonly why: string | null
  readonly left: number
  readonly maxCount: number
  readonly latestEnd: Date
}

export interface LeaseView {
  readonly id: string
  readonly version: number
  readonly personId: string
  readonly entitlement: EntitlementView
  readonly application: ApplicationView
  readonly mode: DurationMode
  /** Emergency access: taken at once, reviewed afterwards. */
  readonly emergency: boolean
  readonly times: LeaseTimes
  readonly status: StatusFacts
  readonly durationSeconds: number | null
  readonly noticeSeconds: number | null
  readonly startBy: Date
  readonly preexisting: boolean
  readonly endReason: EndReason | null
  readonly verified: boolean | null
  readonly lateMs: number | null
  readonly noticeSentAt: Date | null
  readonly noticeError: string | null
  /** Somebody took it in the target while the lease runs, as far as was found. */
  readonly missing: boolean
  readonly extend: ExtensionView | null
  readonly pending: PendingExtension | null
}

/** A request in a list, with the grant it led to or would extend. */
export interface RequestView {
  readonly id: string
  readonly version: number
  readonly kind: RequestKind
  readonly state: RequestState
  /** How it is, or would be, agreed to: by people, by a rule of its policy, or as an emergency. */
  readonly approval: Approval
  readonly personId: string
  readonly askerId: string
  readonly entitlement: EntitlementView
  readonly application: ApplicationView
  readonly mode: DurationMode
  readonly seconds: number | null
  readonly askedSeconds: number | null
  readonly noticeSeconds: number | null
  readonly reason: string
  readonly startAt: Date | null
  readonly askedAt: Date
  readonly decideBy: Date
  readonly decidedAt: Date | null
  /** How long after approval giving is tried. */
  readonly startWithinSeconds: number
  readonly progress: Progress | null
  readonly grant: LeaseView | null
  /** Asked for in one go with the others of the same number. */
  readonly askId: string
  /** Counts the requester's changes. */
  readonly round: number
  readonly questions: readonly QuestionView[]
  /** When who was asked is reminded next; null when not again. */
  readonly nextReminderAt: Date | null
  /** When the fallback is asked as well on the open step; null for never, or where it is asked already. */
  readonly escalateAt: Date | null
}

/** Something an approver wanted to know before deciding, and what was answered. */
export interface QuestionView {
  readonly id: string
  readonly personId: string
  readonly personName: string
  readonly text: string
  readonly askedAt: Date
  readonly answer: string | null
  readonly answeredByName: string | null
  readonly answeredAt: Date | null
}

/** One earlier request by the same person for the same entitlement. */
export interface PastRequest {
  readonly id: string
  readonly state: RequestState
  readonly emergency: boolean
  readonly seconds: number | null
  readonly reason: string
  readonly askedAt: Date
  readonly decidedBy: readonly { id: string; name: string }[]
  readonly outcome: 'running' | 'scheduled' | 'ran_out' | 'returned' | 'revoked' | 'not_given' | null
  /** How long it was held when it ended early. */
  readonly heldSeconds: number | null
}

/** What somebody asked for in the last 90 days, newest first. */
export interface History {
  readonly total: number
  readonly approved: number
  readonly denied: number
  readonly withdrawn: number
  readonly lapsed: number
  readonly returnedEarly: number
  readonly items: readonly PastRequest[]
}

/** A length that an approver may give: what was asked for or shorter. */
export interface LengthChoice {
  readonly seconds: number
  readonly noticeSeconds: number | null
  readonly asked: boolean
}

export interface DecisionView {
  readonly requestId: string
  readonly step: number
  readonly personId: string
  readonly personName: string
  readonly verdict: Verdict
  readonly note: string | null
  /** The length it was shortened to. */
  readonly seconds: number | null
  /** The later start that was set. */
  readonly startAt: Date | null
  /** Whose place it was given in, by a substitute. */
  readonly forName: string | null
  readonly decidedAt: Date
}

/** Somebody who may decide on a step, and who stands in for them now. */
export interface ApproverView {
  readonly id: string
  readonly name: string
  readonly substitute: { readonly id: string; readonly name: string; readonly until: Date | null } | null
}

/** One step of a request as it stands. */
export interface StepView {
  readonly quorum: number | 'all'
  /** How many different people have to agree. */
  readonly needed: number
  readonly approvers: readonly ApproverView[]
  readonly decisions: readonly DecisionView[]
  readonly open: boolean
  /** The rule of separation of duties that brought this step. */
  readonly separation: string | null
  readonly escalated: { readonly why: EscalationWhy; readonly at: Date } | null
  readonly reassigned: {
    readonly byName: string
    readonly at: Date
    readonly reason: string | null
  } | null
}

/** What separation of duties says about holding both. */
export interface ApartView {
  readonly rule: string
  readonly reason: string
  readonly other: string
  readonly application: string
  readonly how: 'held' | 'agreed' | 'asked'
  readonly effect: 'refuse' | 'extra_step'
}

/** Another request of the same ask that waits for the same person. */
export interface SameAsk {
  readonly id: string
  readonly name: string
  readonly application: string
}

/** Everything somebody needs to decide in ten seconds. */
export interface ToDecide extends RequestView {
  readonly person: PersonView
  readonly askerName: string
  /** In whose place the reader decides, and until when that one is away; null where they are asked themself. */
  readonly inPlaceOf: { readonly name: string; readonly until: Date | null } | null
  readonly choices: readonly LengthChoice[]
  /** Who else may decide on the open step. */
  readonly others: readonly string[]
  readonly steps: readonly StepView[]
  readonly apart: readonly ApartView[]
  readonly votes: readonly DecisionView[]
  readonly holds: readonly LeaseView[]
  readonly past: History
}

/** A give or a take that people do by hand, or the review of an emergency access. */
export interface TaskView {
  readonly id: string
  readonly version: number
  readonly kind: TaskKind
  readonly state: 'open' | 'done' | 'void'
  readonly openedAt: Date
  readonly dueAt: Date
  readonly evidence: string | null
  readonly doneBy: string | null
  readonly doneAt: Date | null
  readonly person: PersonView & { email: string }
  readonly lease: LeaseView
  readonly checklist: string | null
  readonly group: string | null
  /**
   * In the group that fulfils it, or an owner of the application: not only allowed as an admin. A review is for
   * owners and admins alike.
   */
  readonly mine: boolean
}

/** What stands between a person and an entitlement in the catalogue. */
export type CatalogueStanding =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly lease: LeaseView }
  | { readonly kind: 'pending'; readonly requestId: string; readonly decideBy: Date }
  /** Cannot be asked for, and why; `ask` is who could help. */
  | { readonly kind: 'closed'; readonly why: string; readonly ask: string | null }

/** One entitlement of the catalogue: what, how long, who agrees, how fast. */
export interface CatalogueRow {
  readonly entitlement: EntitlementView
  readonly mode: DurationMode
  readonly lengths: readonly number[]
  readonly agree: string
  readonly approvers: readonly string[]
  /** Median of our own answers in the last 90 days, in seconds; null without any. */
  readonly usualSeconds: number | null
  readonly standing: CatalogueStanding
}

export interface CatalogueApplication {
  readonly application: ApplicationView
  readonly owners: readonly string[]
  readonly rows: readonly CatalogueRow[]
}

/** What the page to ask says of emergency access, where the policy allows it and nothing of the same is held. */
export interface EmergencyOffer {
  readonly seconds: number
  /** Why it cannot be taken now; null when it can. */
  readonly why: string | null
  /** Who is told at once. */
  readonly told: readonly string[]
  /** A usual request for the same is not decided; taking it withdraws that one. */
  readonly pending: boolean
  /** What holds back all giving now, as a sentence without its full stop; null when nothing does. */
  readonly heldBack: string | null
  /** The same is being taken back still; it is given once that is seen gone. */
  readonly takenBack: boolean
}

/** How the review of an emergency access stands. */
export interface EmergencyReview {
  readonly taskId: string
  readonly dueAt: Date
  /** Who may do it, by name. Empty: nobody can at present. */
  readonly reviewers: readonly string[]
  readonly mayReview: boolean
  readonly done: {
    readonly verdict: ReviewVerdict
    readonly note: string
    readonly by: string
    readonly at: Date
  } | null
}
