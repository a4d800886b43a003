import type { PolicyDefinition } from './domain/policy'
import type { PolicyDirectory } from './policy-coverage'
import type { PolicyNames } from './policy-words'

/** What the screens about access policies are given: plain data. */

/** One policy of the list. */
export interface PolicyListRow {
  readonly id: string
  readonly name: string
  readonly description: string | null
  /** The version in force; null before the first. */
  readonly number: number | null
  readonly hasDraft: boolean
  readonly archived: boolean
  /** What the version in force says, or the draft of a policy that was never published. */
  readonly definition: PolicyDefinition | null
  readonly applications: readonly string[]
  readonly liveGrants: number
  readonly pending: number
  /** For how many of those who may ask nobody could agree now; null where somebody could for everybody. */
  readonly gap: { readonly blocked: number; readonly eligible: number } | null
  readonly updatedAt: Date
}

/** A pending request that a policy's next version would not judge. */
export interface AffectedRequest {
  readonly id: string
  readonly person: string
  readonly entitlement: string
  readonly application: string
  readonly askedAt: Date
  /** The open step, counted from 1, and how many there are. */
  readonly step: number
  readonly steps: number
  /** The version it goes by. */
  readonly version: number
}

/** The list of policies, with what its ids are called. */
export interface PolicyList {
  readonly rows: readonly PolicyListRow[]
  readonly names: PolicyNames
  readonly canCreate: boolean
}

/** A published version as its policy's page lists it. */
export interface PolicyVersionRow {
  readonly number: number
  readonly name: string
  readonly definition: PolicyDefinition
  readonly publishedBy: string | null
  readonly publishedAt: Date
  readonly live: number
  readonly pending: number
}

/** One policy with its versions and who is under which. */
export interface PolicyPage {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly version: number
  readonly archivedAt: Date | null
  readonly draft: PolicyDefinition | null
  /** Newest first; the first one is in force unless the policy is archived. */
  readonly versions: readonly PolicyVersionRow[]
  readonly names: PolicyNames
  readonly canEdit: boolean
  /** What waits under it; empty for whoever may not edit. */
  readonly affected: readonly AffectedRequest[]
}

/** Something a policy can offer, or why it cannot. */
export interface EntitlementChoice {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly risk: 'low' | 'medium' | 'high'
  readonly applicationId: string
  readonly application: string
  /** Why it cannot be chosen; null when it can. */
  readonly why: string | null
}

/** Everything the editor of one policy works with. */
export interface PolicyEditorData {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly version: number
  readonly updatedAt: Date
  readonly hasDraft: boolean
  /** What the editor starts from: the draft, else what is in force. */
  readonly definition: PolicyDefinition
  readonly current: {
    readonly number: number
    readonly name: string
    readonly definition: PolicyDefinition
  } | null
  readonly live: number
  /** What waits under its versions, oldest first. */
  readonly affected: readonly AffectedRequest[]
  readonly entitlements: readonly EntitlementChoice[]
  readonly directory: PolicyDirectory
  readonly teams: Readonly<Record<string, string>>
  readonly names: PolicyNames
}
