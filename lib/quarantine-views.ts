import type { DifferenceKind, LostChain } from './domain/quarantine'

/** What the page about a restored database is given: plain data. Moments are the domain's. */

/** One difference between the record and a target. */
export interface DifferenceView {
  readonly id: string
  readonly kind: DifferenceKind
  /** Whose lease it is; else the account as the target names it. */
  readonly who: string
  readonly account: string | null
  readonly entitlement: string
  readonly application: string
  /** The lease, or the last one of that account. */
  readonly grant: { readonly id: string; readonly endsAt: Date | null; readonly ended: boolean } | null
  /** Why nobody but somebody else could take it. */
  readonly fixed: string | null
}

/** All of one kind, or the first of them. */
export interface DifferenceList {
  readonly kind: DifferenceKind
  readonly total: number
  readonly shown: readonly DifferenceView[]
}

/** How far the comparison of one connection is. */
export interface ComparedView {
  readonly connectionId: string
  readonly application: string
  readonly applicationId: string
  /** Null: it was not compared yet. */
  readonly at: Date | null
  /** Whether everybody who holds something was listed; else only leases were looked at. */
  readonly listed: boolean
  readonly problem: string | null
}

/** A quarantine that is over. */
export interface PastQuarantine {
  readonly id: string
  readonly beganAt: Date
  readonly endedAt: Date
  readonly by: string | null
  readonly reason: string
  readonly why: readonly string[]
}

/** A quarantine that is open. */
export interface OpenQuarantine {
  readonly id: string
  readonly beganAt: Date
  readonly why: readonly string[]
  readonly ended: { readonly sessions: number; readonly links: number }
  readonly chain: { readonly link: number; readonly lost: LostChain | null; readonly checked: boolean }
  readonly differences: readonly DifferenceList[]
  readonly compared: readonly ComparedView[]
  /** What is done once it is confirmed. */
  readonly waits: { readonly takes: number; readonly gives: number; readonly mails: number }
  /** Systems of provisioning clients whose tokens are good again then. */
  readonly clients: number
}

export interface QuarantinePage {
  readonly open: OpenQuarantine | null
  readonly past: readonly PastQuarantine[]
}
