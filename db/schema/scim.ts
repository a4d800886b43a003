import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, moment, version } from './columns'
import { group, person } from './people'

/** A provisioning client: an identity provider that writes people and groups through SCIM. */
export const scimClient = pgTable(
  'scim_client',
  {
    id: id(),
    name: text('name').notNull(),
    createdAt: moment('created_at').notNull(),
    createdBy: uuid('created_by').references(() => person.id),
    /** Disconnected: none of its tokens is taken any more, and its groups are changed by hand again. */
    revokedAt: moment('revoked_at'),
    version: version(),
  },
  (t) => [uniqueIndex('scim_client_name').on(sql`lower(${t.name})`).where(sql`${t.revokedAt} is null`)],
)

/** A bearer token of a client. It is shown once; `hash` is its SHA-256. */
export const scimToken = pgTable(
  'scim_token',
  {
    id: id(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => scimClient.id),
    hash: text('hash').notNull(),
    /** Its last four characters, to tell one from the other. */
    hint: text('hint').notNull(),
    createdAt: moment('created_at').notNull(),
    createdBy: uuid('created_by').references(() => person.id),
    /** To the minute; unshifted time. */
    lastUsedAt: moment('last_used_at'),
    revokedAt: moment('revoked_at'),
  },
  (t) => [uniqueIndex('scim_token_hash').on(t.hash), index('scim_token_client').on(t.clientId)],
)

/** A person as one client knows them. Who has no row is known to the client by their address. */
export const scimPerson = pgTable(
  'scim_person',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => scimClient.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    externalId: text('external_id'),
    userName: text('user_name').notNull(),
    givenName: text('given_name'),
    familyName: text('family_name'),
    /** A manager that the client named and that is not here yet, as it named them. */
    managerRef: text('manager_ref'),
    /** Attributes this client has ever said something about. What it never did, its silence does not clear. */
    asserted: text('asserted').array().notNull().default(sql`'{}'`),
    /** The client deleted them: for it they are not here. */
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.personId] }),
    index('scim_person_person').on(t.personId),
    index('scim_person_external').on(t.clientId, t.externalId),
    uniqueIndex('scim_person_user_name')
      .on(t.clientId, sql`lower(${t.userName})`)
      .where(sql`${t.deletedAt} is null`),
  ],
)

/** A group that a client provisions. Nobody else changes it while the client is connected. */
export const scimGroup = pgTable(
  'scim_group',
  {
    groupId: uuid('group_id')
      .primaryKey()
      .references(() => group.id, { onDelete: 'cascade' }),
    clientId: uuid('client_id')
      .notNull()
      .references(() => scimClient.id),
    externalId: text('external_id'),
    createdAt: moment('created_at').notNull(),
    /** The client deleted it: for it it is not here, and it is deactivated. */
    deletedAt: moment('deleted_at'),
  },
  (t) => [index('scim_group_client').on(t.clientId)],
)
