import { sql } from 'drizzle-orm'
import type { Database } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { parseAdvance } from '@/lib/engine/advance'
import type { LeaseWorld } from '@/lib/testing/lease-world'
import { type Driver, startDriver } from './driver'
import { byMethod, type Host, host } from './host'
import { sign } from './protocol'

/** Real time that a real server is given to do what is due: its cron fires every minute. */
const PATIENCE_MS = 150_000

/**
 * The product as served, and a job engine that drives it: the in-memory driver, or the real server at
 * `TEST_INNGEST_URL`. No loop runs. With a real server the clock of the world moves and the server's does not,
 * so what a moved clock makes due is done by its events and its cron.
 */
export interface Stage {
  /** Where the app answers the job engine. */
  readonly appUrl: string
  /** The in-memory driver; asking for it with a real server is a mistake of the test. */
  readonly driver: Driver
  /** From here on the app's own database is this world's. */
  enter(world: Pick<LeaseWorld, 'db' | 'database'>): void
  /** The job engine's minute strikes: its cron fires, and what follows from it is done. The clock stays. */
  minute(): Promise<void>
  /** Moves both clocks forward ("+5h"), firing timers on the way; no cron fires with the driver. */
  advance(by: string): Promise<void>
  close(): Promise<void>
}

/** The keys of the test's own job engine. */
export const testKeys = { signingKey: `signkey-test-${'5eed'.repeat(16)}`, eventKey: 'test-event-key' }

/** Whether the suite runs against a real server; then what only the driver can do is skipped. */
export const realServer = process.env.TEST_INNGEST_URL

/** Serves the real route and starts or finds the job engine. Before anything reads the settings. */
export async function openStage(): Promise<Stage> {
  const driver = realServer ? null : await startDriver(testKeys)
  if (driver) configure(driver)
  const route: Record<string, unknown> = await import('@/app/api/inngest/route')
  const app = await host(byMethod(route))
  const appUrl = `${app.url}/api/inngest`
  if (driver) await driver.sync(appUrl)
  else await register(appUrl)
  return driver ? driven(driver, app, appUrl) : served(app, appUrl)
}

/** What a real server needs is in the environment from the start: the client reads it as it is loaded. */
function configure(driver: Driver): void {
  process.env.INNGEST_SIGNING_KEY = testKeys.signingKey
  process.env.INNGEST_EVENT_KEY = testKeys.eventKey
  process.env.INNGEST_BASE_URL = driver.url
}

/** Tells a real server about the app, by a PUT that is signed where a key is set. */
async function register(appUrl: string): Promise<void> {
  const key = process.env.INNGEST_SIGNING_KEY
  const headers: Record<string, string> = key ? { 'x-inngest-signature': sign('', key, Date.now()) } : {}
  const response = await fetch(appUrl, { method: 'PUT', headers })
  if (!response.ok) throw new Error(`the server did not take the app: ${await response.text()}`)
}

function enter(world: Pick<LeaseWorld, 'database'>): void {
  const shared = globalThis as { leaseholdDatabase?: Database }
  shared.leaseholdDatabase = world.database
}

async function shift({ db }: Pick<LeaseWorld, 'db'>, ms: number): Promise<void> {
  await db.execute(sql`update clock set offset_ms = offset_ms + ${Math.ceil(ms)}`)
}

function milliseconds(by: string): number {
  const seconds = parseAdvance(by)
  if (seconds === null) throw new Error(`not a length: ${by}`)
  return seconds * 1000
}

function driven(driver: Driver, app: Host, appUrl: string): Stage {
  let world: Pick<LeaseWorld, 'db' | 'database'> | null = null
  return {
    appUrl,
    driver,
    enter(next) {
      enter(next)
      world = next
      driver.wipe()
      driver.lose = () => false
      driver.singletons = true
    },
    minute: () => driver.cron(),
    async advance(by) {
      if (!world) throw new Error('no world entered')
      const goal = (await readClocks(world.db)).now.getTime() + milliseconds(by)
      for (;;) {
        const left = goal - (await readClocks(world.db)).now.getTime()
        if (left <= 0) return
        const ms = Math.min(left, driver.untilNext() ?? left)
        await shift(world, ms)
        driver.move(Math.ceil(ms))
        await driver.settle()
      }
    },
    async close() {
      await app.close()
      await driver.close()
    },
  }
}

function served(app: Host, appUrl: string): Stage {
  let world: Pick<LeaseWorld, 'db' | 'database'> | null = null
  const due = sql`select count(*)::int as n from work w cross join clock c
    where w.due_at <= clock_timestamp() + c.offset_ms * interval '1 millisecond'`

  async function idle(): Promise<void> {
    const until = performance.now() + PATIENCE_MS
    while (performance.now() < until) {
      const [row] = await world!.db.execute<{ n: number }>(due)
      if (row?.n === 0) return
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    throw new Error('the server did not do what is due')
  }

  return {
    appUrl,
    get driver(): Driver {
      throw new Error('this test needs the in-memory driver')
    },
    enter(next) {
      enter(next)
      world = next
    },
    minute: idle,
    async advance(by) {
      const goal = (await readClocks(world!.db)).now.getTime() + milliseconds(by)
      for (;;) {
        const { now } = await readClocks(world!.db)
        const [next] = await world!.db.execute<{ due: string | null }>(sql`
          select min(due_at) as due from work where due_at > ${now.toISOString()}`)
        const stop = Math.min(goal, next?.due ? new Date(next.due).getTime() : goal)
        await shift(world!, Math.max(0, stop - now.getTime()))
        await idle()
        if (stop === goal) return
      }
    },
    close: () => app.close(),
  }
}
