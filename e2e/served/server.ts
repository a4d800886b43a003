import { mkdirSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { schema } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { startTarget, type Target } from '@/lib/connectors/testing/target'
import { Closers } from '../../scripts/lib/closers.mjs'
import { onlyThese } from '../../scripts/lib/demo-settings.mjs'
import { loopbackPort } from '../../scripts/lib/ports.mjs'
import { inRoot } from '../../scripts/lib/root.mjs'
import { serveBuild } from '../../scripts/lib/serve.mjs'

/** The production build, served on a database and a target of one test file's own. Nothing happens by itself in it. */
export interface Served {
  readonly world: World
  readonly target: Target
  /** Where it listens: plain http, whatever `origin` says. */
  readonly base: string
  /** The address it believes to have, as APP_URL. */
  readonly origin: string
  readonly cronSecret: string
  readonly logFile: string
  /** The rows that were written since the last call, by table, but for the tables that tell of the looking. */
  written(): Promise<Record<string, number>>
  close(): Promise<void>
}

/** Rate counters and the refusal log, which invariant I12 excepts, and the chain, which follows entries by itself. */
const notWatched = ['rate_counter', 'refusal', 'seal', 'unsealed']

/** Nothing that is owed is done: what an action leaves to be done would be written while the next one is tried. */
export async function holdWork({ world }: Served): Promise<void> {
  await world.db.execute(
    sql.raw(`
    create function later() returns trigger language plpgsql as $$
      begin new.not_before := clock_timestamp() + interval '1 day'; return new; end $$;
    create trigger later before insert or update on work for each row execute function later();
    update work set attempt = attempt`),
  )
}

/** @param settings more settings for the server; `APP_URL` is the address it listens on unless given */
export async function serve(name: string, settings: Record<string, string> = {}): Promise<Served> {
  const closers = new Closers()
  try {
    const world = await createWorld()
    closers.add(() => world.close())
    // No loop runs here; the server is told that a sweep elsewhere does, or it would call itself unhealthy.
    await world.db
      .insert(schema.heartbeat)
      .values({ name: 'sweep', at: sql`clock_timestamp()`, boundSeconds: 86_400 })
    const target = await startTarget()
    closers.add(() => target.close())
    const watched = postgres(world.url, { max: 2, onnotice: () => {} })
    closers.add(() => watched.end({ timeout: 1 }))
    await watch(watched)
    const port = await loopbackPort(0)
    const base = `http://localhost:${port}`
    const cronSecret = 'only-for-the-tests-of-doors'
    const logFile = inRoot(`.data/served-${name}.log`)
    mkdirSync(inRoot('.data'), { recursive: true })
    const env: Record<string, string> = onlyThese({
      LEASEHOLD_MODE: 'test',
      LEASEHOLD_LOOP: 'off',
      LOG_LEVEL: 'info',
      APP_URL: base,
      DATABASE_URL: world.url,
      AUTH_SECRET: process.env.AUTH_SECRET ?? '',
      LEASEHOLD_SECRET_KEYS: process.env.LEASEHOLD_SECRET_KEYS ?? '',
      CRON_SECRET: cronSecret,
      EGRESS_ALLOW: 'loopback',
      ...settings,
    })
    await serveBuild({ port, env, logFile, closers })
    return {
      world,
      target,
      base,
      origin: env.APP_URL ?? base,
      cronSecret,
      logFile,
      async written() {
        const rows = await watched<{ name: string; rows: number }[]>`
          with gone as (delete from watched returning *)
          select "table" as name, count(*)::int as rows from gone group by 1 order by 1`
        return Object.fromEntries(rows.map((row) => [row.name, row.rows]))
      },
      close: () => closers.close(),
    }
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** Notes every row that is written from now on, but when a session was last seen, which invariant I12 excepts too. */
async function watch(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create table watched ("table" text not null);
    create function note_write() returns trigger language plpgsql as $$
      begin
        if tg_table_name = 'session' and tg_op = 'UPDATE'
          and to_jsonb(old) - 'last_seen_at' = to_jsonb(new) - 'last_seen_at' then return null; end if;
        insert into watched values (tg_table_name);
        return null;
      end $$;
    do $$
      declare name text;
      begin
        for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'watched'
          and tablename not in (${notWatched.map((table) => `'${table}'`).join(', ')})
        loop
          execute format('create trigger note_write after insert or update or delete on %I for each row
            execute function note_write()', name);
        end loop;
      end $$;`)
}
