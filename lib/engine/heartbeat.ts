import 'server-only'
import { sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'

/** A loop goes round every second. This often is enough to say so, and writes next to nothing. */
export const BEAT_EVERY_MS = 5_000

/**
 * Silent for longer than this, in seconds, and a kind of scheduler counts as dead: six beats of the loop, or three
 * turns of a sweep that comes every minute.
 */
export const SILENT_AFTER = { loop: 30, sweep: 180 } as const

/** Writes down that what is due was just gone over. The database says when, so no host's clock plays a part. */
export async function beat(db: Db, name: keyof typeof SILENT_AFTER): Promise<void> {
  const { heartbeat } = schema
  const now = { at: sql`clock_timestamp()`, boundSeconds: SILENT_AFTER[name] }
  await db
    .insert(heartbeat)
    .values({ name, ...now })
    .onConflictDoUpdate({ target: heartbeat.name, set: now })
}
