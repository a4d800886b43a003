import { sql } from 'drizzle-orm'
import { integer, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Milliseconds are all a JavaScript date can hold; storing more would make equal moments differ. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
export const id = () => uuid('id').primaryKey()
export const version = () => integer('version').notNull().default(1)

/** A check that a text column holds one of a domain list. */
export function oneOf(column: string, values: readonly string[]) {
  return sql.raw(`${column} in (${values.map((v) => `'${v}'`).join(', ')})`)
}
