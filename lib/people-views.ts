import type { LeaseView, PersonView } from './views'

/** Until when somebody is away, and who decides in their place. */
export interface AwayView {
  readonly until: Date
  readonly substitute: string
}

/** For whom somebody decides while they are away; running, or planned. */
export interface StandsInView {
  readonly id: string
  readonly name: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** A delegation that runs or is planned, as whoever is away sees it. */
export interface DelegationView {
  readonly id: string
  readonly substitute: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly running: boolean
  /** Why the substitute cannot act: they are deactivated themself. */
  readonly idle: boolean
}

/** Somebody who may be named as a substitute. */
export interface SubstituteChoice {
  readonly id: string
  readonly name: string
  readonly team: string | null
}

/** What a person's page says about being away. */
export interface AwayPage {
  readonly own: readonly DelegationView[]
  readonly standsIn: readonly StandsInView[]
  /** Who may be named; empty for whoever may not name anybody. */
  readonly choices: readonly SubstituteChoice[]
}

/** One person of the list. */
export interface PersonListRow extends PersonView {
  readonly email: string
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  readonly active: boolean
  readonly away: AwayView | null
  /** Live grants, as far as whoever looks may see them. */
  readonly liveGrants: number
}

export interface PeopleList {
  readonly rows: readonly PersonListRow[]
  /** How many match; `rows` is one page of them. */
  readonly total: number
  readonly page: number
  readonly pages: number
}

/** One person: who they are here, and what they hold. */
export interface PersonPage {
  readonly id: string
  /** Whether the reader may take everything back from them. */
  readonly canTakeBack: boolean
  readonly name: string
  readonly email: string
  readonly title: string | null
  readonly team: string | null
  readonly zone: string | null
  readonly active: boolean
  readonly deactivatedAt: Date | null
  readonly roles: readonly string[]
  readonly manager: { readonly id: string; readonly name: string } | null
  readonly reports: number
  readonly groups: readonly string[]
  readonly owns: readonly { readonly id: string; readonly name: string }[]
  readonly holds: readonly LeaseView[]
  readonly held: readonly LeaseView[]
  /** Only part of it is shown: whoever looks owns some applications, not all. */
  readonly partly: boolean
}
