import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { type AccountQuestionKind, accountQuestionKinds } from '../../lib/domain/account'
import type { DrillStep } from '../../lib/domain/drill'
import { type ApproverRef, type Risk, risks } from '../../lib/domain/policy'
import { definition, id, moment, nameText, oneOf, plainText, version } from './columns'
import { group, person } from './people'

/** One configured instance of a connector. Secret fields live sealed in `secrets`, never in `config`. */
export const connection = pgTable('connection', {
  id: id(),
  connector: text('connector').notNull(),
  config: jsonb('config').$type<Record<string, unknown>>().notNull(),
  secrets: text('secrets'),
  /** Pausing stops gives, never takes. */
  paused: boolean('paused').notNull().default(false),
  pausedReason: text('paused_reason'),
  /** What the last probe said; `null` until the first. Unshifted time. */
  probedAt: moment('probed_at'),
  probeOk: boolean('probe_ok'),
  probe: jsonb('probe').$type<Record<string, unknown>>(),
  /** Rate limit: no call before this. Unshifted time. */
  resumeAt: moment('resume_at'),
  /** Token bucket: what was left when it was last drawn from. Unshifted time. */
  tokens: doublePrecision('tokens'),
  tokensAt: moment('tokens_at'),
  /** Circuit breaker: failures in a row, since when it is open, and no call but a trial before this. Unshifted time. */
  breakerFailures: integer('breaker_failures').notNull().default(0),
  breakerOpenedAt: moment('breaker_opened_at'),
  breakerUntil: moment('breaker_until'),
  /** When our credential ends, where the target tells, and the days ahead that were last warned of. */
  credentialExpiresAt: moment('credential_expires_at'),
  credentialWarnedDays: integer('credential_warned_days'),
  syncedAt: moment('synced_at'),
  /** Why the last reading of the catalogue came to nothing; below, of the holders. */
  syncError: text('sync_error'),
  /** The last listing lacked more than half of what was offered, and an admin has not said that this is right. */
  syncShrunk: jsonb('sync_shrunk').$type<{ offered: number; lacking: number }>(),
  holdersAt: moment('holders_at'),
  holdersError: text('holders_error'),
  /** Removal drill: what is set aside for it. Both or neither. */
  drillEntitlementId: uuid('drill_entitlement_id').references((): AnyPgColumn => entitlement.id),
  drillAccount: jsonb('drill_account').$type<{ id: string; name: string; email?: string }>(),
  version: version(),
})

/** Health over time: what each look at a connection said. Unshifted time. */
export const probe = pgTable(
  'probe',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.id, { onDelete: 'cascade' }),
    at: moment('at').notNull(),
    ok: boolean('ok').notNull(),
    tookMs: integer('took_ms').notNull(),
    /** The first check that failed, in one sentence. */
    detail: text('detail'),
  },
  (t) => [index('probe_connection').on(t.connectionId, t.at)],
)

/** One removal drill: given, seen, taken, seen gone, on an account that is set aside for it. Unshifted time. */
export const drill = pgTable(
  'drill',
  {
    id: id(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.id, { onDelete: 'cascade' }),
    /** What was set aside for it then, by the target's ids. */
    account: text('account').notNull(),
    entitlement: text('entitlement').notNull(),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at'),
    /** Null while it is under way, and of one that only cleaned up. */
    ok: boolean('ok'),
    steps: jsonb('steps').$type<DrillStep[]>().notNull(),
  },
  (t) => [index('drill_connection').on(t.connectionId, t.startedAt)],
)

export const application = pgTable(
  'application',
  {
    id: id(),
    name: nameText('name').notNull(),
    description: plainText('description'),
    connectionId: uuid('connection_id')
      .references(() => connection.id)
      .unique(),
    /** Without a connection: who gives and takes by hand. */
    fulfilmentGroupId: uuid('fulfilment_group_id').references(() => group.id),
    /** How long people have for a task, in seconds. */
    taskSeconds: integer('task_seconds').notNull().default(3600),
    checklist: plainText('checklist'),
    archivedAt: moment('archived_at'),
    /** Giving is frozen since then; takes go on. */
    frozenAt: moment('frozen_at'),
    frozenBy: uuid('frozen_by').references(() => person.id),
    frozenReason: text('frozen_reason'),
    version: version(),
  },
  (t) => [uniqueIndex('application_name').on(sql`lower(${t.name})`)],
)

export const applicationOwner = pgTable(
  'application_owner',
  {
    applicationId: uuid('application_id')
      .notNull()
      .references(() => application.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
  },
  (t) => [
    primaryKey({ columns: [t.applicationId, t.personId] }),
    index('application_owner_person').on(t.personId),
  ],
)

export const entitlement = pgTable(
  'entitlement',
  {
    id: id(),
    applicationId: uuid('application_id')
      .notNull()
      .references(() => application.id),
    connectionId: uuid('connection_id').references(() => connection.id),
    /** The target's immutable id. */
    externalId: text('external_id').notNull(),
    name: nameText('name').notNull(),
    description: plainText('description'),
    howToUse: plainText('how_to_use'),
    risk: text('risk').$type<Risk>().notNull().default('low'),
    requestable: boolean('requestable').notNull().default(true),
    /** Why it cannot be asked for. */
    reason: plainText('reason'),
    closedAt: moment('closed_at'),
    /** Complete listings in a row that lacked it. */
    missedListings: integer('missed_listings').notNull().default(0),
    /** When its holders were last read to the end; null until then, and nothing is called drift before. */
    holdersAt: moment('holders_at'),
    /** Just-in-time only: whoever holds it without a lease is removed, at most so many in one go. */
    exclusive: boolean('exclusive').notNull().default(false),
    exclusiveCap: integer('exclusive_cap').notNull().default(5),
    /** Where the target replaces the whole set: which work item changes it, until when. Unshifted time. */
    busyBy: bigint('busy_by', { mode: 'number' }),
    busyUntil: moment('busy_until'),
    version: version(),
  },
  (t) => [
    uniqueIndex('entitlement_external').on(t.connectionId, t.externalId),
    uniqueIndex('entitlement_by_hand')
      .on(t.applicationId, t.externalId)
      .where(sql`${t.connectionId} is null`),
    index('entitlement_application').on(t.applicationId),
    index('entitlement_busy').on(t.busyUntil).where(sql`busy_until is not null`),
    check('entitlement_risk', oneOf('risk', risks)),
  ],
)

/** A person's identity inside an application, pinned by the target's immutable id. */
export const account = pgTable(
  'account',
  {
    id: id(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    externalId: text('external_id').notNull(),
    name: nameText('name').notNull(),
    /** The person's address when the account was pinned. */
    email: text('email').notNull(),
    pinnedAt: moment('pinned_at').notNull().default(sql`clock_timestamp()`),
    /** Who said that this is theirs; null where it was found by the address. */
    linkedBy: uuid('linked_by').references(() => person.id),
    /** Not theirs any more since then. The row stays: what was given to it is taken from it. */
    unlinkedAt: moment('unlinked_at'),
  },
  (t) => [
    uniqueIndex('account_external').on(t.connectionId, t.externalId).where(sql`unlinked_at is null`),
    uniqueIndex('account_person').on(t.connectionId, t.personId).where(sql`unlinked_at is null`),
  ],
)

/** Whose account is it? Asked of owners and admins where the target's answer is not plain; never guessed. */
export const accountQuestion = pgTable(
  'account_question',
  {
    id: id(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    kind: text('kind').$type<AccountQuestionKind>().notNull(),
    /** `proposed`: named by the person themself, and looked up in the target. */
    candidates: jsonb('candidates')
      .$type<{ id: string; name: string; email?: string; proposed?: boolean }[]>()
      .notNull(),
    openedAt: moment('opened_at').notNull(),
    closedAt: moment('closed_at'),
    closedBy: uuid('closed_by').references(() => person.id),
  },
  (t) => [
    uniqueIndex('account_question_open').on(t.connectionId, t.personId).where(sql`closed_at is null`),
    index('account_question_person').on(t.personId),
    check('account_question_kind', oneOf('kind', accountQuestionKinds)),
  ],
)

/** Who holds an entitlement for good, and rightly: found at the first look, or adopted since. */
export const standing = pgTable(
  'standing',
  {
    entitlementId: uuid('entitlement_id')
      .notNull()
      .references(() => entitlement.id, { onDelete: 'cascade' }),
    /** The target's id of the account, pinned to a person or not. */
    externalId: text('external_id').notNull(),
    name: nameText('name').notNull(),
    email: text('email'),
    since: moment('since').notNull(),
    /** Who adopted it; null for the first look. */
    adoptedBy: uuid('adopted_by').references(() => person.id),
    reason: plainText('reason'),
  },
  (t) => [primaryKey({ columns: [t.entitlementId, t.externalId] })],
)

export const policy = pgTable(
  'policy',
  {
    id: id(),
    name: nameText('name').notNull(),
    description: plainText('description'),
    draft: definition('draft'),
    currentVersionId: uuid('current_version_id'),
    archivedAt: moment('archived_at'),
    updatedAt: moment('updated_at').notNull(),
    version: version(),
  },
  (t) => [uniqueIndex('policy_name').on(sql`lower(${t.name})`)],
)

/** A published version: immutable by trigger. */
export const policyVersion = pgTable(
  'policy_version',
  {
    id: id(),
    policyId: uuid('policy_id')
      .notNull()
      .references(() => policy.id),
    number: integer('number').notNull(),
    name: nameText('name').notNull(),
    definition: definition('definition').notNull(),
    publishedBy: uuid('published_by').references(() => person.id),
    publishedAt: moment('published_at').notNull(),
  },
  (t) => [uniqueIndex('policy_version_number').on(t.policyId, t.number)],
)

/** Which policy offers an entitlement now. One at most, so that asking never has to choose between rules. */
export const policyEntitlement = pgTable(
  'policy_entitlement',
  {
    entitlementId: uuid('entitlement_id')
      .primaryKey()
      .references(() => entitlement.id),
    policyId: uuid('policy_id')
      .notNull()
      .references(() => policy.id),
  },
  (t) => [index('policy_entitlement_policy').on(t.policyId)],
)

/** Entitlements that nobody may hold together, any two of them: separation of duties. */
export const separation = pgTable(
  'separation',
  {
    id: id(),
    name: nameText('name').notNull(),
    /** Why they do not go together; said to whoever is refused and to whoever decides. */
    reason: plainText('reason').notNull(),
    /** Refused when asking, or allowed with one more approval step. */
    effect: text('effect').$type<'refuse' | 'extra_step'>().notNull(),
    /** Who decides on the extra step. */
    approvers: jsonb('approvers').$type<ApproverRef[]>().notNull(),
    archivedAt: moment('archived_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('separation_name').on(sql`lower(${t.name})`).where(sql`archived_at is null`),
    check('separation_effect', oneOf('effect', ['refuse', 'extra_step'])),
  ],
)

export const separationEntitlement = pgTable(
  'separation_entitlement',
  {
    separationId: uuid('separation_id')
      .notNull()
      .references(() => separation.id, { onDelete: 'cascade' }),
    entitlementId: uuid('entitlement_id')
      .notNull()
      .references(() => entitlement.id),
  },
  (t) => [
    primaryKey({ columns: [t.separationId, t.entitlementId] }),
    index('separation_entitlement_of').on(t.entitlementId),
  ],
)
