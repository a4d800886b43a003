import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns'
import { person } from './people'

/**
 * Who was refused what, counted by the hour so that nobody can fill it up by asking again. Unshifted time. It is written
 * while a page is looked at too: like the rate counters it tells of the looking and is part of nothing else.
 */
export const refusal = pgTable(
  'refusal',
  {
    /** The hour's beginning. */
    hour: moment('hour').notNull(),
    /** Null where nobody was signed in. */
    personId: uuid('person_id').references(() => person.id, { onDelete: 'cascade' }),
    /** The page, route or form, without ids: `/settings/people/*`. */
    door: text('door').notNull(),
    /** What was answered: `forbidden`, `not_found` or `unauthenticated`. */
    code: text('code').$type<'forbidden' | 'not_found' | 'unauthenticated'>().notNull(),
    count: integer('count').notNull().default(1),
    lastAt: moment('last_at').notNull(),
  },
  (t) => [
    unique('refusal_once').on(t.hour, t.personId, t.door, t.code).nullsNotDistinct(),
    index('refusal_person').on(t.personId, t.lastAt),
    check('refusal_code', sql`${t.code} in ('forbidden', 'not_found', 'unauthenticated')`),
  ],
)
