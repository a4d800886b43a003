import { sql } from 'drizzle-orm'
import { bigint, check, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { type ReceiverFormat, receiverFormats } from '../../lib/domain/receiver'
import { id, moment, oneOf, version } from './columns'

/**
 * Whom and which application an entry of the timeline is about, for finding it: the holder of a grant, who asked,
 * a substitute, an owner, the application of all that. Written by a trigger with the entry, and nothing else: it says
 * no more than the entry and what it is about do, and can be made again from them at any time.
 */
export const timelineMention = pgTable(
  'timeline_mention',
  {
    /** A person's or an application's id. */
    aboutId: uuid('about_id').notNull(),
    at: moment('at').notNull(),
    entryId: bigint('entry_id', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.aboutId, t.at, t.entryId] })],
)

/** A system outside that is sent every sealed entry of the audit log, in the chain's order. Unshifted times. */
export const auditReceiver = pgTable(
  'audit_receiver',
  {
    id: id(),
    url: text('url').notNull(),
    /** The signing secret, sealed. */
    secret: text('secret').notNull(),
    format: text('format').$type<ReceiverFormat>().notNull(),
    /** The chain's position up to which it has everything; 0 before the first. */
    position: bigint('position', { mode: 'number' }).notNull(),
    /** The last position of a batch that was begun and not yet taken: a repeat is the very same message. */
    sendingTo: bigint('sending_to', { mode: 'number' }),
    /** One more with each replay, so that what is sent again is not taken for a repeat. */
    run: integer('run').notNull().default(1),
    pausedAt: moment('paused_at'),
    deliveredAt: moment('delivered_at'),
    failingSince: moment('failing_since'),
    failures: integer('failures').notNull().default(0),
    error: text('error'),
    createdAt: moment('created_at').notNull(),
    version: version(),
  },
  (t) => [
    check('audit_receiver_format', oneOf('format', receiverFormats)),
    check('audit_receiver_position', sql`${t.position} >= 0 and ${t.sendingTo} > ${t.position}`),
  ],
)
