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
  readonly updatedAt: Date
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
  readonly pending: number
  readonly entitlements: readonly EntitlementChoice[]
  readonly directory: PolicyDirectory
  readonly teams: Readonly<Record<string, string>>
  readonly names: PolicyNames
}
