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
}

/** The limits of the product, in one place. */
export const limits = {
  ask: { name: 'ask', max: 60, seconds: 600 },
  signInByCaller: { name: 'sign-in:caller', max: 60, seconds: 900 },
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

/** The caller as the nearest proxy saw it: what a client writes in front of that is not believed. */
export function callerOf(headers: Pick<Headers, 'get'>): string {
  return headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() || 'unknown'
}
