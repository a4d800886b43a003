import { sql } from 'drizzle-orm'
import { bigint, check, pgTable, text } from 'drizzle-orm/pg-core'
import { moment, oneOf } from './columns'
import { timeline } from './leases'

/**
 * The chain over the timeline: each row binds one committed entry to the row before it. Append-only and without a gap
 * in `seq`, by trigger. Its order is the order of sealing, which may differ from that of the entries' ids.
 */
export const seal = pgTable(
  'seal',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    entryId: bigint('entry_id', { mode: 'number' })
      .notNull()
      .unique()
      .references(() => timeline.id),
    /** SHA-256 of the entry's salt and payload, in hex: it stays when the payload is erased. */
    payloadHash: text('payload_hash').notNull(),
    /** SHA-256 of the row before and of everything of the entry, in hex. */
    hash: text('hash').notNull(),
    /** Unshifted time. */
    sealedAt: moment('sealed_at').notNull(),
  },
  (t) => [
    check('seal_from_one', sql`${t.seq} >= 1`),
    check('seal_hashes', sql`${t.payloadHash} ~ '^[0-9a-f]{64}$' and ${t.hash} ~ '^[0-9a-f]{64}$'`),
  ],
)

/** Entries that wait for their seal; a trigger lists each in the transaction that writes it. */
export const unsealed = pgTable('unsealed', {
  entryId: bigint('entry_id', { mode: 'number' }).primaryKey(),
})

/** A signed statement of where the chain stood. Append-only by trigger; each covers the links after the one before. */
export const checkpoint = pgTable('checkpoint', {
  /** The last link it covers. */
  seq: bigint('seq', { mode: 'number' })
    .primaryKey()
    .references(() => seal.seq),
  fromSeq: bigint('from_seq', { mode: 'number' }).notNull(),
  /** The statement with its signature, a compact JWS: what is written off the machine. */
  jws: text('jws').notNull(),
  /** Unshifted time. */
  at: moment('at').notNull(),
})

export const checkpointChannels = ['file', 'webhook', 'mail'] as const
export type CheckpointChannel = (typeof checkpointChannels)[number]

/** How far each way out has got; a way that was just set up begins with the newest checkpoint. Unshifted times. */
export const checkpointDelivery = pgTable(
  'checkpoint_delivery',
  {
    channel: text('channel').$type<CheckpointChannel>().primaryKey(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    deliveredAt: moment('delivered_at'),
    failingSince: moment('failing_since'),
    error: text('error'),
  },
  () => [check('checkpoint_delivery_channel', oneOf('channel', checkpointChannels))],
)
