import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, moment, oneOf } from './columns'
import { person } from './people'

/** What an import came to, as its page shows it. */
export interface ImportOutcome {
  readonly made: number
  readonly changed: number
  /** Deactivated people, or members taken out of groups. */
  readonly gone: number
  readonly failed: readonly { readonly line: number | null; readonly who: string; readonly why: string }[]
}

/** A file with people or groups that somebody uploaded: first looked at, then done. Its text is kept for a week. */
export const directoryImport = pgTable(
  'directory_import',
  {
    id: id(),
    kind: text('kind').$type<'people' | 'groups'>().notNull(),
    fileName: text('file_name').notNull(),
    content: text('content').notNull(),
    lines: integer('lines').notNull(),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => person.id),
    createdAt: moment('created_at').notNull(),
    /** Somebody said "do it"; with no outcome yet it is running, or was cut short. */
    startedAt: moment('started_at'),
    outcome: jsonb('outcome').$type<ImportOutcome>(),
  },
  (t) => [
    index('directory_import_created').on(t.createdAt),
    check('directory_import_kind', oneOf('kind', ['people', 'groups'])),
    check('directory_import_size', sql`octet_length(${t.content}) <= 4194304`),
  ],
)
