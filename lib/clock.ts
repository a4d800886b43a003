import 'server-only'
import { sql } from 'drizzle-orm'
import type { Reader } from '@/db/client'

/**
 * The primary database's clock, moved by the stored offset: the only judge of the domain's time.
 * Read once per transaction, after its locks are held, and handed inward as `now`.
 */
export async function readNow(db: Reader): Promise<Date> {
  return (await readClocks(db)).now
}

/** Both clocks at once: `now` is the domain's (shiftable), `wall` is unshifted (leases, backoff, limits, sessions). */
export async function readClocks(db: Reader): Promise<{ now: Date; wall: Date; offsetMs: number }> {
  const [row] = await db.execute<{ wall: string; offset_ms: string }>(
    sql`select date_trunc('milliseconds', clock_timestamp()) as wall, offset_ms from clock`,
  )
  if (!row) throw new Error('the clock row is missing: the database was not migrated')
  const wall = new Date(row.wall)
  // Less than this is the way from there to here.
  const off = wall.getTime() - Date.now()
  hostIsOffMs = Math.abs(off) < NO_DIFFERENCE_MS ? 0 : off
  const offsetMs = Number(row.offset_ms)
  return { wall, now: new Date(wall.getTime() + offsetMs), offsetMs }
}

/** How far this host's clock is from the database's, in milliseconds, as it was last seen. */
let hostIsOffMs = 0
const NO_DIFFERENCE_MS = 2_000

/**
 * The unshifted time as this process knows it, for protocols that sign the time and for the log of calls; never for a
 * decision. The host's clock, put right by the database's: a target would refuse what is signed hours ago, and so a
 * take.
 */
export function processNow(): Date {
  return new Date(Date.now() + hostIsOffMs)
}
