import type { LeaseView, PersonView } from './views'

/** One person of the list. */
export interface PersonListRow extends PersonView {
  readonly email: string
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  readonly active: boolean
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
