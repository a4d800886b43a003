/** What the screens about applications are given: plain data, no secrets. */

/** What holds giving back: who froze it, since when and why. */
export interface Freeze {
  readonly scope: 'organisation' | 'application'
  readonly at: Date
  readonly by: string | null
  readonly reason: string
}

/** One setting of a connector, as its form shows it. */
export interface SettingField {
  readonly name: string
  readonly label: string
  readonly help?: string
  readonly placeholder?: string
  readonly secret: boolean
  readonly required: boolean
  /** Says which system this is; fixed while grants live. */
  readonly target: boolean
  /** Plays a part only while another field has one of these values; `required` while it is shown. */
  readonly when?: {
    readonly field: string
    readonly is: readonly string[]
    readonly required?: boolean
  }
  /** The heading it stands under, in a long form. */
  readonly group?: string
  readonly kind: 'text' | 'multiline' | 'number' | 'switch' | 'choice'
  readonly options?: readonly string[]
  /** What stands now, or what an untouched field stands for. Never a secret's. */
  readonly value?: string | number | boolean
  /** Of a secret: it has a value, which stays where nothing is typed. */
  readonly set?: boolean
}

/** One kind of system that can be connected. */
export interface ConnectorChoice {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly category: 'directory' | 'code' | 'data' | 'other'
  readonly searchWords: readonly string[]
  readonly fields: readonly SettingField[]
}

/** How a connection stands, in one word. */
export type ConnectionHealth = 'by-hand' | 'untested' | 'healthy' | 'attention' | 'paused'

/** What the looks at a connection in one span of time said: all well, some, none, or nobody looked. */
export type HealthState = 'up' | 'partly' | 'down' | 'none'

export interface HealthBar {
  readonly from: Date
  readonly state: HealthState
}

export interface ApplicationListRow {
  readonly id: string
  readonly name: string
  readonly description: string | null
  /** "PostgreSQL roles", or null where people fulfil it. */
  readonly connector: string | null
  readonly health: ConnectionHealth
  /** The last 24 hours in 12 spans; empty without a connection. */
  readonly dots: readonly HealthState[]
  /** When our credential there ends, where that is known and less than 30 days away. */
  readonly credentialEndsAt: Date | null
  readonly archived: boolean
  readonly owners: readonly string[]
  readonly entitlements: number
  readonly liveGrants: number
  /** Where the target and our record disagree, open. */
  readonly findings: number
}

export interface ApplicationList {
  readonly rows: readonly ApplicationListRow[]
  readonly canCreate: boolean
}

export interface ConnectionCheck {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** The connection of an application, as it may be shown. */
export interface ConnectionView {
  readonly id: string
  readonly version: number
  readonly connector: string
  /** `host:port/database`, a web address. */
  readonly target: string
  readonly paused: boolean
  readonly pausedReason: string | null
  /** It does not answer: since when, and when the next trial goes out at the earliest. */
  readonly resting: { readonly since: Date; readonly until: Date } | null
  /** What can outlive a take, in one sentence. */
  readonly residue: string
  readonly atATime: number
  readonly test: {
    readonly at: Date
    readonly ok: boolean
    readonly tookMs: number | null
    /** Whom the target takes us for. */
    readonly identity: string | null
    readonly checks: readonly ConnectionCheck[]
  } | null
  /** How it stands, in one word. */
  readonly state: ConnectionHealth
  /** How it answered over time. */
  readonly health: {
    readonly day: readonly HealthBar[]
    readonly week: readonly HealthBar[]
    /** Of the last 7 days. */
    readonly looks: number
    readonly failed: number
    readonly lastFailure: { readonly at: Date; readonly detail: string | null } | null
    readonly medianMs: number | null
  }
  /** When our credential ends, where the target tells. */
  readonly credentialEndsAt: Date | null
  readonly syncedAt: Date | null
  /** Why the last reading of the catalogue changed nothing. */
  readonly syncError: string | null
  /** It was because the listing shrank by more than half: an admin may accept it. */
  readonly syncShrunk: boolean
  /** What may be shown, as far as it plays a part. */
  readonly settings: readonly SettingField[]
  /** The form that changes settings: with them, the secrets that one of its choices may ask for. */
  readonly fields: readonly SettingField[]
  /** The secrets that play a part. */
  readonly secrets: readonly SettingField[]
  readonly secretSet: { readonly at: Date; readonly by: string | null } | null
}

export interface EntitlementRow {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly description: string | null
  readonly howToUse: string | null
  readonly risk: 'low' | 'medium' | 'high'
  readonly status: 'requestable' | 'not-offered' | 'not-requestable' | 'closed'
  /** Why it cannot be asked for. */
  readonly why: string | null
  readonly policy: { readonly id: string; readonly name: string } | null
  /** The rules of separation of duties that name it. */
  readonly apart: readonly { readonly id: string; readonly name: string }[]
  readonly liveGrants: number
}

export interface ApplicationPage {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly version: number
  readonly archivedAt: Date | null
  readonly owners: readonly { readonly id: string; readonly name: string; readonly active: boolean }[]
  readonly connection: ConnectionView | null
  readonly byHand: {
    readonly group: { readonly id: string; readonly name: string; readonly size: number } | null
    readonly checklist: string | null
    readonly taskSeconds: number
  } | null
  readonly entitlements: readonly EntitlementRow[]
  readonly liveGrants: number
  /** Why it cannot be deleted; null where it can, or where the reader may not anyway. */
  readonly kept: string | null
  /** Open questions whose account it is. */
  readonly questions: number
  /** Who holds what there can be read, and the actor may turn it into leases. */
  readonly mayConvert: boolean
  /** Where the target and our record disagree, open. */
  readonly findings: number
  /** What holds giving back at present. */
  readonly freeze: Freeze | null
  /** Whether it is this application that is frozen. */
  readonly frozen: boolean
  readonly can: {
    /** The brakes: freezing, taking everything back. */
    readonly brake: boolean
    /** Words, entitlements, fulfilment. */
    readonly edit: boolean
    /** Settings, secrets, pausing. */
    readonly connect: boolean
    /** Testing and syncing. */
    readonly test: boolean
    /** Owners, archiving. */
    readonly administer: boolean
    /** Deleting, archived or not. */
    readonly remove: boolean
    /** Opening policies. */
    readonly seePolicies: boolean
  }
}

/** Whom forms about applications offer. */
export interface ApplicationChoices {
  readonly people: readonly { readonly id: string; readonly name: string; readonly team: string | null }[]
  readonly groups: readonly { readonly id: string; readonly name: string; readonly size: number }[]
}

/** What every verb on an application answers: the version to send with the next one. */
export interface ApplicationSaved {
  readonly applicationId: string
  readonly version: number
}

/** What every verb on a connection answers: the version to send with the next one. */
export interface ConnectionSaved {
  readonly applicationId: string
  readonly connectionId: string
  readonly version: number
}

export interface TestAnswer {
  readonly ok: boolean
  readonly checks: readonly ConnectionCheck[]
}

/** What reading who holds what came to. */
export interface ReadingSummary {
  /** Entitlements that were read to the end. */
  readonly read: number
  readonly found: number
  /** Findings that are over. */
  readonly over: number
  /** Removals that just-in-time entitlements asked for. */
  readonly removing: number
  /** What could not be read, and the first reason. */
  readonly problems: number
  readonly problem: string | null
}

/** How a sync moved the catalogue; counts of entitlements. */
export interface SyncSummary {
  readonly found: number
  readonly added: number
  readonly renamed: number
  readonly closed: number
  readonly reopened: number
  /** Turned requestable, or not requestable any more. */
  readonly changed: number
  /** Not listed for the first time: they close if the next listing lacks them too. */
  readonly missing: number
}
