import 'server-only'
import { type Database, database, schema } from '@/db/client'
import { readClocks } from './clock'
import { type Loop, loopWanted, startLoop } from './engine/loop'
import { EnvError, env } from './env'
import { log } from './log'
import { MarkerError } from './marker'
import { finishLeaving } from './services/leaving'
import { armNightly } from './services/nightly'
import { watchForRestore } from './services/quarantine'

/** So long after a start that failed the next one is tried. */
const RETRY_MS = 2000

const shared = globalThis as { leaseholdLoop?: Loop; leaseholdStarted?: boolean }

/** The loop of this process, where one runs. */
export function runningLoop(): Loop | undefined {
  return shared.leaseholdLoop
}

/** Whether this process has found its database fit for work; until then it is not ready, and no loop runs. */
export function hasStarted(): boolean {
  return shared.leaseholdStarted === true
}

/**
 * Checks the settings, readies the database's one-row tables, and starts the loop where a process lives. Where the
 * database is down or was not migrated yet, all that is tried again until it succeeds.
 */
export async function start(retryMs = RETRY_MS): Promise<void> {
  try {
    env()
  } catch (error) {
    if (!(error instanceof EnvError)) throw error
    stop(error.message)
  }
  try {
    await ready(database())
  } catch (error) {
    if (error instanceof MarkerError) stop(error.message)
    log.error({ err: error }, 'the database does not answer as it should; this is tried again')
    setTimeout(() => void start(retryMs), retryMs).unref()
    return
  }
  shared.leaseholdStarted = true
  if (!loopWanted() || shared.leaseholdLoop) return
  shared.leaseholdLoop = startLoop(database())
  drainAtTheEnd(shared.leaseholdLoop)
}

async function ready({ db }: Database): Promise<void> {
  const { offsetMs, now } = await readClocks(db)
  const { APP_URL, LEASEHOLD_MODE } = env()
  if (LEASEHOLD_MODE === 'production' && offsetMs > 0)
    stop('The clock of this database was moved in a demo, and production refuses that. Use another database.')
  const held = await watchForRestore(db, { first: true })
  if (LEASEHOLD_MODE !== 'production') return armNightly(db, now)
  const name = new URL(APP_URL).hostname
  await db.insert(schema.organisation).values({ id: 1, name, timeZone: 'UTC' }).onConflictDoNothing()
  await armNightly(db, now)
  if (!held) await finishLeaving(db)
}

/** The process ends as soon as no request is open; what the loop has in hand is finished or given back before. */
function drainAtTheEnd(loop: Loop): void {
  const exit = process.exit.bind(process)
  const drain = () => {
    const stopped = loop
      .stop()
      .catch((error: unknown) => log.error({ err: error }, 'the loop did not stop well'))
    process.exit = ((code?: number) => void stopped.then(() => exit(code))) as typeof process.exit
  }
  process.once('SIGTERM', drain)
  process.once('SIGINT', drain)
}

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
