import 'server-only'
import { sql } from 'drizzle-orm'
import type { Database } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { plus } from '@/lib/domain/duration'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { env } from '@/lib/env'
import { performDue } from './perform'
import { dueFrom, heldBack, lines } from './queue'

/** One moment's work is waited for at most this long before the walk goes on. */
const DRAIN_MS = 10_000

/** Reads "+5h", "90m", "1d", "2d 3h"; seconds, or null. */
export function parseAdvance(text: string): number | null {
  const match =
    /^\s*\+?\s*(?:(\d{1,3})\s*d)?\s*(?:(\d{1,4})\s*h)?\s*(?:(\d{1,5})\s*m(?:in)?)?\s*(?:(\d{1,6})\s*s)?\s*$/.exec(
      text,
    )
  if (!match || match.slice(1).every((part) => part === undefined)) return null
  const [d, h, m, s] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number]
  const seconds = d * 86_400 + h * 3600 + m * 60 + s
  return seconds > 0 ? seconds : null
}

/**
 * Moves the demo's or a test's clock forward, from due time to due time, and lets the queue run dry at each:
 * a jump of days still sends its notices before its ends. Production refuses.
 */
export async function advanceClock(database: Database, seconds: number): Promise<Result<{ now: Date }>> {
  if (env().LEASEHOLD_MODE === 'production') return refuse('forbidden', 'The clock is only moved in a demo')
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 366 * 86_400)
    return refuse('invalid', 'Move the clock by up to 366 days, forward only', 'advance')
  const { db } = database
  const goal = plus((await readClocks(db)).now, seconds)
  for (;;) {
    const [next] = await db.execute<{ due: string | null }>(
      sql`select min(w.due_at) as due from work w cross join clock c
          where w.due_at > clock_timestamp() + c.offset_ms * interval '1 millisecond' and w.due_at <= ${goal.toISOString()}`,
    )
    const stop = next?.due ? new Date(next.due) : goal
    await db.execute(sql`
      update clock set offset_ms = greatest(offset_ms,
        ceil(extract(epoch from ${stop.toISOString()}::timestamptz - clock_timestamp()) * 1000)::bigint)`)
    await drain(database)
    if (!next?.due) return ok({ now: (await readClocks(db)).now })
  }
}

/** Works until nothing due is left but what waits for a retry. The loop may be at it as well; claims keep them apart. */
async function drain(database: Database): Promise<void> {
  const until = performance.now() + DRAIN_MS
  while (performance.now() < until) {
    if ((await performDue(database.db)) > 0) continue
    const [row] = await database.db.execute<{ busy: boolean }>(sql`
      with ${lines()}
      select exists (
        select 1 ${dueFrom}
        where w.due_at <= clk.now
          and (w.not_before is null or w.not_before <= clk.wall + interval '1 second')
          and (w.attempt <= 3 or w.lease_until > clk.wall)
          and not ${heldBack}
      ) as busy`)
    if (!row?.busy) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
