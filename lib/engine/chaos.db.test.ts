import { pathToFileURL } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { type Db, openDatabase, schema } from '@/db/client'
import { createWorld } from '@/db/testing'
import { readClocks } from '@/lib/clock'
import type { Fault } from '@/lib/connectors/testing/target'
import { webhookConnector } from '@/lib/connectors/webhook'
import { plus } from '@/lib/domain/duration'
import { watchClock } from '@/lib/testing/check-ledger'
import { startLoop } from './loop'
import { performDue } from './perform'
import { createHerd, type Herd, type HerdSize } from './testing/chaos/herd'
import { startOwnPostgres } from './testing/chaos/postgres'
import { pass } from './testing/chaos/time'
import { forgetEngine, startEngine } from './testing/engine-process'

/** `npm run test:long`: ten thousand ends, of which `npm test` does some hundred. */
const long = process.env.TEST_LONG === '1'
const ENDS = long ? Number(process.env.TEST_ENDS ?? 10_000) : 500
const MINUTE = 60
const PATIENCE_MS = long ? 1_800_000 : 120_000

const closers: (() => Promise<unknown>)[] = []
const atEnd = (close: () => Promise<unknown>) => void closers.unshift(close)
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
afterAll(() => forgetEngine())

async function inAWhile(db: Db, seconds: number): Promise<Date> {
  return plus((await readClocks(db)).now, seconds)
}

/** Waits until every grant is over. */
async function over(db: Db): Promise<void> {
  await vi.waitFor(async () => expect(await db.$count(schema.grant, sql`state <> 'ended'`)).toBe(0), {
    timeout: PATIENCE_MS,
    interval: 100,
  })
}

/** The latest of a herd, in milliseconds after its end. */
async function latest(db: Db): Promise<number> {
  const [row] = await db.execute<{ ms: number }>(sql`select max(late_ms)::int as ms from "grant"`)
  return row!.ms
}

async function freshWorld() {
  const world = await createWorld()
  atEnd(() => world.close())
  return world
}

async function herdIn(db: Db, how: HerdSize): Promise<Herd> {
  const herd = await createHerd(db, how)
  atEnd(() => herd.close())
  return herd
}

describe('two engines at once', () => {
  it(`lose nothing of ${ENDS} ends while PostgreSQL stops at once three times`, {
    timeout: PATIENCE_MS * 2,
  }, async () => {
    const server = await startOwnPostgres()
    atEnd(() => server.close())
    const database = openDatabase(server.url, { name: 'leasehold-test' })
    atEnd(() => database.close())
    await watchClock(database.db)
    const systems = 10
    const herd = await herdIn(database.db, {
      systems,
      each: ENDS / systems,
      endsAt: await inAWhile(database.db, ENDS / 100),
    })
    let dead = 0
    const engines = await Promise.all([1, 2].map(() => startEngine({ url: server.url })))
    for (const engine of engines) {
      atEnd(engine.kill)
      void engine.died.then(() => dead++)
      await engine.up
    }
    for (const part of [0.2, 0.5, 0.8]) {
      await herd.untilTaken(Math.round(ENDS * part))
      await server.crash()
    }
    await over(database.db)
    expect(dead, 'engines that did not outlive it').toBe(0)
    for (const engine of engines) engine.stop()
    await Promise.all(engines.map((engine) => engine.died))
    await herd.check()
  })
})

describe('targets that are ill', () => {
  const ills: Record<string, { fault: Fault; minutes: number }> = {
    'is well': { fault: { kind: 'delay', ms: 1, times: 1 }, minutes: 0 },
    'does it and then resets': {
      fault: { kind: 'reset', at: 'after', on: 'grant.revoke', times: 1e9 },
      minutes: 5,
    },
    hangs: { fault: { kind: 'hang', at: 'before', times: 1e9 }, minutes: 15 },
    drips: { fault: { kind: 'drip', times: 1e9 }, minutes: 15 },
    'answers 429 for an hour': {
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '3600' }, times: 1e9 },
      minutes: 60,
    },
    'is not reached for six hours': { fault: { kind: 'reset', at: 'before', times: 1e9 }, minutes: 360 },
  }
  /** From one look of the engine to the next while they are ill, in minutes. */
  const STEP = 5
  /** Back, it is gone within a minute; a rate limit is asked about every quarter of an hour. */
  const BACK_MINUTES = 16
  const EACH = 6
  const CALL_MS = 300

  it('keep what is theirs waiting, and nobody else’s, and no longer than they are', {
    timeout: PATIENCE_MS,
  }, async () => {
    // A call that is never answered takes real time.
    const { limits } = webhookConnector as { limits: { callTimeoutMs: number } }
    const usual = limits.callTimeoutMs
    limits.callTimeoutMs = CALL_MS
    atEnd(async () => {
      limits.callTimeoutMs = usual
    })
    const { db } = await freshWorld()
    const names = Object.keys(ills)
    const herd = await herdIn(db, { systems: names.length, each: EACH, endsAt: await inAWhile(db, 1) })
    names.forEach((name, i) => void herd.systems[i]!.target.fault(ills[name]!.fault))
    const work = async () => {
      while ((await performDue(db, { width: 64, kinds: ['take', 'alarm'] })) > 0);
    }
    const left = async () =>
      Promise.all(
        herd.systems.map(({ connectionId }) =>
          db.$count(
            schema.grant,
            sql`state <> 'ended' and application_id in (select id from application where connection_id = ${connectionId})`,
          ),
        ),
      )
    await pass(db, 1)
    await work()
    expect((await left())[0], 'whoever is well is done at once').toBe(0)
    const backAt = new Map<number, number>()
    for (let minute = 0; minute <= 360 + BACK_MINUTES; ) {
      const open = await left()
      for (const [i, name] of names.entries()) {
        const { minutes } = ills[name]!
        if (open[i] === 0 && !backAt.has(i)) backAt.set(i, minute)
        if (minute >= minutes) herd.systems[i]!.target.clear()
        const patience = name.includes('429') ? BACK_MINUTES : 1
        if (minute > minutes + patience)
          expect(open[i], `of the one that ${name}, after ${minute} minutes`).toBe(0)
      }
      if (open.every((n) => n === 0)) break
      // Just back: minute by minute.
      const near = names.some((name, i) => open[i]! > 0 && minute >= ills[name]!.minutes)
      const step = near ? 0.5 : STEP
      await pass(db, step * MINUTE)
      await work()
      minute += step
    }
    expect(await left()).toEqual(names.map(() => 0))
    expect(backAt.get(names.indexOf('answers 429 for an hour'))).toBeGreaterThanOrEqual(60)
    expect(backAt.get(names.indexOf('is not reached for six hours'))).toBeGreaterThanOrEqual(360)
    await herd.check()
  })
})

describe('a stop while calls are under way', () => {
  it('finishes or gives back thirty of them within 30 s, and no take is lost', {
    timeout: PATIENCE_MS,
  }, async () => {
    const world = await freshWorld()
    const { db } = world
    const systems = 4
    const herd = await herdIn(db, { systems, each: 8, endsAt: await inAWhile(db, 0) })
    // Half of them answer in time, half hang until they are cut short.
    herd.systems.forEach(
      ({ target }, i) =>
        void target.fault({ kind: 'delay', ms: i < 2 ? 3_000 : 60_000, on: 'grant.revoke', times: 8 }),
    )
    const engine = await startEngine({ url: world.url })
    atEnd(engine.kill)
    const revokes = () =>
      herd.systems.flatMap(({ target }) => target.calls.filter(({ type }) => type === 'grant.revoke'))
    await vi.waitFor(() => expect(revokes().length).toBeGreaterThanOrEqual(30), {
      timeout: 60_000,
      interval: 20,
    })
    const under = revokes().filter(({ status }) => status === null).length
    expect(under).toBeGreaterThanOrEqual(30)

    const told = performance.now()
    engine.stop()
    expect(await engine.died, 'it ended by itself').toBeNull()
    expect(performance.now() - told).toBeLessThan(30_000)
    const [held] = await db.execute<{ leased: number; lost: number; ended: number }>(sql`
      select (select count(*)::int from work where lease_until > clock_timestamp()) as leased,
        (select count(*)::int from "grant" where state = 'ended') as ended,
        (select count(*)::int from "grant" g where state <> 'ended' and not exists
          (select from work w where w.kind = 'take' and w.subject_id = g.id)) as lost`)
    expect(held).toMatchObject({ leased: 0, lost: 0 })
    expect(held!.ended, 'of sixteen that were answered').toBeGreaterThan(0)

    for (const { target } of herd.systems) target.clear()
    await pass(db, 30)
    const loop = startLoop(world.database)
    await over(db).finally(() => loop.stop())
    await herd.check()
  })
})

describe('a host whose clock is wrong', () => {
  const preload = pathToFileURL(`${import.meta.dirname}/testing/chaos/shifted-clock.mjs`).href
  /** Ends are not early by a millisecond, and late only by what the work takes. */
  const LATE_MS = 5_000

  it.for([2, -2])(
    'by %i hours ends everything on time: the database’s clock is asked',
    { timeout: PATIENCE_MS },
    async (hours) => {
      const world = await freshWorld()
      const engine = await startEngine({
        url: world.url,
        env: {
          HOST_CLOCK_SHIFT_MS: String(hours * 3_600_000),
          NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${preload}`,
        },
      })
      atEnd(engine.kill)
      await engine.up
      const endsAt = await inAWhile(world.db, 2)
      const herd = await herdIn(world.db, { systems: 2, each: 10, endsAt })
      await over(world.db)
      const effects = herd.systems.flatMap(({ target }) => target.state.effects)
      for (const { act, at } of effects)
        if (act === 'taken') expect(at.getTime()).toBeGreaterThanOrEqual(endsAt.getTime())
      expect(await latest(world.db)).toBeLessThan(LATE_MS)
      await herd.check()
    },
  )
})
