import 'server-only'
import { type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'

/**
 * Whether a column holds one of these: one array as a parameter, where `inArray` makes a parameter of each. For lists
 * whose length is another each time: every length of those is a statement of its own, which every connection prepares
 * and keeps, here and in the database.
 */
export function anyOf(
  column: AnyPgColumn | SQL,
  values: readonly (string | number)[],
  type: 'uuid' | 'bigint' = 'uuid',
): SQL {
  return sql`${column} = any(${`{${values.join(',')}}`}::${sql.raw(type)}[])`
}
