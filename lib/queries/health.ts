import 'server-only'
import { sql } from 'drizzle-orm'
import { database } from '@/db/client'
import journal from '@/db/migrations/meta/_journal.json'
import { loopWanted } from '@/lib/engine/loop'
import { hasStarted, runningLoop } from '@/lib/start'

/** A loop that has not gone round for this long hangs; it sleeps for six seconds at most. */
const BEAT_MS = 30_000
const ANSWER_MS = 3000

export interface Health {
  readonly ok: boolean
  readonly checks: Readonly<Record<'database' | 'migrations' | 'start' | 'loop', string>>
}

/** Whether this node can do its work, check by check; no secrets and no names in it. */
export async function readHealth(): Promise<Health> {
  const migrations = await within(ANSWER_MS, migrationState())
  const loop = loopState()
  const checks = {
    database: migrations === null ? 'unreachable' : 'ok',
    migrations: migrations ?? 'unknown',
    start: hasStarted() ? 'ok' : 'not finished',
    loop,
  }
  return { ok: Object.values(checks).every((state) => state === 'ok' || state === 'off'), checks }
}

async function migrationState(): Promise<string> {
  const wanted = journal.entries.at(-1)?.when ?? 0
  const [found] = await database().db.execute<{ there: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  )
  if (!found?.there) return 'missing'
  const [last] = await database().db.execute<{ at: string | null }>(
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
