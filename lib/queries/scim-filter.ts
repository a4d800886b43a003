import 'server-only'
import { and, not, or, type SQL, sql } from 'drizzle-orm'
import { bad } from '@/lib/scim/errors'
import type { Filter, FilterValue, Operator } from '@/lib/scim/filter'

/** What an attribute is in the database, and how it is compared. */
export interface Comparable {
  readonly value: SQL | SQL.Aliased
  /** `exact`: text whose case counts. */
  readonly as: 'text' | 'exact' | 'boolean' | 'moment'
}

/** Where a path leads: to a value of the resource itself, or into a list that has to be asked itself. */
export type Paths = Readonly<Record<string, Comparable | ((filter: Filter) => SQL)>>

/**
 * A filter as a condition. Values are parameters, never text of the statement; wildcards in them stand for themselves.
 * @throws {ScimError} `invalidFilter` for an attribute that cannot be asked for, or compared like that
 */
export function condition(filter: Filter, paths: Paths): SQL {
  switch (filter.kind) {
    case 'and':
      return and(...filter.of.map((f) => condition(f, paths))) ?? sql`true`
    case 'or':
      return or(...filter.of.map((f) => condition(f, paths))) ?? sql`false`
    case 'not':
      // Nothing is known of an attribute that is not there: it does not fit, and its contrary does.
      return not(sql`coalesce(${condition(filter.of, paths)}, false)`)
    default: {
      const found = Object.hasOwn(paths, filter.path) ? paths[filter.path] : undefined
      if (!found) throw bad('invalidFilter', `“${filter.path}” cannot be filtered by.`)
      if (typeof found === 'function') return found(filter)
      if (filter.kind === 'compare') return compared(found, filter.op, filter.value, filter.path)
      return found.as === 'text' || found.as === 'exact'
        ? sql`coalesce(${found.value}, '') <> ''`
        : sql`${found.value} is not null`
    }
  }
}

const signs: Partial<Record<Operator, SQL>> = {
  eq: sql`=`,
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
}

function compared({ value, as }: Comparable, op: Operator, given: FilterValue, path: string): SQL {
  if (given === null) {
    if (op === 'eq') return sql`${value} is null`
    if (op === 'ne') return sql`${value} is not null`
    throw bad('invalidFilter', `“${path}” is compared with null by “eq” and “ne” alone.`)
  }
  if (as === 'boolean') {
    const text = String(given).toLowerCase()
    if ((op !== 'eq' && op !== 'ne') || (text !== 'true' && text !== 'false'))
      throw bad('invalidFilter', `“${path}” is true or false, by “eq” or “ne”.`)
    return sql`${value} = ${(text === 'true') === (op === 'eq')}`
  }
  if (as === 'moment') return moment(value, op, given, path)
  if (typeof given !== 'string') throw bad('invalidFilter', `“${path}” is compared with text.`)
  const [left, right] = as === 'exact' ? [sql`${value}`, given] : [sql`lower(${value})`, given.toLowerCase()]
  const pattern = right.replace(/[\\%_]/g, (c) => `\\${c}`)
  if (op === 'ne') return sql`${left} is distinct from ${right}`
  if (op === 'co') return sql`${left} like ${`%${pattern}%`}`
  if (op === 'sw') return sql`${left} like ${`${pattern}%`}`
  if (op === 'ew') return sql`${left} like ${`%${pattern}`}`
  return sql`${left} ${signs[op]} ${right}`
}

function moment(value: Comparable['value'], op: Operator, given: FilterValue, path: string): SQL {
  const text = String(given)
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/i.test(text) || Number.isNaN(Date.parse(text)))
    throw bad('invalidFilter', `“${path}” is compared with a moment such as “2026-11-27T10:00:00Z”.`)
  if (op === 'ne') return sql`${value} is distinct from ${text}::timestamptz`
  const sign = signs[op]
  if (!sign) throw bad('invalidFilter', `“${path}” is a moment and holds no text.`)
  return sql`${value} ${sign} ${text}::timestamptz`
}
