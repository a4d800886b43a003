import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'

/**
 * Lets time pass for everything that is on record: the domain's clock goes forward, and what counts unshifted time
 * (backoff, rests, leases, the log of calls) goes back by as much. Nobody works meanwhile.
 */
export async function pass(db: Db, seconds: number): Promise<void> {
  const by = sql`${seconds} * interval '1 second'`
  await db.transaction(async (tx) => {
    await tx.execute(sql`update clock set offset_ms = offset_ms + ${seconds * 1000}::bigint`)
    await tx.execute(sql`update work set not_before = not_before - ${by}, tried_at = tried_at - ${by},
      lease_until = lease_until - ${by} where coalesce(not_before, tried_at, lease_until) is not null`)
    await tx.execute(sql`update connection set resume_at = resume_at - ${by}, breaker_until = breaker_until - ${by},
      breaker_opened_at = breaker_opened_at - ${by}, tokens_at = tokens_at - ${by}`)
    await tx.execute(sql`update "grant" set call_until = call_until - ${by} where call_until is not null`)
    await tx.execute(sql`update attempt set started_at = started_at - ${by}`)
  })
}
