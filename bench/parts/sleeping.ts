import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { startEngine } from '@/lib/engine/testing/engine-process'
import { ask, emptyDatabase, keptDatabase } from '../lib/databases'
import { plantLeases } from '../lib/leases'
import { rounded } from '../lib/numbers'
import type { Bench, Figure, Part } from '../lib/part'
import { cpuSeconds, memoryMb } from '../lib/processes'

const MANY = 1_000_000
const FEW = 1_000
const ENTITLEMENTS = 100
/** Nobody answers there, and nobody is asked: all of them end in a year. */
const NOBODY = 'http://127.0.0.1:9/leasehold'
/** It starts, looks after what it found, and comes to rest. */
const SETTLE_MS = 30_000
const WATCHED_MS = 60_000

/** A database with so many active leases that all end in a year; one that an earlier run made is taken as it is. */
async function sleepers(bench: Bench, count: number): Promise<string> {
  const name = `bench_sleeping_${count}`
  const { url, database } = await keptDatabase(bench.server, name)
  try {
    const [row] = await database.db.execute<{ n: string }>(sql`select count(*) as n from "grant"`)
    if (Number(row?.n) === count) return url
  } finally {
    await database.close()
  }
  const empty = await emptyDatabase(bench.server, name)
  try {
    bench.say(`Planting ${count} leases …`)
    await plantLeases(empty.database, {
      count,
      connections: 1,
      entitlements: ENTITLEMENTS,
      url: NOBODY,
      archived: true,
      timeline: false,
      endsAt: (n, plantedAt) => sql`${plantedAt} + interval '300 days' + ${n} * interval '1 second'`,
    })
    await empty.database.db.execute(sql`vacuum analyze`)
    return empty.url
  } finally {
    await empty.database.close()
  }
}

/** The processes that serve the engine's connections. */
async function backends(url: string): Promise<number[]> {
  const rows = await ask(
    url,
    (sql) => sql<{ pid: number }[]>`
      select pid from pg_stat_activity where datname = current_database() and application_name = 'leasehold'`,
  )
  return rows.map(({ pid }) => pid)
}

const sum = (pids: readonly number[]) => pids.reduce((seconds, pid) => seconds + cpuSeconds(pid), 0)

interface Rest {
  /** The share of one processor's time, in percent. */
  readonly cpu: number
  /** The same of PostgreSQL, for what the engine asks it. */
  readonly databaseCpu: number
  readonly memory: number
}

/** The engine alone, left in peace: what it uses once it has come to rest. */
async function atRest(bench: Bench, count: number): Promise<Rest> {
  const url = await sleepers(bench, count)
  const engine = await startEngine({ url })
  const forget = bench.closers.add(() => engine.kill())
  try {
    await engine.up
    await delay(SETTLE_MS)
    const before = cpuSeconds(engine.pid)
    const asked = await backends(url)
    const askedBefore = sum(asked)
    const began = performance.now()
    await delay(WATCHED_MS)
    const watched = (performance.now() - began) / 1000
    const share = (seconds: number) => rounded((seconds / watched) * 100)
    return {
      cpu: share(cpuSeconds(engine.pid) - before),
      databaseCpu: share(sum(asked) - askedBefore),
      memory: rounded(memoryMb(engine.pid), 1),
    }
  } finally {
    engine.stop()
    await engine.died
    forget()
  }
}

export const sleepingPart: Part = {
  name: 'sleeping',
  what: 'the engine beside a million leases that end much later, and beside a thousand',
  async run(bench): Promise<Figure[]> {
    const few = await atRest(bench, FEW)
    const many = await atRest(bench, Math.round(MANY * bench.scale))
    return [
      { what: 'Processor at rest, a million', measured: many.cpu, unit: '%', bound: { atMost: 1 } },
      { what: 'Processor at rest, a thousand', measured: few.cpu, unit: '%', bound: null },
      {
        what: 'Processor of PostgreSQL for it, a million',
        measured: many.databaseCpu,
        unit: '%',
        bound: null,
      },
      {
        what: 'Processor of PostgreSQL for it, a thousand',
        measured: few.databaseCpu,
        unit: '%',
        bound: null,
      },
      {
        what: 'Memory, a million more than a thousand',
        measured: rounded(many.memory - few.memory, 1),
        unit: 'MB',
        bound: { atMost: 20 },
      },
      { what: 'Memory, a million', measured: many.memory, unit: 'MB', bound: null },
    ]
  },
}
