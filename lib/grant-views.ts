import type { EndReason, GrantState } from '@/lib/domain/grant'
import type { DurationMode } from '@/lib/domain/policy'
import type { RequestKind, RequestState, Verdict } from '@/lib/domain/request'
import type { WorkKind } from '@/lib/domain/work'
import type { DrillProof } from '@/lib/drill-views'
import type { LostMail } from '@/lib/mail-views'
import type { TimelineEntryView } from '@/lib/timeline-words'
import type { EmergencyReview } from '@/lib/views'

/** What the screens about grants are given: plain data, no rows of the database. */

/** One grant as the table shows it. Plain data; moments are the domain's. */
export interface GrantListRow {
  readonly id: string
  readonly version: number
  readonly person: { id: string; name: string; team: string | null }
  readonly application: { id: string; name: string }
  readonly entitlement: { id: string; name: string }
  readonly policy: string
  /** Whether people give and take it, for want of a connection. */
  readonly byHand: boolean
  readonly state: GrantState
  readonly mode: DurationMode
  /** Emergency access: taken at once, reviewed afterwards. */
  readonly emergency: boolean
  readonly durationSeconds: number | null
  readonly noticeSeconds: number | null
  readonly createdAt: Date
  readonly startAt: Date
  readonly grantedAt: Date | null
  readonly endsAt: Date | null
  readonly endReason: EndReason | null
  readonly rightOverAt: Date | null
  readonly seenAbsentAt: Date | null
  readonly lateMs: number | null
  readonly verified: boolean | null
  readonly preexisting: boolean
  readonly extensions: number
  readonly overdueSince: Date | null
  readonly overdueAfterSeconds: number
  readonly noticeSentAt: Date | null
  readonly noticeError: string | null
  readonly lastAnswer: string | null
  /** The reason of the request it came of. */
  readonly reason: string | null
  /** More time that is asked for; `missing` yeses on the open step, null where that depends on who may vote. */
  readonly pending: { seconds: number | null; missing: number | null } | null
  /** While it is being taken back: tries so far, and when the next one is. */
  readonly taking: { tries: number; nextAt: Date } | null
  /** Who ended it, or why it failed. */
  readonly ended: { by: string | null; why: string | null } | null
}

export interface GrantsPage {
  readonly rows: readonly GrantListRow[]
  /** Cursors of the neighbouring pages; null where there is none. */
  readonly next: string | null
  readonly previous: string | null
  /** How many match, at most one more than {@link MOST_COUNTED}. */
  readonly matches: number
  /** Said when the address's position could not be used. */
  readonly note: string | null
}

/** What is overdue is counted to the end, the others at most to one more than {@link MOST_COUNTED}. */
export interface TabCounts {
  readonly all: number
  readonly active: number
  readonly inactive: number
  readonly overdue: number
}

/** The present state of rows that are on a screen, how many new ones match, and the counts. */
export interface LiveGrants {
  readonly rows: readonly GrantListRow[]
  readonly fresh: number
  readonly counts: TabCounts
}

/** Counting goes no further: past it a number helps nobody, and the page would wait for it. */
export const MOST_COUNTED = 10_000

/** An entry with what its sentence needs to know of the request it belongs to. */
export interface GrantEntry extends TimelineEntryView {
  readonly extension: boolean
  readonly steps: number
}

export interface GrantDecision {
  readonly id: string
  readonly kind: RequestKind
  readonly requestState: RequestState
  readonly seconds: number | null
  readonly step: number
  readonly steps: number
  /** Who is asked on the step, in words. */
  readonly asked: string
  readonly person: string | null
  /** Whose place it was given in, by a substitute. */
  readonly forName: string | null
  readonly verdict: Verdict | null
  readonly note: string | null
  readonly at: Date
}

/** A preset of the policy as a length of the next extension; `why` it does not fit, if so. */
export interface ExtensionChoice {
  readonly seconds: number
  readonly noticeSeconds: number
  readonly end: Date
  readonly why: string | null
}

/** One call to the target. `startedAt` is the real time of the call, whatever the demo's clock says. */
export interface ConnectorCall {
  readonly id: number
  readonly operation: string
  readonly startedAt: Date
  readonly tookMs: number
  readonly outcome: string
  readonly message: string | null
}

/** Everything the details of one grant show. */
export interface GrantDetails {
  readonly row: GrantListRow
  readonly personEmail: string
  readonly startBy: Date
  readonly firstGiveAt: Date | null
  readonly account: { name: string; externalId: string } | null
  readonly policy: { id: string; name: string; number: number }
  readonly convertStanding: boolean
  /** Standing access became this lease. */
  readonly converts: boolean
  /** The last removal drill on its connection. */
  readonly proof: DrillProof | null
  readonly reasonRequired: boolean
  readonly extension: {
    readonly maxCount: number
    readonly maxTotalSeconds: number
    readonly allowedByPolicy: boolean
    /** Why no more time can be asked for now; null when it can. */
    readonly why: string | null
    readonly choices: readonly ExtensionChoice[]
  } | null
  /** The end that is asked for and not granted, and the end before the last extension. */
  readonly askedEnd: Date | null
  readonly formerEnd: Date | null
  readonly decisions: readonly GrantDecision[]
  readonly entries: readonly GrantEntry[]
  /** Mails about it, or about what was asked for it, that did not arrive. */
  readonly lostMails: readonly LostMail[]
  readonly upcoming: readonly { kind: WorkKind | 'decide'; at: Date }[]
  readonly calls: readonly ConnectorCall[]
  readonly findings: readonly { id: string; kind: string; detail: string; foundAt: Date }[]
  /** It was found missing, and the reader may have it given again. */
  readonly mayGiveAgain: boolean
  /** The moment of the second look after the end, once it was done. */
  readonly settledAt: Date | null
  /** The open task by which people give or take it, for whoever may see it. */
  readonly openTaskId: string | null
  /** How the review of an emergency access stands; null for any other, and as long as it is not over. */
  readonly review: EmergencyReview | null
  readonly may: { readonly revoke: boolean; readonly extend: boolean }
}

export const optionKinds = ['application', 'user', 'entitlement'] as const
export type OptionKind = (typeof optionKinds)[number]

/** Something to filter for. `active` counts its active grants in the actor's scope. */
export interface FilterOption {
  readonly id: string
  readonly name: string
  /** An e-mail address, or the entitlement's application. */
  readonly sub: string | null
  readonly active: number
}

export interface SavedView {
  readonly id: string
  readonly name: string
  readonly query: string
}

/** What a table that stays on the screen is told, and when that was, by the domain's clock. */
export interface LiveAnswer extends LiveGrants {
  readonly now: Date
}

/** What became of one grant of several: the sentence of its refusal, or null when it was done. */
export interface ActOutcome {
  readonly grantId: string
  readonly refused: string | null
}

/** The same for what is not listed any more once it was done, so that it brings its own names. */
export interface NamedOutcome extends ActOutcome {
  readonly holder: string
  readonly entitlement: string
}
