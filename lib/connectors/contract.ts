/**
 * What every system we give access in has to be able to do, and the words it answers with.
 * A connector makes exactly one attempt per call and never waits in order to try again: retries,
 * timeouts, concurrency and pauses belong to the engine (see `call.ts` for the one attempt).
 */
import type { Socket } from 'node:net'
import type { z } from 'zod'
import type { OthersMoved } from './other-members'

/** How a configuration field is shown and kept; set with zod's `.meta({ … })` on the field. */
declare module 'zod' {
  interface GlobalMeta {
    /** The value is sealed at rest, write-only in forms, and redacted from every message. */
    secret?: boolean
    label?: string
    help?: string
    placeholder?: string
    /** A text of several lines, such as a certificate. */
    multiline?: boolean
    /** Changing this field points the connection at another system, so live grants forbid it. */
    target?: boolean
    /**
     * The field plays a part only while another field has one of these values (a switch: `true`, `false`). Forms hide
     * it and send nothing of it otherwise. `required` marks it as needed while it is shown. A courtesy of the form:
     * what must be there, the schema still judges.
     */
    when?: { field: string; is: string[]; required?: boolean }
    /** A heading of a long form; fields of one group follow each other. */
    group?: string
  }
}

/** The closed list of troubles a connector may report. The engine decides by these alone. */
export const connectorErrorCodes = [
  /** It did not work this time; the same again later may. Proves nothing about the target's state. */
  'retryable',
  /** The target asks for patience; `retryAfterMs` says how long. */
  'rate_limited',
  /** Our credential is refused or may not do this. */
  'auth',
  /** The connection's settings cannot work as they are. */
  'misconfigured',
  /** The account is gone from the target. */
  'principal_missing',
  /** More than one account fits the person. */
  'principal_ambiguous',
  /** The entitlement is gone from the target. */
  'entitlement_missing',
  /** The entitlement exists but members are not ours to set (built in, rule fed, synced). */
  'entitlement_unmanaged',
  /** The target understood and refused for good. */
  'rejected',
  /** The change may or may not have happened: look before anything else. Never said about a look. */
  'unknown_outcome',
] as const

export type ConnectorErrorCode = (typeof connectorErrorCodes)[number]

/** The only error that leaves a connector call. `message` is one sentence, safe to show and to log. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError'
  readonly code: ConnectorErrorCode
  /** Milliseconds to leave the target alone, 1 s … 15 min; set with `rate_limited`, sometimes `retryable`. */
  readonly retryAfterMs?: number
  /** The target said that it is switched off for good (HTTP 410): gives stop, owners are told. */
  readonly disabled?: boolean
  /** While one member of a set was changed, others came or went; set with `unknown_outcome` (`other-members.ts`). */
  readonly othersMoved?: OthersMoved

  constructor(
    code: ConnectorErrorCode,
    message: string,
    options: { retryAfterMs?: number; disabled?: boolean; othersMoved?: OthersMoved; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
    if (options.disabled) this.disabled = true
    if (options.othersMoved) this.othersMoved = options.othersMoved
  }
}

/** A connection's settings with its secrets opened, as the connector's schema parsed them. */
export type ConnectorConfig = Record<string, unknown>

/** A line for the connector's own log; values are redacted before they are written. */
export type ConnectorLog = (message: string, fields?: Record<string, unknown>) => void

/** What a call may use of the outside world. Nothing else: no clock, no global fetch, no environment. */
export interface ConnectorContext<Config> {
  config: Config
  /** Aborted when the call's time is over or the engine gives up its lease. */
  signal: AbortSignal
  /**
   * The same over all retries of one operation, so that a target can recognise a repeat. Every look
   * and every poll is an operation of its own: with a change's id it could be answered from memory.
   */
  operationId: string
  /** Guarded fetch: addresses checked at the socket, no redirects, capped responses (`lib/egress.ts`). */
  fetch: typeof globalThis.fetch
  /** Guarded TCP connection, by the same rule, for protocols other than HTTP. */
  connect: (address: { host: string; port: number }) => Promise<Socket>
  log: ConnectorLog
  /** The time of the call, for protocols that sign it or answer with dates. */
  now: () => Date
}

/** The person an account is sought for. */
export interface ConnectorPerson {
  email: string
  name: string
}

/** A person's identity inside the target. `id` is immutable there; `name` is a label and may change. */
export interface ConnectorAccount {
  id: string
  name: string
  email?: string
}

/** Something the target can give. `id` is immutable there; `name` is a label and may change. */
export interface ConnectorEntitlement {
  id: string
  name: string
}

/** One line of the target's catalogue. */
export interface ListedEntitlement extends ConnectorEntitlement {
  description?: string
  /** False for what must not be leased; `reason` then says why, in one sentence. */
  requestable: boolean
  reason?: string
}

/** Whom a change is for and what it is about. */
export interface ChangeArgs {
  /** The id of the grant, for the target's own records. */
  grantId: string
  entitlement: ConnectorEntitlement
  account: ConnectorAccount
}

export interface GrantArgs extends ChangeArgs {
  /** When the access is to end, for targets that can keep an end of their own; null where it has none. */
  endsAt: Date | null
  /**
   * The latest moment it may ever last to, extensions and a grace included. Nothing is called when a lease is extended,
   * so an end that the target keeps by itself goes by this one. Absent or null: no such bound, so no end is set.
   */
  latestEnd?: Date | null
}

/** Whom and what a look is about. `grantId` is absent for looks outside any grant. */
export interface CheckArgs {
  grantId?: string
  entitlement: ConnectorEntitlement
  account: ConnectorAccount
}

/**
 * The answer to a change. `changed` is false when the target was already as asked.
 * `pending` means that the target took the order and works on it: ask `poll` with the token.
 */
export type ChangeResult =
  | { state: 'done'; changed: boolean; externalRef?: string }
  | { state: 'pending'; token: string; pollAfterMs: number }

/**
 * What an account holds of an entitlement. Only `direct` is ours to give and to take; `indirect` is
 * held through something else (`via`, a readable name) and is reported, never removed.
 */
export interface Holding {
  state: 'absent' | 'direct' | 'indirect' | 'pending' | 'unknown'
  via?: string
  /** One sentence for the timeline or a finding. */
  detail?: string
}

export type ResolveResult =
  | { kind: 'found'; account: ConnectorAccount }
  | { kind: 'missing' }
  | { kind: 'ambiguous'; candidates: ConnectorAccount[] }

/** One page. `next` is null on the last; otherwise it is the cursor of the following page. */
export interface Page<Item> {
  items: Item[]
  next: string | null
}

/** One current holder of an entitlement. */
export interface Holder {
  account: ConnectorAccount
  state: 'direct' | 'indirect' | 'pending'
  via?: string
  /** Why a take of ours would not remove it, in one sentence; absent where it would. */
  fixed?: string
}

/** A readable list of what was tried, in order; `ok` only when every check is. */
export interface ConnectionTest {
  ok: boolean
  /** Whom the target takes us for. */
  identity?: string
  /** When our credential ends, where the target tells. */
  credentialExpiresAt?: Date
  checks: { name: string; ok: boolean; detail: string }[]
}

export interface Capabilities {
  /** Entitlements can be listed. */
  catalogSync: boolean
  /** The holders of an entitlement can be listed. */
  listHolders: boolean
  /** `strong`: a look right after a change tells the truth; `eventual`: within `effectDelay`; `none`: no looks. */
  check: 'strong' | 'eventual' | 'none'
  /** Changes may be answered with `pending`. */
  asyncGrant: boolean
  /** The target can end an access by itself. */
  nativeExpiry: boolean
  /** Running sessions can be ended. */
  sessionKill: boolean
  /** The target only knows "replace the whole list", so others must be guarded. */
  replacesWholeSet: boolean
  /** Longest normal time in milliseconds between a change's answer and its effect being visible. */
  effectDelay: number
}

export interface Limits {
  /** Calls at the same time per connection. */
  concurrency: number
  /** Whether changes to one entitlement must not overlap. */
  perEntitlementSerial: boolean
  /** Token bucket; null where the target has no known limit. */
  requestsPerMinute: number | null
  /** Milliseconds one call may take before it counts as lost. */
  callTimeoutMs: number
}

export const connectorCategories = ['directory', 'code', 'data', 'other'] as const
export type ConnectorCategory = (typeof connectorCategories)[number]

/** One kind of system. Every call may throw {@link ConnectorError} and nothing else. */
export interface Connector<Config> {
  /** Stored with each connection; never renamed. */
  readonly id: string
  /** As people call it. */
  readonly name: string
  /** One sentence for the list of systems one can connect. */
  readonly description: string
  /** Where the list of systems shows it; `other` where nothing is said. */
  readonly category?: ConnectorCategory
  /** More words people may look for it by, such as a product's former name. */
  readonly searchWords?: readonly string[]
  /** One source for the admin form, the validation and the list of secret fields. */
  readonly configSchema: z.ZodObject<z.ZodRawShape, z.core.$strip> & z.ZodType<Config>
  readonly limits: Limits
  capabilities(config: Config): Capabilities
  /** What may outlive a take, in one sentence shown beside the access. */
  residue(config: Config): string
  /** Where this connection points, without secrets: `host:port/database`, a web address. */
  target(config: Config): string
  /** Proves identity and write scope without changing anything. Reports trouble as a failed check. */
  testConnection(ctx: ConnectorContext<Config>): Promise<ConnectionTest>
  /** The catalogue, one page at a time; start with null. */
  listEntitlements(
    ctx: ConnectorContext<Config>,
    args: { cursor: string | null },
  ): Promise<Page<ListedEntitlement>>
  /** Finds the person's account, once; afterwards its id is pinned and this is not asked again. */
  resolveAccount(ctx: ConnectorContext<Config>, args: { person: ConnectorPerson }): Promise<ResolveResult>
  /**
   * Accounts that go by this name, login, address or id, at most a few; an exact match only, never the nearest. For
   * people who say whose account it is: what they type is looked up before it is pinned.
   */
  findAccount?(ctx: ConnectorContext<Config>, args: { text: string }): Promise<ConnectorAccount[]>
  /** Gives. Giving what is already held directly is `done` with `changed: false`. */
  grant(ctx: ConnectorContext<Config>, args: GrantArgs): Promise<ChangeResult>
  /** Takes. Taking what is not held is `done` with `changed: false`. */
  revoke(ctx: ConnectorContext<Config>, args: ChangeArgs): Promise<ChangeResult>
  /** Ends sessions that would keep the access alive after a take; `ended` is how many were told to end. */
  endSessions?(ctx: ConnectorContext<Config>, args: CheckArgs): Promise<{ ended: number }>
  /** Follows a `pending` change to its end. */
  poll?(ctx: ConnectorContext<Config>, args: { token: string; grantId?: string }): Promise<ChangeResult>
  /**
   * Looks. A proven-gone account or entitlement is thrown as `principal_missing` or
   * `entitlement_missing`, which both count as absent.
   */
  check(ctx: ConnectorContext<Config>, args: CheckArgs): Promise<Holding>
  /** Everyone who holds the entitlement, one page at a time; start with null. */
  listHolders?(
    ctx: ConnectorContext<Config>,
    args: { entitlement: ConnectorEntitlement; cursor: string | null },
  ): Promise<Page<Holder>>
}

/** A connector whose settings' shape is not known at the call site (the registry, the engine). */
export type AnyConnector = Connector<ConnectorConfig>
