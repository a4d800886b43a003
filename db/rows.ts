import 'server-only'
import { type Column, getTableColumns, type Name, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

/** Whether a column holds one of these ids. One parameter however many they are, so the statement is always the same. */
export function isAmong(column: Column | SQL, ids: readonly (string | number)[]): SQL {
  const type = typeof ids[0] === 'number' ? sql`bigint[]` : sql`uuid[]`
  return sql`${column} = any(${`{${[...new Set(ids)].join()}}`}::${type})`
}

/** A value as JSON that the database reads into the column's type again. */
function asJson(column: Column, value: unknown): unknown {
  if (value === null || value === undefined || column.columnType === 'PgJsonb') return value ?? null
  return column.mapToDriverValue(value)
}

/** Half a character, as a target's answer may have it, is no text to the database. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  if (!/\\ud[89a-f]/i.test(text)) return text
  const whole = (_: string, one: unknown) => (typeof one === 'string' ? Buffer.from(one).toString() : one)
  return JSON.stringify(value, whole)
}

/** Rows of a table as one JSON parameter, read by the database as `r`; every row with the same properties. */
export function rowsOf(
  table: PgTable,
  rows: readonly Record<string, unknown>[],
): { from: SQL; columns: Name[] } {
  const columns = getTableColumns(table)
  const keys = Object.keys(rows[0] ?? {}).filter((key) => key in columns)
  const json = rows.map((row) =>
    Object.fromEntries(keys.map((key) => [columns[key]!.name, asJson(columns[key]!, row[key])])),
  )
  return {
    from: sql`jsonb_populate_recordset(null::${table}, ${jsonText(json)}::jsonb) r`,
    columns: keys.map((key) => sql.identifier(columns[key]!.name)),
  }
}

/**
 * Inserts rows, in their order, in a statement with one parameter: building and reading one with a parameter for every
 * value takes longer than writing them. What all of them leave out gets its default.
 */
export function insertOf(table: PgTable, rows: readonly Record<string, unknown>[]): SQL {
  const { from, columns } = rowsOf(table, rows)
  const list = sql.join(columns, sql`, `)
  const values = sql.join(
    columns.map((column) => sql`r.${column}`),
    sql`, `,
  )
  return sql`insert into ${table} (${list}) select ${values} from ${from}`
}
