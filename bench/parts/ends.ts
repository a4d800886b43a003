import { sql } from 'drizzle-orm'
import type { Database } from '@/db/client'
import { startEngine } from '@/lib/engine/testing/engine-process'
import { emptyDatabase } from '../lib/databases'
import { type Leases, peopleFor, plantLeases } from '../lib/leases'
import { rounded } from '../lib/numbers'
import type { Bench } from '../lib/part'
import { cpuSeconds } from '../lib/processes'
import { startBenchTarget, type TargetManner } from '../lib/target'
import { until } from '../lib/until'

/** How long the machine is given to write the leases down before the first of them ends. */
const leadMs = (count: number) => 4000 + count

export interface Ends {
  /** For each lease: how long after its end its access was gone from the target, milliseconds. */
  readonly late: readonly number[]
  /** Accesses that never went. */
  readonly lost: number
  /** Accesses that went before their end. */
  readonly early: number
  /** From the last end until all were seen absent, milliseconds. */
  readonly seenMs: number
  /** Seconds of processor time that the engine's process used, from before the first end until all was seen. */
  readonly cpuSeconds: number
  readonly calls: number
  readonly failed: number
}

interface Course {
  readonly database: string
  readonly count: number
  readonly connections: number
  readonly manner: Pick<TargetManner, 'delayMs' | 'errors'>
  /** When the lease of number `n` ends, milliseconds after the first. */
  readonly spreadMs: number
  readonly patienceMs: number
}

/** Lets leases end under an engine in a process of its own, and reads in the target what became of them. */
export async function runEnds(bench: Bench, course: Course): Promise<Ends> {
  const { count, connections } = course
  const entitlements = connections
  const { url, database } = await emptyDatabase(bench.server, course.database)
  bench.closers.add(() => database.close())
  const target = await startBenchTarget({
    ...course.manner,
    entitlements,
    held: true,
    accounts: peopleFor({ count, entitlements }),
    seed: bench.seed,
  })
  bench.closers.add(() => target.stop())
  const engine = await startEngine({ url })
  bench.closers.add(() => engine.kill())
  await engine.up
  const lead = leadMs(count)
  // Spread evenly and in no order: each step of the golden ratio falls into the widest gap that is left.
  const endsAt: Leases['endsAt'] = (n, plantedAt) => sql`date_trunc('milliseconds', ${plantedAt}
    + ${lead}::int * interval '1 millisecond'
    + (${n} * 0.6180339887498949 % 1) * ${course.spreadMs}::int * interval '1 millisecond')`
  const plantedAt = await plantLeases(database, { count, connections, entitlements, url: target.url, endsAt })
  await database.db.execute(sql`analyze`)
  const first = plantedAt.getTime() + lead
  if (Date.now() >= first)
    throw new Error('Writing the leases down took longer than it was given; use a smaller --scale.')
  const cpuBefore = cpuSeconds(engine.pid)
  const deadline = first + course.spreadMs + course.patienceMs
  bench.say(`${count} leases end ${course.spreadMs ? `over ${course.spreadMs / 1000} s` : 'at once'} …`)
  await until(async () => (await target.seen()).effects >= count, { deadline, everyMs: 250 })
  await until(async () => (await unseen(database)) === 0, { deadline, everyMs: 500 })
  const cpu = cpuSeconds(engine.pid) - cpuBefore
  const ends = await endsOf(database)
  const seen = await target.seen()
  const effects = await target.effects()
  engine.stop()
  await engine.died
  const gone = new Map(
    effects.map((effect) => [`${effect.entitlement} ${effect.account}`, effect.at.getTime()]),
  )
  const late = ends.flatMap(({ access, endsAt }) => {
    const at = gone.get(access)
    return at === undefined ? [] : [at - endsAt]
  })
  const last = Math.max(...ends.map((end) => end.endsAt))
  const seenAt = await lastSeen(database)
  return {
    late,
    lost: count - late.length,
    early: late.filter((ms) => ms < 0).length,
    seenMs: seenAt === null ? Number.POSITIVE_INFINITY : seenAt - last,
    cpuSeconds: rounded(cpu),
    calls: seen.calls,
    failed: seen.failed,
  }
}

async function endsOf({ db }: Database): Promise<{ access: string; endsAt: number }[]> {
  const rows = await db.execute<{ access: string; ends_at: string }>(sql`
    select e.external_id || ' ' || a.external_id as access, g.ends_at from "grant" g
    join entitlement e on e.id = g.entitlement_id join account a on a.id = g.account_id`)
  return rows.map((row) => ({ access: row.access, endsAt: new Date(row.ends_at).getTime() }))
}

async function unseen({ db }: Database): Promise<number> {
  const [row] = await db.execute<{ n: string }>(
    sql`select count(*) as n from "grant" where state <> 'ended' or seen_absent_at is null`,
  )
  return Number(row?.n)
}

/** Null while one was not seen absent. */
async function lastSeen(database: Database): Promise<number | null> {
  if ((await unseen(database)) > 0) return null
  const [row] = await database.db.execute<{ at: string }>(sql`select max(seen_absent_at) as at from "grant"`)
  return new Date(row!.at).getTime()
}
