import 'server-only'
import type { SQL } from 'drizzle-orm'
import type { schema } from '@/db/client'
import type { GrantStep } from '@/lib/domain/grant'
import type { SubjectType, TimelineVerb } from '@/lib/domain/timeline'
import type { WorkKind, WorkOrder, WorkSubject } from '@/lib/domain/work'

type Row<T extends { $inferSelect: unknown }> = T['$inferSelect']
type New<T extends { $inferInsert: unknown }> = T['$inferInsert']
/** New values of a row; a moment may be left to the database. */
export type Patch<T extends { $inferInsert: unknown }> = { [K in keyof New<T>]?: New<T>[K] | SQL }

export type GrantRow = Row<typeof schema.grant>
export type RequestRow = Row<typeof schema.request>
export type TaskRow = Row<typeof schema.task>
export type WorkRow = Row<typeof schema.work>
export type ReviewRow = Row<typeof schema.accessReview>
export type ReviewLineRow = Row<typeof schema.accessReviewLine>
export type MailRow = Row<typeof schema.mail>
export type ConnectionRow = Row<typeof schema.connection>

/** One thing that happened: verb and data of a timeline entry; subject and version come from the row it is about. */
export interface Entry {
  readonly verb: TimelineVerb
  readonly data?: Readonly<Record<string, unknown>>
}

/** Something for the due queue. `connectionId` is whose limits and pauses it is under. */
export interface WorkChange {
  readonly subjectType: WorkSubject
  readonly subjectId: string
  readonly order: WorkOrder
  readonly connectionId?: string | null
  readonly memo?: Record<string, unknown>
}

/** A mail that is owed: one per occasion and person. It is written and sent by the engine. */
export interface MailChange {
  readonly occasion: string
  readonly kind: string
  readonly personId: string
  readonly requestId?: string
  readonly grantId?: string
  readonly taskId?: string
  readonly data?: Record<string, unknown>
}

/** Everything one verb changes; saved in one transaction together with its timeline entries. */
export interface Changes<R> {
  readonly result: R
  readonly newGrants?: readonly { row: New<typeof schema.grant>; entry: Entry }[]
  readonly grants?: readonly { row: GrantRow; set: Patch<typeof schema.grant>; entry: Entry }[]
  /** Calls to a target that begin: whose they are, and until when they count as under way; unshifted time. */
  readonly calls?: readonly { readonly id: string; readonly callUntil: Date; readonly callBy: string }[]
  /** `agreed`: it is approved in the same moment, by a rule; the row is as it stands afterwards. */
  readonly newRequests?: readonly { row: New<typeof schema.request>; entry: Entry; agreed?: Entry }[]
  readonly questions?: readonly New<typeof schema.question>[]
  readonly answers?: readonly { id: string; set: Patch<typeof schema.question> }[]
  readonly requests?: readonly { row: RequestRow; set: Patch<typeof schema.request>; entry: Entry }[]
  readonly decisions?: readonly New<typeof schema.decision>[]
  readonly newTasks?: readonly New<typeof schema.task>[]
  readonly tasks?: readonly { row: TaskRow; set: Patch<typeof schema.task>; entry: Entry }[]
  readonly findings?: readonly New<typeof schema.finding>[]
  readonly settled?: readonly { id: string; set: Patch<typeof schema.finding> }[]
  readonly accounts?: readonly New<typeof schema.account>[]
  /** Held for good and rightly, unless that is known already. */
  readonly standing?: readonly New<typeof schema.standing>[]
  /** Held for good no longer: it became a lease. */
  readonly standingOver?: readonly { entitlementId: string; externalId: string }[]
  /** Lines of an access review. */
  readonly reviewLines?: readonly { row: ReviewLineRow; set: Patch<typeof schema.accessReviewLine> }[]
  /** Entries of what keeps no version of its own; theirs was read while nobody else could write one. */
  readonly entries?: readonly { subject: EntrySubject; entry: Entry }[]
  readonly attestations?: readonly New<typeof schema.attestation>[]
  /** Work whose waiting between tries is over: its claim, its tries and its due time stay. */
  readonly hastened?: readonly {
    readonly kind: WorkKind
    readonly subjectId: string
    readonly connectionId: string | null
  }[]
  readonly work?: readonly WorkChange[]
  readonly mails?: readonly MailChange[]
  /** The work item in hand: what this verb orders for its own kind leaves the claim on it alone. */
  readonly inHand?: InHand
}

/** A grant's machine step as changes: the row's new values, its entry, and its work under the connection's limits. */
export function grantChanges(
  row: GrantRow,
  step: GrantStep,
  connectionId: string | null,
  set: Patch<typeof schema.grant> = {},
): Required<Pick<Changes<unknown>, 'grants' | 'work'>> {
  return {
    grants: [{ row, set: { ...step.next, ...set }, entry: { verb: step.verb, data: step.data } }],
    work: step.work.map((order) => ({
      subjectType: 'grant',
      subjectId: row.id,
      order,
      connectionId: targetWork.has(order.kind) ? connectionId : null,
    })),
  }
}

/** Work that calls the target, and so is under its limits. */
const targetWork: ReadonlySet<WorkKind> = new Set(['give', 'take', 'look'])

export type EntrySubject = { subjectType: SubjectType; subjectId: string; version: number }

/** The work item in hand. */
export interface InHand {
  readonly id: number
  readonly kind: WorkKind
  readonly subjectId: string
}
