import type { SubjectType, TimelineVerb } from './domain/timeline'
import type { TimelineWords } from './timeline-words'

/** What an entry is about, with the names it goes by now. */
export interface AuditObjectView {
  readonly type: SubjectType
  readonly id: string
  /** Null where it has none any more, or never had one. */
  readonly name: string | null
  /** Whose it is, and where. */
  readonly sub: string | null
  readonly href: string | null
}

/** One line of the audit log. */
export interface AuditRow {
  readonly id: string
  readonly at: Date
  readonly verb: TimelineVerb
  readonly actor: { readonly id: string; readonly name: string } | null
  /** The sentence that its own timeline shows. */
  readonly words: TimelineWords
  readonly object: AuditObjectView
}

export interface AuditPage {
  readonly rows: readonly AuditRow[]
  readonly next: string | null
  readonly previous: string | null
  /** What of the address could not be used. */
  readonly note: string | null
}

/** Something to filter the log for. */
export interface AuditOption {
  readonly id: string
  readonly name: string
  /** An e-mail address. */
  readonly sub: string | null
}

export const auditOptionKinds = ['person', 'application'] as const
export type AuditOptionKind = (typeof auditOptionKinds)[number]
