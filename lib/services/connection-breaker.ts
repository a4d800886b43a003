import 'server-only'
import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { log } from '@/lib/log'
import { retryLeases } from './connection-retry'

/** So many calls of a connection in a row without an answer, and it rests: only one trial at a time goes out. */
export const SILENT_CALLS = 5
/**
 * It rests as long as it has been resting already, within these bounds, in milliseconds. The longest one and a trial
 * that hangs stay together under the minute in which an access has to be gone after its target's return.
 */
const LEAST_REST_MS = 5_000
const LONGEST_REST_MS = 30_000
/** However long a trial took, the target is left alone for this long before the next. */
const LEAST_PAUSE_MS = 2_000

/** A connection that does not rest. */
export const notResting = { breakerFailures: 0, breakerOpenedAt: null, breakerUntil: null } as const

/**
 * Counts a call that the target left without an answer, and lets the connection rest at the fifth in a row. The row is
 * the truth, so that all nodes rest together. `tookMs`: a rest counts from the beginning of the call, like every gap.
 */
export async function noteSilence(db: Db, connectionId: string, tookMs: number): Promise<void> {
  const ms = (value: unknown) => sql`${value}::float8 * interval '1 millisecond'`
  const [row] = await db.execute<{ failures: number }>(sql`
    update connection c set
      breaker_failures = c.breaker_failures + 1,
      breaker_opened_at = case when c.breaker_failures + 1 >= ${SILENT_CALLS} then coalesce(c.breaker_opened_at, t.wall) end,
      breaker_until = case when c.breaker_failures + 1 >= ${SILENT_CALLS} then greatest(c.breaker_until,
        t.wall + greatest(${ms(LEAST_PAUSE_MS)}, least(${ms(LONGEST_REST_MS)},
          greatest(${ms(LEAST_REST_MS)}, t.wall - c.breaker_opened_at)) - ${ms(tookMs)})) end
    from (select clock_timestamp() as wall) t
    where c.id = ${connectionId}
    returning c.breaker_failures as failures`)
  if (row?.failures === SILENT_CALLS)
    log.warn({ connectionId }, 'a connection does not answer; it rests, and one trial at a time goes out')
}

/**
 * Notes that the targets of these connections answered, whatever they said: one answer ends the rest of its connection,
 * and what waited for it is tried at once, takes first.
 */
export async function noteAnswers(db: Db, connectionIds: readonly string[]): Promise<void> {
  const rows = await db.execute<{ id: string; rested: boolean }>(sql`
    with before as (
      select id, breaker_opened_at from connection
      where id in ${[...new Set(connectionIds)]} and breaker_failures > 0 order by id for no key update
    )
    update connection c set breaker_failures = 0, breaker_opened_at = null, breaker_until = null
    from before where c.id = before.id
    returning c.id, before.breaker_opened_at is not null as rested`)
  for (const { id, rested } of rows) {
    if (!rested) continue
    await retryLeases(db, id)
    log.info({ connectionId: id }, 'a connection answers again; what waited for it is tried')
  }
}
