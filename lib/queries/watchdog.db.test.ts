import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { MINUTE } from '@/lib/domain/duration'
import { beat, SILENT_AFTER } from '@/lib/engine/heartbeat'
import { startLoop, sweepOnce } from '@/lib/engine/loop'
import { exposition, type Metric } from '@/lib/metrics'
import { sweep } from '@/lib/sweep'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { grantCounts } from './grants'
import { readHealth } from './health'
import { LATENESS_BOUNDS, readMetrics } from './metrics'
import { readWatchdog, schedulerWords } from './watchdog'

/** The target answers nobody. */
const away = { kind: 'status', status: 503, times: 1000 } as const

const shared = globalThis as { leaseholdDatabase?: LeaseWorld['database'] }
let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const watch = () => readWatchdog(world.db)

/** As if nobody had gone over what is due for so long. */
async function silentFor(seconds: number): Promise<void> {
  await world.db
    .update(schema.heartbeat)
    .set({ at: sql`clock_timestamp() - ${seconds} * interval '1 second'` })
}

/** Moves the clock, and nothing else: as if no process lived. */
async function timePasses(seconds: number): Promise<void> {
  await world.db
    .update(schema.clock)
    .set({ offsetMs: sql`${schema.clock.offsetMs} + ${seconds * 1000}::int` })
}

describe('the sign of life', () => {
  it('never given, nothing is alive', async () => {
    expect(await watch()).toMatchObject({ alive: false, silentSeconds: null })
    expect(schedulerWords(await watch())).toBe('never seen')
  })

  it('is given by a loop that goes round, and not by one that stopped', async () => {
    const loop = startLoop(world.database)
    await vi.waitFor(async () => expect((await watch()).alive).toBe(true), 10_000)
    await loop.stop()
    await silentFor(SILENT_AFTER.loop + 1)
    expect(await watch()).toMatchObject({ alive: false })
    expect(schedulerWords(await watch())).toMatch(/^silent for 3[12] s$/)
  })

  it('is given by every sweep, which is missed only after three', async () => {
    shared.leaseholdDatabase = world.database
    await sweep().finally(() => {
      shared.leaseholdDatabase = undefined
    })
    await silentFor(2 * MINUTE)
    expect(await watch()).toMatchObject({ alive: true })
    await silentFor(3 * MINUTE + 1)
    expect(await watch()).toMatchObject({ alive: false })
  })

  it('is not given by what somebody’s action does on the way, or people at work would hide a dead cron', async () => {
    await sweepOnce(world.database)
    expect(await watch()).toMatchObject({ alive: false, silentSeconds: null })
  })

  it('of either is enough: a sweep stands in for a loop that died', async () => {
    await beat(world.db, 'loop')
    await silentFor(90)
    expect((await watch()).alive).toBe(false)
    await beat(world.db, 'sweep')
    expect((await watch()).alive).toBe(true)
  })

  it('is missed by the clock of the database, which no demo moves', async () => {
    await beat(world.db, 'loop')
    await timePasses(3600)
    expect((await watch()).alive).toBe(true)
  })
})

describe('what should be gone, with no worker alive', () => {
  it('is due from its end and overdue a minute later, by the rows alone', async () => {
    const grantId = await world.approved()
    await world.drain()
    expect(await watch()).toMatchObject({ due: 0, overdue: 0, longestSeconds: 0 })
    await timePasses(6 * 3600 + 30)
    // Nobody took it, nobody raised the alarm, and the row still calls itself active.
    expect((await world.grant(grantId)).state).toBe('active')
    expect(await watch()).toMatchObject({ due: 1, overdue: 0 })
    await timePasses(60)
    const late = await watch()
    expect(late).toMatchObject({ alive: false, due: 1, overdue: 1 })
    expect(late.longestSeconds).toBeGreaterThanOrEqual(85)
    expect(late.longestSeconds).toBeLessThan(120)
    const { now } = await clock()
    expect(await grantCounts(world.as(world.ines), { now, zone: 'UTC' })).toMatchObject({ overdue: 1 })
    await world.drain()
    expect(await watch()).toMatchObject({ due: 0, overdue: 0, longestSeconds: 0 })
  })

  it('is overdue also where its alarm was lost', async () => {
    await world.approved()
    await world.drain()
    await world.db.delete(schema.work).where(eq(schema.work.kind, 'alarm'))
    await timePasses(6 * 3600 + 61)
    expect(await watch()).toMatchObject({ overdue: 1 })
    // The next test's ledger wants it back.
    await world.drain()
  })

  it('stays overdue while the target cannot be reached, and counts from the end', async () => {
    await world.approved()
    await world.drain()
    world.target.fault(away)
    await world.advance('+6h 10m')
    const late = await watch()
    expect(late).toMatchObject({ due: 1, overdue: 1 })
    expect(late.longestSeconds).toBeGreaterThanOrEqual(9 * 60)
    world.target.clear()
    await world.retryNow()
    expect(await watch()).toMatchObject({ due: 0, overdue: 0 })
  })

  it('is none of what was held before our first give', async () => {
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    const grantId = await world.approved()
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'active', preexisting: true })
    await timePasses(7 * 3600)
    expect(await watch()).toMatchObject({ due: 0, overdue: 0 })
  })
})

describe('health', () => {
  const checks = async (more?: { scheduler: boolean }) => (await readHealth(world.db, more)).checks

  it('says why it is red when nobody goes over what is due', async () => {
    await beat(world.db, 'loop')
    expect(await checks()).toMatchObject({ database: 'ok', migrations: 'ok', scheduler: 'ok' })
    await silentFor(95)
    const red = await readHealth(world.db)
    expect(red.ok).toBe(false)
    expect(red.checks.scheduler).toMatch(/^silent for 9[56] s$/)
  })

  it('of one node alone does not speak of the others', async () => {
    expect(await checks({ scheduler: false })).not.toHaveProperty('scheduler')
  })

  it('says that the database is away', async () => {
    const away = { execute: () => Promise.reject(new Error('connection refused')) } as never
    expect(await readHealth(away)).toMatchObject({
      ok: false,
      checks: { database: 'unreachable', scheduler: 'unknown' },
    })
  })
})

describe('metrics', () => {
  it('tell of a lease that ended on time, of calls, of the queue and of the connection', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.advance('+6h')
    const { lateMs } = await world.grant(grantId)
    await beat(world.db, 'loop')
    const read = parsed(await readMetrics(world.db))
    expect(read.get('leasehold_scheduler_up')).toBe(1)
    expect(read.get('leasehold_scheduler_silent_seconds')).toBeLessThan(30)
    expect(read.get('leasehold_ends_due')).toBe(0)
    expect(read.get('leasehold_end_lateness_seconds_count')).toBe(1)
    expect(read.get('leasehold_end_lateness_seconds_sum')).toBeCloseTo(Number(lateMs) / 1000, 3)
    const fits = LATENESS_BOUNDS.filter((le) => le * 1000 >= Number(lateMs))
    for (const le of LATENESS_BOUNDS)
      expect(read.get(`leasehold_end_lateness_seconds_bucket{le="${le}"}`)).toBe(fits.includes(le) ? 1 : 0)
    expect(read.get('leasehold_end_lateness_seconds_bucket{le="+Inf"}')).toBe(1)
    expect(read.get('leasehold_attempts_recent{class="ok"}')).toBeGreaterThanOrEqual(4)
    expect(read.get('leasehold_attempts_recent{class="auth"}')).toBe(0)
    const of = (state: string) =>
      read.get(
        `leasehold_connection_state{connection="${world.connectionId}",application="Data warehouse",connector="webhook",state="${state}"}`,
      )
    expect([of('untested'), of('healthy'), of('attention'), of('paused')]).toEqual([1, 0, 0, 0])
  })

  it('tell of one that is overdue, by which error, and what waits', async () => {
    await world.approved()
    await world.drain()
    world.target.fault(away)
    await world.advance('+6h 10m')
    const read = parsed(await readMetrics(world.db))
    expect(read.get('leasehold_ends_overdue')).toBe(1)
    expect(read.get('leasehold_overdue_seconds_max')).toBeGreaterThanOrEqual(9 * 60)
    expect(read.get('leasehold_attempts_recent{class="retryable"}')).toBeGreaterThanOrEqual(1)
    expect(read.get('leasehold_queue_due{kind="take"}')).toBe(1)
    expect(read.get('leasehold_end_lateness_seconds_count')).toBe(0)
    world.target.clear()
    await world.retryNow()
  })
})

async function clock(): Promise<{ now: Date }> {
  const [row] = await world.db.execute<{ now: string }>(sql`select leasehold_now() as now`)
  return { now: new Date(row!.now) }
}

/** Reads the text as Prometheus does: every line is a comment or a name with its labels and a number. */
function parsed(metrics: readonly Metric[]): Map<string, number> {
  const read = new Map<string, number>()
  for (const line of exposition(metrics).trimEnd().split('\n')) {
    if (/^# (HELP|TYPE) leasehold_[a-z_]+ \S/.test(line)) continue
    const found = /^(leasehold_[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\S+)$/.exec(line)
    expect(found, line).not.toBeNull()
    const [, name = '', value = ''] = found ?? []
    expect(read.has(name), `${name} stands there once`).toBe(false)
    read.set(name, Number(value))
    expect(read.get(name), line).not.toBeNaN()
  }
  return read
}
