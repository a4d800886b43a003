import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { runMigrations } from 'graphile-worker'
import type { Database } from '@/db/client'
import { startEngine } from '@/lib/engine/testing/engine-process'
import { ask, emptyDatabase } from '../lib/databases'
import { peopleFor, plantLeases } from '../lib/leases'
import { rounded } from '../lib/numbers'
import type { Bench, Part } from '../lib/part'
import { until } from '../lib/until'

const ITEMS = 10_000
const ENTITLEMENTS = 16
/** Connections to PostgreSQL: our pool's number, and so many jobs the other one does at once. */
const AT_ONCE = 10
const PATIENCE_MS = 300_000
const NOBODY = 'http://127.0.0.1:9/leasehold'

/**
 * Our work items that do nothing outside: the ends of leases that were held before us, so that nothing is taken. Each
 * is claimed, locked, decided by the machine, saved with its timeline entry, and done. Whoever is to be told knows it
 * already, so no mail is among them. Items a second, from the first entry to the last.
 */
async function ours(bench: Bench, count: number): Promise<number> {
  const { url, database } = await emptyDatabase(bench.server, 'bench_throughput')
  bench.closers.add(() => database.close())
  await plantLeases(database, {
    count,
    connections: ENTITLEMENTS,
    entitlements: ENTITLEMENTS,
    url: NOBODY,
    archived: true,
    preexisting: true,
    endsAt: (_, plantedAt) => sql`${plantedAt}`,
  })
  await tellEverybody(database)
  await database.db.execute(sql`vacuum analyze`)
  const engine = await startEngine({ url })
  bench.closers.add(() => engine.kill())
  await engine.up
  const all = await until(async () => (await left(database)) === 0, {
    deadline: Date.now() + PATIENCE_MS,
    everyMs: 500,
  })
  engine.stop()
  await engine.died
  if (!all) throw new Error(`After ${PATIENCE_MS / 1000} s there was work left.`)
  const [row] = await database.db.execute<{ n: string; seconds: string }>(sql`
    select count(*) as n, extract(epoch from max(at) - min(at)) as seconds from timeline where version = 2`)
  if (Number(row?.n) !== count) throw new Error(`${count} items left ${row?.n} entries.`)
  return count / Number(row?.seconds)
}

async function tellEverybody({ db }: Database): Promise<void> {
  await db.execute(sql`
    insert into mail (id, occasion, kind, person_id, recipient, grant_id, data, state, created_at, sent_at)
    select gen_random_uuid(), 'access-ended:' || g.id || ':' || g.version, 'access-ended', p.id, p.email, g.id, '{}',
      'sent', g.created_at, g.created_at
    from "grant" g join person p on p.id = g.person_id`)
}

async function left({ db }: Database): Promise<number> {
  const [row] = await db.execute<{ n: string }>(sql`select count(*) as n from work where kind = 'take'`)
  return Number(row?.n)
}

/** Jobs of graphile-worker that do nothing, a second. */
async function theirs(bench: Bench, count: number): Promise<number> {
  const name = 'bench_throughput_graphile'
  await bench.server.drop(name)
  await ask(bench.server.adminUrl, (sql) => sql`create database ${sql(name)}`)
  const url = bench.server.urlFor(name)
  await runMigrations({ connectionString: url })
  await ask(url, async (sql) => {
    await sql`
      select count(*) from graphile_worker.add_jobs(array(
        select json_populate_record(null::graphile_worker.job_spec, '{"identifier": "nothing"}')
        from generate_series(1, ${count}::int)))`
    await sql`vacuum analyze`
  })
  const child = fork(
    path.join(import.meta.dirname, '../lib/graphile-process.ts'),
    [String(count), String(AT_ONCE)],
    {
      env: { ...process.env, DATABASE_URL: url, NO_LOG_SUCCESS: '1' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  bench.closers.add(() => child.kill('SIGKILL'))
  const [milliseconds] = (await once(child, 'message')) as [number]
  child.send('stop')
  await once(child, 'exit')
  return (count / milliseconds) * 1000
}

export const throughputPart: Part = {
  name: 'throughput',
  what: 'work that does nothing outside, beside jobs of graphile-worker that do nothing',
  async run(bench) {
    const count = Math.round(ITEMS * bench.scale)
    if (peopleFor({ count, entitlements: ENTITLEMENTS }) < 1) throw new Error('There is nothing to do.')
    const other = await theirs(bench, count)
    const own = await ours(bench, count)
    return [
      { what: 'Ours ÷ graphile-worker’s', measured: rounded(own / other), unit: '', bound: { atLeast: 0.5 } },
      {
        what: 'Ours, each with its timeline entry',
        measured: Math.round(own),
        unit: 'a second',
        bound: null,
      },
      { what: 'graphile-worker’s', measured: Math.round(other), unit: 'a second', bound: null },
    ]
  },
}
