import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { readClocks } from '@/lib/clock'
import { HOUR, plus } from '@/lib/domain/duration'
import { createHerd, type Herd } from '@/lib/engine/testing/chaos/herd'
import { pass } from '@/lib/engine/testing/chaos/time'
import { inngest } from './client'
import { grantApproved } from './events'
import { openStage, realServer, type Stage } from './testing/stage'

/** So many active grants, all of which end in one moment. */
const GRANTS = 1000
/** Runs that are started for real, to see that they sleep and are gone afterwards: each is some requests. */
const RUNS = 10
/** Nothing is later than the sweeps take that begin when it is over, and what passes before they do. */
const BEGINNING_MS = 1000

let stage: Stage
let world: World
let herd: Herd
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  world = await createWorld()
  stage.enter(world)
  const endsAt = plus((await readClocks(world.db)).now, HOUR)
  herd = await createHerd(world.db, { systems: 10, each: GRANTS / 10, endsAt })
})
afterEach(async () => {
  await world.close()
  await herd.close()
})

it.skipIf(realServer)(
  `${GRANTS} grants end on time although the job engine forgot every run`,
  { timeout: 300_000 },
  async () => {
    const { driver } = stage
    const some = herd.systems[0]!.grantIds.slice(0, RUNS)
    await inngest.send(some.map((grantId) => grantApproved.create({ grantId })))
    await driver.settle()
    expect(driver.runs.filter(({ state }) => state === 'waiting')).toHaveLength(RUNS)
    driver.wipe()
    expect(driver.runs).toEqual([])

    await pass(world.db, HOUR)
    const began = performance.now()
    const open = () => world.db.$count(schema.grant, sql`state <> 'ended'`)
    // The cron strikes; a sweep that has more to do than fits into its time leaves the rest to the next.
    while ((await open()) > 0) await stage.minute()
    const took = performance.now() - began
    const [row] = await world.db.execute<{ ms: number }>(sql`select max(late_ms)::int as ms from "grant"`)
    expect(row!.ms).toBeLessThan(BEGINNING_MS + took)
    await herd.check()
  },
)
