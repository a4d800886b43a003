import 'server-only'
import { type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { schema } from '@/db/client'
import { grantOrder } from '@/db/schema/grant-order'
import type { GrantSort } from '@/lib/grant-url'

const { grant, person, application, entitlement } = schema
const order = grantOrder(grant)

interface SortKey {
  readonly expression: SQL
  readonly type: 'timestamp' | 'integer' | 'text'
}

const lower = (column: AnyPgColumn) => sql`lower(${column})`

/** What each order compares, before the id that makes it total. All keys run in the same direction. */
export const sortKeys: Record<GrantSort, readonly SortKey[]> = {
  queue: [{ expression: order.queue, type: 'timestamp' }],
  expiry: [{ expression: order.expiry, type: 'timestamp' }],
  granted: [{ expression: order.granted, type: 'timestamp' }],
  status: [
    { expression: order.status, type: 'integer' },
    { expression: order.queue, type: 'timestamp' },
  ],
  person: [{ expression: lower(person.name), type: 'text' }],
  application: [{ expression: lower(application.name), type: 'text' }],
  entitlement: [{ expression: lower(entitlement.name), type: 'text' }],
}

/** The tables whose names an order compares. */
export const sortTable: Partial<Record<GrantSort, 'person' | 'application' | 'entitlement'>> = {
  person: 'person',
  application: 'application',
  entitlement: 'entitlement',
}

/** A place between two rows, and which way the page lies from it. */
export interface Cursor {
  readonly way: 'after' | 'before'
  readonly keys: (string | number)[]
  readonly id: string
}

const timestampText = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/)
  .refine((value) => {
    const parsed = Date.parse(`${value.slice(0, 19).replace(' ', 'T')}Z`)
    // The thirtieth of February parses as a day in March.
    return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(value.slice(0, 10))
  })
const keyTypes = {
  timestamp: timestampText,
  integer: z.int().min(0).max(9),
  // PostgreSQL text holds no NUL.
  text: z
    .string()
    .max(500)
    .refine((value) => !value.includes('\u0000')),
}
const packedCursor = z.strictObject({
  order: z.string(),
  way: z.enum(['after', 'before']),
  id: z.guid(),
  keys: z.array(z.union([z.string(), z.number()])),
})

/** The cursor as it stands in the address: opaque, and bound to the order it was made in. */
export function encodeCursor(sort: GrantSort, descending: boolean, cursor: Cursor): string {
  const packed = { order: descending ? `-${sort}` : sort, ...cursor } satisfies z.input<typeof packedCursor>
  return Buffer.from(JSON.stringify(packed)).toString('base64url')
}

/** Reads a cursor; null for one that was tampered with or belongs to another order. */
export function decodeCursor(text: string, sort: GrantSort, descending: boolean): Cursor | null {
  let unpacked: unknown
  try {
    unpacked = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null
  }
  const parsed = packedCursor.safeParse(unpacked)
  if (!parsed.success) return null
  const { order: madeFor, way, id, keys } = parsed.data
  const types = sortKeys[sort].map((key) => keyTypes[key.type])
  const fits = keys.length === types.length && types.every((type, i) => type.safeParse(keys[i]).success)
  if (madeFor !== (descending ? `-${sort}` : sort) || !fits) return null
  return { way, id, keys }
}

/** Rows that lie beyond the cursor, in the direction the page is read. */
export function beyond(cursor: Cursor, sort: GrantSort, descending: boolean): SQL {
  const keys = sortKeys[sort]
  const columns = sql.join([...keys.map((key) => key.expression), sql`${grant.id}`], sql`, `)
  const values = sql.join(
    [...keys.map((key, i) => sql`${cursor.keys[i] ?? null}::${sql.raw(key.type)}`), sql`${cursor.id}::uuid`],
    sql`, `,
  )
  const up = (cursor.way === 'after') !== descending
  const row = up ? sql`(${columns}) > (${values})` : sql`(${columns}) < (${values})`
  const [first] = keys
  if (first?.type !== 'text') return row
  // A comparison of rows over two tables uses no index; its first key alone does.
  const value = sql`${cursor.keys[0] ?? null}::text`
  return up
    ? sql`(${first.expression} >= ${value} and ${row})`
    : sql`(${first.expression} <= ${value} and ${row})`
}

/** The order as a page is read: backwards pages are read backwards and turned round afterwards. */
export function orderBy(sort: GrantSort, descending: boolean, way: Cursor['way']): SQL[] {
  const up = (way === 'after') !== descending
  return [...sortKeys[sort].map((key) => key.expression), sql`${grant.id}`].map((key) =>
    up ? sql`${key} asc` : sql`${key} desc`,
  )
}
