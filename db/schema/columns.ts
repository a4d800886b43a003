import { sql } from 'drizzle-orm'
import { customType, integer, timestamp, uuid } from 'drizzle-orm/pg-core'
import { completeDefinition, type PolicyDefinition } from '../../lib/domain/policy'
import { asRead, nameAsRead } from '../../lib/domain/text'

/** Milliseconds are all a JavaScript date can hold; storing more would make equal moments differ. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
export const id = () => uuid('id').primaryKey()
export const version = () => integer('version').notNull().default(1)

/** What people are shown as a name, by whatever road it comes: nothing unseen is in it. */
export const nameText = customType<{ data: string }>({ dataType: () => 'text', toDriver: nameAsRead })
/** The same of a text that may have several lines. */
export const plainText = customType<{ data: string }>({ dataType: () => 'text', toDriver: asRead })

/** A check that a text column holds one of a domain list. */
export function oneOf(column: string, values: readonly string[]) {
  return sql.raw(`${column} in (${values.map((v) => `'${v}'`).join(', ')})`)
}

/** A policy's definition. What was stored before something could be said is read as not saying it. */
export const definition = customType<{ data: PolicyDefinition; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => completeDefinition(typeof value === 'string' ? JSON.parse(value) : value),
})
