import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { type SignInWay, signInWays } from '../../lib/domain/sign-in'
import { id, moment, nameText, oneOf, plainText, version } from './columns'

/** One row: the organisation that runs this install. */
export const organisation = pgTable(
  'organisation',
  {
    id: integer('id').primaryKey().default(1),
    name: nameText('name').notNull(),
    timeZone: text('time_zone').notNull().default('Europe/Berlin'),
    floorSeconds: integer('floor_seconds').notNull().default(21_600),
    /** All giving is frozen since then; takes go on. */
    frozenAt: moment('frozen_at'),
    frozenBy: uuid('frozen_by').references((): AnyPgColumn => person.id),
    frozenReason: plainText('frozen_reason'),
    /** People sign in at an identity provider only; no link is mailed. */
    singleSignOnOnly: boolean('single_sign_on_only').notNull().default(false),
    /** How long what timeline entries say is kept, in days; null: for ever. */
    payloadDays: integer('payload_days'),
    version: version(),
  },
  (t) => [
    check('organisation_payload_days', sql`${t.payloadDays} between 30 and 36500`),
    check('organisation_one_row', sql`${t.id} = 1`),
    check('organisation_floor', sql`${t.floorSeconds} between 900 and 31622400`),
  ],
)

/** One row: how far the demo's or a test's clock is moved. It only grows; production refuses it. */
export const clock = pgTable(
  'clock',
  {
    id: integer('id').primaryKey().default(1),
    offsetMs: bigint('offset_ms', { mode: 'number' }).notNull().default(0),
  },
  (t) => [check('clock_one_row', sql`${t.id} = 1`), check('clock_forward', sql`${t.offsetMs} >= 0`)],
)

export const person = pgTable(
  'person',
  {
    id: id(),
    name: nameText('name').notNull(),
    email: text('email').notNull(),
    /**
     * The address without what only spells it differently: case, Unicode forms, a "+tag". Who shares it counts once
     * when decisions are counted.
     */
    emailKey: text('email_key')
      .notNull()
      .generatedAlwaysAs(sql`lower(regexp_replace(normalize(trim(email), NFKC), '[+][^@]*@', '@'))`),
    emailVerified: moment('email_verified'),
    image: text('image'),
    title: nameText('title'),
    team: nameText('team'),
    timeZone: text('time_zone'),
    /** BCP 47: how dates and times are written for them; null is day first and 24 hours. */
    locale: text('locale'),
    managerId: uuid('manager_id').references((): AnyPgColumn => person.id),
    admin: boolean('admin').notNull().default(false),
    auditor: boolean('auditor').notNull().default(false),
    deactivatedAt: moment('deactivated_at'),
    createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
    version: version(),
  },
  (t) => [
    uniqueIndex('person_email').on(sql`lower(${t.email})`),
    index('person_manager').on(t.managerId),
    index('person_email_key').on(t.emailKey),
  ],
)

export const group = pgTable(
  'group',
  {
    id: id(),
    name: nameText('name').notNull(),
    description: plainText('description'),
    /** Who keeps its members, where that is not done here; null for a group that is changed by hand. */
    managedBy: text('managed_by').$type<'scim' | 'oidc'>(),
    /** What whoever keeps it calls it, whatever it is called here. */
    externalId: text('external_id'),
    /** Deactivated: nobody is found through it any more, neither to ask nor to decide. */
    deactivatedAt: moment('deactivated_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('group_name').on(sql`lower(${t.name})`),
    uniqueIndex('group_external').on(t.managedBy, t.externalId),
    check('group_managed_by', sql`${t.managedBy} in ('scim', 'oidc')`),
  ],
)

export const groupMember = pgTable(
  'group_member',
  {
    groupId: uuid('group_id')
      .notNull()
      .references(() => group.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.personId] }), index('group_member_person').on(t.personId)],
)

/** A group in a group: whoever is found through the child is found through the parent. A trigger refuses circles. */
export const groupNesting = pgTable(
  'group_nesting',
  {
    parentId: uuid('parent_id')
      .notNull()
      .references(() => group.id, { onDelete: 'cascade' }),
    childId: uuid('child_id')
      .notNull()
      .references(() => group.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.parentId, t.childId] }), index('group_nesting_child').on(t.childId)],
)

/** Somebody is away from one moment to another and named who decides in their place. */
export const delegation = pgTable(
  'delegation',
  {
    id: id(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    substituteId: uuid('substitute_id')
      .notNull()
      .references(() => person.id),
    startsAt: moment('starts_at').notNull(),
    /** Ended early: this is moved to that moment. */
    endsAt: moment('ends_at').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    index('delegation_person').on(t.personId, t.endsAt),
    index('delegation_substitute').on(t.substituteId, t.endsAt),
    check('delegation_other', sql`${t.personId} <> ${t.substituteId}`),
    check('delegation_order', sql`${t.endsAt} >= ${t.startsAt}`),
  ],
)

/**
 * A sign-in identity at an identity provider (next-auth calls it an account; that word is taken here). `provider` is
 * the issuer's own address: a subject means nothing without it, and the place in our settings may be given to another.
 */
export const identity = pgTable(
  'identity',
  {
    userId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    type: text('type').notNull(),
    provider: text('provider').notNull(),
    providerAccountId: text('provider_account_id').notNull(),
    refresh_token: text('refresh_token'),
    access_token: text('access_token'),
    expires_at: integer('expires_at'),
    token_type: text('token_type'),
    scope: text('scope'),
    id_token: text('id_token'),
    session_state: text('session_state'),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.providerAccountId] }),
    uniqueIndex('identity_person').on(t.userId, t.provider),
  ],
)

/** `sessionToken` holds the SHA-256 of the cookie's token, never the token. All its times are unshifted. */
export const session = pgTable(
  'session',
  {
    sessionToken: text('token_hash').primaryKey(),
    /** What it is called in lists and forms, where its token's hash has no business. */
    id: uuid('id').notNull(),
    userId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    expires: moment('expires').notNull(),
    way: text('way').$type<SignInWay>().notNull(),
    /** The identity provider's own address, for a session that began there. */
    issuer: text('issuer'),
    /** "Firefox on Windows": words made from what the browser said, which itself is not kept. */
    device: text('device').notNull(),
    signedInAt: moment('signed_in_at').notNull(),
    /** When the person last proved who they are: earlier than the sign-in where a provider knew them still. */
    provenAt: moment('proven_at').notNull(),
    /** Correct to a few minutes. */
    lastSeenAt: moment('last_seen_at').notNull(),
  },
  (t) => [
    uniqueIndex('session_id').on(t.id),
    index('session_person').on(t.userId),
    check('session_way', oneOf('way', signInWays)),
  ],
)

/** E-mail sign-in links; the token is stored hashed by next-auth. */
export const verificationToken = pgTable(
  'verification_token',
  {
    identifier: text('identifier').notNull(),
    token: text('token').notNull(),
    expires: moment('expires').notNull(),
  },
  (t) => [primaryKey({ columns: [t.identifier, t.token] })],
)

/** Fixed-window counters for sign-in and asking; unshifted time. */
export const rateCounter = pgTable('rate_counter', {
  key: text('key').primaryKey(),
  windowStart: moment('window_start').notNull(),
  count: integer('count').notNull(),
})

/** A named set of filters that a person keeps for a table; `query` is the URL's query string. */
export const savedView = pgTable(
  'saved_view',
  {
    id: id(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    name: nameText('name').notNull(),
    query: text('query').notNull(),
  },
  (t) => [uniqueIndex('saved_view_name').on(t.personId, t.name)],
)
