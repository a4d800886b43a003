import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, moment } from './columns'
import { grant } from './leases'
import { person } from './people'

/**
 * When each kind of scheduler last went over what is due; unshifted time. A pass that could not look writes nothing.
 * The views `should_be_gone` and `watchdog` (in the migration) read it, so that silence is seen from outside.
 */
export const heartbeat = pgTable('heartbeat', {
  name: text('name').$type<'loop' | 'sweep'>().primaryKey(),
  at: moment('at').notNull(),
  /** Silent for longer than this, in seconds, and it counts as dead. */
  boundSeconds: integer('bound_seconds').notNull(),
})

/**
 * Somebody stated that an access is gone although the target could not be asked. What they said stands in the grant's
 * timeline. Two of them end the grant.
 */
export const attestation = pgTable(
  'attestation',
  {
    id: id(),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grant.id),
    /** The end it is about: one that was found again has another, and is attested anew. */
    rightOverAt: moment('right_over_at').notNull(),
    seat: integer('seat').notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    at: moment('at').notNull(),
  },
  (t) => [
    uniqueIndex('attestation_once').on(t.grantId, t.rightOverAt, t.seat),
    index('attestation_person').on(t.personId),
    check('attestation_seat', sql`seat in (1, 2)`),
  ],
)
