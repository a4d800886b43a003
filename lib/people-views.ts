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
  readonly manager: { readonly id: string; readonly name: string; readonly active: boolean } | null
  readonly reports: number
  readonly groups: readonly GroupRef[]
  readonly owns: readonly { readonly id: string; readonly name: string }[]
  readonly holds: readonly LeaseView[]
  readonly held: readonly LeaseView[]
  /** Only part of it is shown: whoever looks owns some applications, not all. */
  readonly partly: boolean
  /** Whether whoever looks may open groups. */
  readonly opensGroups: boolean
  /** Whether whoever looks may deactivate this person, and if they may in general, why not this one. */
  readonly deactivate: { readonly refusal: string | null } | null
}

/** A group as it is named elsewhere. */
export interface GroupRef {
  readonly id: string
  readonly name: string
  /** Not deactivated. */
  readonly active: boolean
}

/** Something a group plays a part in. */
export interface GroupPlace {
  readonly id: string
  readonly name: string
}

/** Where a group is used, in what is in force now. */
export interface GroupUses {
  /** Policies in which it decides. */
  readonly decides: readonly GroupPlace[]
  /** Policies under which its members may ask. */
  readonly asks: readonly GroupPlace[]
  /** Policies that agree to its members by a rule. */
  readonly automatic: readonly GroupPlace[]
  /** Applications whose access it gives and takes by hand. */
  readonly fulfils: readonly GroupPlace[]
}

/** One group of the list. */
export interface GroupListRow extends GroupRef {
  readonly description: string | null
  /** Active members. */
  readonly size: number
  readonly uses: GroupUses
}

export interface GroupList {
  readonly rows: readonly GroupListRow[]
  readonly canCreate: boolean
}

/** One group: who is in it, and where it is used. */
export interface GroupPage extends GroupRef {
  readonly description: string | null
  readonly version: number
  readonly deactivatedAt: Date | null
  readonly members: readonly {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly team: string | null
    readonly active: boolean
  }[]
  readonly uses: GroupUses
  /** Whether whoever looks may open every policy and application. */
  readonly opensPlaces: boolean
  /** Active people who are not in it, for those who may change it; null for others. */
  readonly candidates:
    | readonly { readonly id: string; readonly name: string; readonly team: string | null }[]
    | null
}

/** What it would mean if a person, a group, or somebody in a group were gone. */
export interface AbsenceEffect {
  /** Accesses that would be taken, and of them those that stay because they were held before. */
  readonly ending: number
  readonly staying: number
  /** Pending requests that they are asked to decide on now. */
  readonly waiting: number
  /** Pending requests for which too few would be left who could agree. */
  readonly stuck: readonly {
    readonly id: string
    readonly person: string
    readonly entitlement: string
    readonly application: string
    /** Not even the owners and admins could agree: it lapses at once. */
    readonly lapses: boolean
  }[]
  /** Policies under which nobody could then agree to some people to whom somebody could before. */
  readonly policies: readonly (GroupPlace & {
    readonly blocked: number
    /** How many may ask. */
    readonly eligible: number
  })[]
  /** Applications that would have no owner left. */
  readonly unowned: readonly GroupPlace[]
  /** Policies under which they could not ask any more by it. */
  readonly asks: readonly GroupPlace[]
  /** Applications whose tasks would be left to owners and admins. */
  readonly fulfils: readonly GroupPlace[]
}
