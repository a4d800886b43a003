import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { type DifferenceKind, differenceKinds, type LostChain } from '../../lib/domain/quarantine'
import { connection, entitlement } from './applications'
import { id, moment, oneOf, plainText } from './columns'
import { grant } from './leases'
import { person } from './people'

/**
 * One row, written at the first start: which database the product knows as its own. A null was not to be read there,
 * or is not looked at. The function `leasehold_quarantined()` (in the migration) holds it against the database as it is.
 */
export const installation = pgTable(
  'installation',
  {
    row: integer('row').primaryKey().default(1),
    /** What the outside marker names. */
    id: uuid('id').notNull(),
    /** `pg_control_system()`; made with the cluster. */
    systemIdentifier: text('system_identifier'),
    databaseOid: bigint('database_oid', { mode: 'number' }).notNull(),
    /** Of the write-ahead log; raised by a recovery to a point in time, and by a failover. */
    timeline: integer('timeline'),
    /** The last moment that was written here and then into the outside marker; unshifted time. */
    markedAt: moment('marked_at'),
  },
  (t) => [check('installation_one_row', sql`${t.row} = 1`)],
)

/** Each time that this database was found to be a restored one, or was said to be. One is open at most. */
export const quarantine = pgTable(
  'quarantine',
  {
    id: id(),
    /** The domain's time, as all of what people read. */
    beganAt: moment('began_at').notNull(),
    /** Why, in sentences for people. */
    why: text('why').array().notNull(),
    /** The last link of the chain at the beginning; what checkpoints know beyond it was lost. */
    link: bigint('link', { mode: 'number' }).notNull(),
    /** What checkpoints kept off the machine know and this chain does not; null: nothing, or there are none to ask. */
    lost: jsonb('lost').$type<LostChain>(),
    /** Whether there was a file of checkpoints to ask. */
    checkpointsRead: boolean('checkpoints_read').notNull(),
    /** What was ended at the beginning. */
    sessions: integer('sessions').notNull(),
    links: integer('links').notNull(),
    endedAt: moment('ended_at'),
    endedBy: uuid('ended_by').references(() => person.id),
    reason: plainText('reason'),
  },
  () => [uniqueIndex('quarantine_open').on(sql`(ended_at is null)`).where(sql`ended_at is null`)],
)

/** One connection as it was compared while in quarantine. */
export const quarantineReading = pgTable(
  'quarantine_reading',
  {
    quarantineId: uuid('quarantine_id')
      .notNull()
      .references(() => quarantine.id),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.id, { onDelete: 'cascade' }),
    at: moment('at').notNull(),
    /** Whether everybody who holds something could be listed; else only leases were looked at. */
    listed: boolean('listed').notNull(),
    /** Why something could not be read, in sentences; null: all of it was. */
    problem: text('problem'),
  },
  (t) => [primaryKey({ columns: [t.quarantineId, t.connectionId] })],
)

/** One difference between the record and a target, as the last comparison of its connection found it. */
export const quarantineDifference = pgTable(
  'quarantine_difference',
  {
    id: id(),
    quarantineId: uuid('quarantine_id')
      .notNull()
      .references(() => quarantine.id),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.id, { onDelete: 'cascade' }),
    entitlementId: uuid('entitlement_id')
      .notNull()
      .references(() => entitlement.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<DifferenceKind>().notNull(),
    /** The lease it is about; of somebody who holds without one, their last one that ended. */
    grantId: uuid('grant_id').references(() => grant.id),
    account: jsonb('account').$type<{ id: string; name: string; email?: string; fixed?: string }>(),
    readAt: moment('read_at').notNull(),
  },
  (t) => [
    index('quarantine_difference_of').on(t.quarantineId, t.kind),
    index('quarantine_difference_connection').on(t.connectionId),
    check('quarantine_difference_kind', oneOf('kind', differenceKinds)),
  ],
)
