import 'server-only'
import { lt, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { readClocks } from './clock'
import { hashToken } from './ids'

/** At most `max` times in `seconds`, counted in windows of that length from the first time. */
export interface Limit {
  readonly name: string
  readonly max: number
  readonly seconds: number
  /** How often all those together whom nothing tells apart, where that is not `max`. */
  readonly everybody?: number
}

/** The limits of the product, in one place. */
export const limits = {
  ask: { name: 'ask', max: 60, seconds: 600 },
  importFile: { name: 'import', max: 30, seconds: 600 },
  signInByCaller: { name: 'sign-in:caller', max: 60, seconds: 900, everybody: 1_200 },
  // Costs us a redirect, and a whole office may come from one address on a Monday morning.
  signInAtProvider: { name: 'sign-in:provider', max: 600, seconds: 900, everybody: 6_000 },
  // Entra writes up to about 25 times a second in a first run.
  scim: { name: 'scim', max: 3_000, seconds: 60 },
  scimRefused: { name: 'scim:refused', max: 60, seconds: 900, everybody: 600 },
  signInByAddress: { name: 'sign-in:address', max: 5, seconds: 900 },
} satisfies Record<string, Limit>

/** Whether one more is within the limit, and if not, when the next one is. */
export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }

const KEPT_MS = 86_400_000
const { rateCounter } = schema

/** Counts one more for this key, in unshifted time. What the key says (an address, a caller) is stored hashed. */
export async function take(db: Db, limit: Limit, key: string): Promise<Taken> {
  const { wall } = await readClocks(db)
  const from = new Date(wall.getTime() - limit.seconds * 1000)
  const over = sql`${rateCounter.windowStart} <= ${from.toISOString()}::timestamptz`
  const [row] = await db
    .insert(rateCounter)
    .values({ key: `${limit.name}:${hashToken(key)}`, windowStart: wall, count: 1 })
    .onConflictDoUpdate({
      target: rateCounter.key,
      set: {
        count: sql`case when ${over} then 1 else ${rateCounter.count} + 1 end`,
        windowStart: sql`case when ${over} then excluded.window_start else ${rateCounter.windowStart} end`,
      },
    })
    .returning()
  if (!row) throw new Error('the counter was not written')
  if (row.count === 1)
    await db.delete(rateCounter).where(lt(rateCounter.windowStart, new Date(wall.getTime() - KEPT_MS)))
  if (row.count <= limit.max) return { ok: true }
  const opensAt = row.windowStart.getTime() + limit.seconds * 1000
  return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil((opensAt - wall.getTime()) / 1000)) }
}

/**
 * The caller as the outermost of our own proxies saw it, or null when nothing that can be believed says who it is.
 * Each proxy adds one address at the end; what stands in front of ours was written by the client.
 * @param proxies how many stand in front; 0 believes no header at all
 */
export function callerOf(headers: Pick<Headers, 'get'>, proxies: number): string | null {
  if (proxies === 0) return null
  const seen = headers.get('x-forwarded-for')?.split(',') ?? []
  return seen.at(-proxies)?.trim() || null
}

/** The limit for callers whom nothing tells apart: one for all of them, which nobody alone should use up. */
export function forEverybody(limit: Limit): Limit {
  return { ...limit, name: `${limit.name}:everybody`, max: limit.everybody ?? limit.max }
}
