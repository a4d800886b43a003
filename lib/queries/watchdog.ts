import 'server-only'
import { sql } from 'drizzle-orm'
import type { Reader } from '@/db/client'

/** What the database itself says of everything that is due, whatever process lives; see the view `watchdog`. */
export interface Watch {
  /** Whether the loop or a sweep went over what is due within its bound. */
  readonly alive: boolean
  /** Seconds since the last sign of life; null where there never was one. Unshifted time. */
  readonly silentSeconds: number | null
  /** Accesses whose right is over and that were not seen gone yet. */
  readonly due: number
  /** Those of them that are later than the bound. */
  readonly overdue: number
  /** The longest time since the right of an overdue one was over, in seconds; 0 for none. */
  readonly longestSeconds: number
}

/** Reads the watchdog. For machines: it has counts and seconds, no names. */
export async function readWatchdog(db: Reader): Promise<Watch> {
  const [row] = await db.execute<{
    alive: boolean
    silent_seconds: number | null
    due: number
    overdue: number
    longest_seconds: number
  }>(sql`select alive, silent_seconds, due, overdue, longest_seconds from watchdog`)
  if (!row) throw new Error('the watchdog has no row')
  const { alive, silent_seconds: silentSeconds, due, overdue, longest_seconds: longestSeconds } = row
  return { alive, silentSeconds, due, overdue, longestSeconds }
}

/** Whether anything goes over what is due, in words for a machine's log. */
export function schedulerWords({ alive, silentSeconds }: Pick<Watch, 'alive' | 'silentSeconds'>): string {
  if (alive) return 'ok'
  return silentSeconds === null ? 'never seen' : `silent for ${Math.round(silentSeconds)} s`
}
