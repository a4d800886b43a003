/** What the shared contract suite needs of a real target, whatever kind it is. */
import type {
  AnyConnector,
  ConnectorAccount,
  ConnectorConfig,
  ConnectorEntitlement,
  ConnectorPerson,
} from '../contract'

export interface Person {
  person: ConnectorPerson
  account: ConnectorAccount
}

/**
 * A fault for one change. `settings` reach the target through the fault; `landed` resolves when its
 * effect is there (a late one is made to land by calling it).
 */
export interface FaultyPath {
  settings: ConnectorConfig
  /** Resolves when the call has arrived at the target or on the way to it. */
  reached: () => Promise<void>
  landed: () => Promise<void>
}

/** How a target says when to come back: in seconds, as an epoch in seconds, as an HTTP date, or unreadably. */
export const pauseSpellings = ['seconds', 'epoch', 'date', 'rubbish'] as const
export type PauseSpelling = (typeof pauseSpellings)[number]

export interface World {
  /** What this was run against: "a real server: …", or "a fake checked against the vendor’s published contract". */
  against: string
  connector: AnyConnector
  /** Settings of a working connection. */
  settings: ConnectorConfig
  /** Whom the target takes us for. */
  identity: string
  /** The same with a credential the target refuses; its secret is a canary too. */
  wrongCredential: ConnectorConfig
  /** The same with an address nobody listens at. */
  unreachable: ConnectorConfig
  /** Values that must never leave a call. */
  canaries: string[]
  /** How many entitlements and holders do not fit on one page. */
  morePerPage: number
  /** The target tells nobody's address: people say which account is theirs, and nobody is found by it. */
  knowsNoAddresses?: boolean
  addEntitlement: (name?: string) => Promise<ConnectorEntitlement>
  /** Something of the catalogue that must not be leased, where there is such a thing. */
  addUnmanaged: () => Promise<ConnectorEntitlement>
  addPerson: (options?: { awkward?: boolean }) => Promise<Person>
  /** A person whom two accounts fit. */
  addTwins: () => Promise<ConnectorPerson>
  /**
   * Lets the account hold the entitlement through something else; gives that thing's name. Absent where an entitlement
   * is held in one way only.
   */
  holdIndirectly?: (entitlement: ConnectorEntitlement, account: ConnectorAccount) => Promise<string>
  /** Gives as another administrator would. */
  holdDirectly: (entitlement: ConnectorEntitlement, accounts: ConnectorAccount[]) => Promise<void>
  removeAccount: (account: ConnectorAccount) => Promise<void>
  removeEntitlement: (entitlement: ConnectorEntitlement) => Promise<void>
  renameEntitlement: (entitlement: ConnectorEntitlement, name: string) => Promise<void>
  /** The direct holders as the target itself knows them: account ids, sorted. */
  holders: (entitlement: ConnectorEntitlement) => Promise<string[]>
  /** `lose`: done, unanswered. `cut`: done, then reset. `late`: done only when told. `hang`: nothing at all. */
  faulty: (kind: 'lose' | 'cut' | 'late' | 'hang') => Promise<FaultyPath>
  /**
   * Makes the next call be told to slow down for a minute, in that spelling, the way this target says it. Absent where
   * the protocol cannot say so.
   */
  throttle?: (spelling: PauseSpelling) => Promise<void>
  /** Where requests or replies were not what the vendor's contract says; for fakes. */
  problems?: () => string[]
  /** Why the vendor's own contract could not be held against it this time; the behaviour was tested all the same. */
  unchecked?: string
  close: () => Promise<void>
}

/** A pause of a minute in that spelling, seen from now. */
export function pauseOf(spelling: PauseSpelling, now = new Date()): string {
  const end = now.getTime() + 60_000
  switch (spelling) {
    case 'seconds':
      return '60'
    case 'epoch':
      return String(Math.ceil(end / 1000))
    case 'date':
      return new Date(end).toUTCString()
    case 'rubbish':
      return 'soon'
  }
}
