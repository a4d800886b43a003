import type { PlannedLine } from './directory-plan'
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
  /** Whether whoever looks may add people. */
  readonly canAdd: boolean
}

/** One person: who they are here, and what they hold. */
export interface PersonPage {
  readonly id: string
  /** Whether the reader may take everything back from them. */
  readonly canTakeBack: boolean
  /** Whether the reader may erase what the record says of them: once they are deactivated. */
  readonly canErase: boolean
  readonly name: string
  readonly email: string
  readonly title: string | null
  readonly team: string | null
  readonly zone: string | null
  readonly locale: string | null
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
  /** Whether whoever looks may take this deactivated person in again. */
  readonly canReactivate: boolean
  readonly canEdit: boolean
  /** What an admin may change of their roles; null for everybody else, and for a deactivated person. */
  readonly roleChanges: {
    readonly admin: boolean
    readonly auditor: boolean
    readonly keepsAdmin: string | null
  } | null
}

/** What the form about a person is filled with. */
export interface PersonFormPage {
  /** Null for somebody new. */
  readonly person: {
    readonly id: string
    readonly version: number
    readonly name: string
    readonly email: string
    readonly title: string | null
    readonly team: string | null
    readonly managerId: string | null
    readonly timeZone: string | null
    readonly locale: string | null
  } | null
  /** Active people, without the one it is about. */
  readonly managers: readonly { readonly id: string; readonly name: string; readonly team: string | null }[]
  /** The organisation's zone. */
  readonly usualZone: string
  /** IANA names one can choose. */
  readonly zones: readonly string[]
}

/** A file that was uploaded, and what it would do as the directory stands. */
export interface ImportPage {
  readonly id: string
  readonly kind: 'people' | 'groups'
  readonly fileName: string
  readonly createdAt: Date
  readonly startedAt: Date | null
  /** What came of it the last time; null before, and while it runs. */
  readonly outcome: {
    readonly made: number
    readonly changed: number
    readonly gone: number
    readonly failed: readonly { readonly line: number | null; readonly who: string; readonly why: string }[]
  } | null
  /** Names what is shown; sent along, so that nothing else is done. */
  readonly digest: string
  /** Columns that are not read. */
  readonly unknown: readonly string[]
  readonly errors: readonly PlannedLine[]
  readonly made: readonly PlannedLine[]
  readonly changed: readonly PlannedLine[]
  readonly counts: {
    readonly made: number
    readonly changed: number
    readonly unchanged: number
    readonly errors: number
  }
  /** Whom the file leaves out, and what would become of them where that is chosen. */
  readonly missing: readonly { readonly key: string; readonly who: string; readonly what: string }[]
}

/** A group as it is named elsewhere. */
export interface GroupRef {
  readonly id: string
  readonly name: string
  /** Not deactivated. */
  readonly active: boolean
  /** Somebody is in it by way of another group. */
  readonly through?: boolean
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
  /** The connected client that provisions it; null for none. */
  readonly provisioner: string | null
  /** Active people found through it, those of the groups in it included; when it is deactivated, those in it itself. */
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
  /** Who keeps its members; null where that is done here, by hand. */
  readonly managedBy: 'scim' | 'oidc' | null
  readonly members: readonly {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly team: string | null
    readonly active: boolean
  }[]
  /** The connected client that provisions it, so that nobody changes it by hand; null for none. */
  readonly provisioner: string | null
  /** Clients it could be handed over to, for those who may; empty for others. */
  readonly heirs: readonly GroupPlace[]
  /** Groups in it, with how many active people are found through each. */
  readonly groups: readonly (GroupRef & { readonly size: number })[]
  /** Groups that it is in. */
  readonly within: readonly GroupRef[]
  /** Active people found through it, those of the groups in it included. */
  readonly size: number
  readonly uses: GroupUses
  /** Whether whoever looks may open every policy and application. */
  readonly opensPlaces: boolean
  /** Active people who are not in it, for those who may change it; null for others. */
  readonly candidates:
    | readonly { readonly id: string; readonly name: string; readonly team: string | null }[]
    | null
  /** Groups in use that could be put into it, for those who may change it; null for others. */
  readonly groupCandidates: readonly GroupPlace[] | null
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
  /** Applications that would have no owner left, and so go to the admins. */
  readonly unowned: readonly GroupPlace[]
  /** Pending requests for them, which would lapse. */
  readonly own: number
  /** Delegations from them or to them, running or planned, which would end. */
  readonly delegations: number
  /** Policies under which they could not ask any more by it. */
  readonly asks: readonly GroupPlace[]
  /** Applications whose tasks would be left to owners and admins. */
  readonly fulfils: readonly GroupPlace[]
}
