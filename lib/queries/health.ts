import 'server-only'
import { sql } from 'drizzle-orm'
import { database, type Reader } from '@/db/client'
import journal from '@/db/migrations/meta/_journal.json'
import { loopWanted } from '@/lib/engine/loop'
import { inQuarantine } from '@/lib/services/quarantine-state'
import { hasStarted, runningLoop } from '@/lib/start'
import { readWatchdog, schedulerWords } from './watchdog'

/** A loop that has not gone round for this long hangs; it sleeps for six seconds at most. */
const BEAT_MS = 30_000
const ANSWER_MS = 3000

type Check = 'database' | 'migrations' | 'start' | 'loop' | 'scheduler' | 'quarantine'

export interface Health {
  readonly ok: boolean
  /** `ok`, `off`, or what is wrong. */
  readonly checks: Readonly<Partial<Record<Check, string>>>
}

/**
 * Whether this node can do its work, check by check; no secrets and no names in it. `scheduler` is about all nodes:
 * whether anything goes over what is due, as the database says, and whether that may leave. Without it, it is this
 * node's own word alone.
 */
export async function readHealth(
  db: Reader = database().db,
  { scheduler }: { scheduler: boolean } = { scheduler: true },
): Promise<Health> {
  const migrations = await within(ANSWER_MS, migrationState(db))
  const checks = {
    database: migrations === null ? 'unreachable' : 'ok',
    migrations: migrations ?? 'unknown',
    start: hasStarted() ? 'ok' : 'not finished',
    loop: loopState(),
    ...(scheduler && (migrations === 'ok' ? await ofAll(db) : { scheduler: 'unknown' })),
  }
  return { ok: Object.values(checks).every((state) => state === 'ok' || state === 'off'), checks }
}

async function ofAll(db: Reader): Promise<Pick<Health['checks'], 'scheduler' | 'quarantine'>> {
  const [scheduler, held] = await Promise.all([
    within(ANSWER_MS, schedulerState(db)),
    within(ANSWER_MS, inQuarantine(db)),
  ])
  const quarantine = held === null ? 'unknown' : held ? 'nothing leaves until an admin confirms' : 'ok'
  return { scheduler: scheduler ?? 'unknown', quarantine }
}

const schedulerState = async (db: Reader) => schedulerWords(await readWatchdog(db))

async function migrationState(db: Reader): Promise<string> {
  const wanted = journal.entries.at(-1)?.when ?? 0
  const [found] = await db.execute<{ there: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  )
  if (!found?.there) return 'missing'
  const [last] = await db.execute<{ at: string | null }>(
    sql`select max(created_at) as at from drizzle.__drizzle_migrations`,
  )
  return Number(last?.at ?? 0) >= wanted ? 'ok' : 'missing'
}

function loopState(): string {
  if (!loopWanted()) return 'off'
  const loop = runningLoop()
  if (!loop) return 'not started'
  return performance.now() - loop.beatAt() < BEAT_MS ? 'ok' : 'stuck'
}

/** The answer, or null where it fails or takes too long. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null)
  })
  try {
    return await Promise.race([answer, late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
