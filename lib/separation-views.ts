import type { SeparationEffect } from './domain/separation'

/** What the screens about separation of duties are given: plain data. */

/** An entitlement of a rule. */
export interface ApartEntitlement {
  readonly id: string
  readonly name: string
  readonly application: string
}

/** One rule of the list. */
export interface SeparationRow {
  readonly id: string
  readonly name: string
  readonly reason: string
  readonly effect: SeparationEffect
  readonly entitlements: readonly ApartEntitlement[]
  /** Who decides on the extra step, in words; empty where it refuses. */
  readonly approvers: string
  readonly archivedAt: Date | null
  /** How many people hold two of them today; null for whoever may not see all who do. */
  readonly holders: number | null
}

export interface SeparationList {
  readonly rows: readonly SeparationRow[]
  readonly canEdit: boolean
}

/** Somebody who holds two or more of a rule's entitlements today. */
export interface HoldsTwo {
  readonly personId: string
  readonly name: string
  readonly team: string | null
  readonly holds: readonly {
    readonly grantId: string
    readonly name: string
    readonly application: string
    readonly endsAt: Date | null
    /** Not held yet, but agreed for later. */
    readonly later: boolean
  }[]
}

/** Something to choose, as a combobox lists it. */
export interface SeparationChoice {
  readonly value: string
  readonly label: string
  readonly sub?: string
  readonly kind?: 'person' | 'group' | 'entitlement'
}

/** What the form of a rule offers. */
export interface SeparationChoices {
  readonly entitlements: readonly SeparationChoice[]
  readonly approvers: readonly SeparationChoice[]
}

/** One rule with who holds two of them. */
export interface SeparationPage extends SeparationRow {
  readonly version: number
  readonly people: readonly HoldsTwo[] | null
  /** Who holds one of them and is to get another later. */
  readonly later: readonly HoldsTwo[] | null
  readonly canEdit: boolean
  /** What its form starts from; null for whoever may not edit, or where it is archived. */
  readonly form: {
    readonly choices: SeparationChoices
    readonly entitlements: readonly SeparationChoice[]
    readonly approvers: readonly SeparationChoice[]
  } | null
}

/** What separation of duties says before somebody asks. */
export interface SeparationNotice {
  readonly rule: string
  readonly reason: string
  readonly effect: SeparationEffect
  readonly how: 'held' | 'agreed' | 'asked'
  readonly other: ApartEntitlement
  /** Who would decide on the extra step at present, by name; empty where it refuses, or nobody could. */
  readonly deciders: readonly string[]
}
