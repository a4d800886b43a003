import { bigint, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns'

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
