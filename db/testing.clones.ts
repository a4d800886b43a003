import 'server-only'
import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { watchClock } from '../lib/testing/check-ledger'
import { type Database, openDatabase, openPool, type Pool } from './client'

/** A database as the migrations leave it, for one test at a time. */
export interface Clone {
  readonly database: Database
  /** The same database again, for many at once: as many connections as there are {@link CLIENTS}. */
  readonly clients: Database
  readonly url: string
  /** Lets go of it: the next test of this process may have it, emptied. */
  close(): Promise<void>
}

interface Spare {
  readonly name: string
  readonly pool: Pool
  readonly crowd: Pool
  /** What its catalogue looked like when it was made. */
  readonly shape: string
}

/** As many clients as are let through at once, each on a connection of its own. */
export const CLIENTS = 64

/** What PostgreSQL calls the connections that stay open between tests. */
const POOL = 'leasehold-test-pool'

/** What no test of this process uses now. Making a database takes twenty times as long as emptying one. */
const spares: Spare[] = []

/**
 * A database that holds what the migrated template holds, and whose moves of the clock are remembered. One that a
 * test has left is emptied and given again, unless that test changed its tables, functions or triggers.
 * Needs TEST_ADMIN_URL, TEST_TEMPLATE and TEST_RUN, which `testing.setup.ts` gives.
 */
export async function takeClone(): Promise<Clone> {
  for (let spare = spares.pop(); spare; spare = spares.pop()) {
    if (await emptied(spare)) return cloneOf(spare)
    await Promise.all([spare.pool.end({ timeout: 5 }), spare.crowd.end({ timeout: 5 })])
  }
  const { TEST_ADMIN_URL: adminUrl, TEST_TEMPLATE: template, TEST_RUN: run } = process.env
  if (!adminUrl || !template) throw new Error('run database tests through the vitest project "database"')
  const name = `test_${run}_${randomBytes(6).toString('hex')}`
  const admin = openPool(adminUrl, { max: 1 })
  await admin.unsafe(`create database ${name} template ${template}`)
  await admin.end({ timeout: 5 })
  const pool = openPool(urlOf(name), { max: 20, name: POOL })
  const { db } = openDatabase(urlOf(name), { pool })
  await watchClock(db)
  await keepFirstRows(db)
  // So many are not kept for tests that need no crowd.
  const crowd = openPool(`${urlOf(name)}?idle_timeout=5`, { max: CLIENTS, name: POOL })
  return cloneOf({ name, pool, crowd, shape: await shapeOf(db) })
}

const urlOf = (name: string) =>
  Object.assign(new URL(process.env.TEST_ADMIN_URL ?? ''), { pathname: `/${name}` }).href

function cloneOf(spare: Spare): Clone {
  const url = urlOf(spare.name)
  const database = openDatabase(url, { pool: spare.pool })
  const clients = openDatabase(url, { pool: spare.crowd })
  return {
    database,
    clients,
    url,
    async close() {
      await Promise.all([database.close(), clients.close()])
      spares.push(spare)
    },
  }
}

/** Every change of the catalogue leaves another transaction in it. */
async function shapeOf(db: Pick<Database['db'], 'execute'>): Promise<string> {
  const [row] = await db.execute<{ shape: string }>(sql`
    with mine as (select oid, xmin from pg_class where relnamespace = 'public'::regnamespace)
    select concat_ws(' ',
      (select sum(xmin::text::bigint) from mine),
      (select sum(xmin::text::bigint) from pg_attribute where attrelid in (select oid from mine)),
      (select sum(xmin::text::bigint) from pg_constraint where connamespace = 'public'::regnamespace),
      (select sum(xmin::text::bigint) from pg_trigger where tgrelid in (select oid from mine)),
      (select sum(xmin::text::bigint) from pg_proc where pronamespace = 'public'::regnamespace)) as shape`)
  return row?.shape ?? ''
}

/** Remembers what the migrations themselves wrote. */
async function keepFirstRows(db: Database['db']): Promise<void> {
  await db.execute(sql`
    do $$ declare one regclass; filled boolean; begin
      create schema first_rows;
      for one in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
        execute format('select exists (select from %s)', one) into filled;
        if filled then execute format('create table first_rows.%1$s as table public.%1$s', one); end if;
      end loop;
    end $$`)
}

/** Takes out what a test left behind. False, and nothing is done, when the database is not of that shape any more. */
async function emptied({ name, pool, shape }: Spare): Promise<boolean> {
  const { db } = openDatabase(urlOf(name), { pool })
  // Whatever a test left running must not write into the next one's. Connections of the pool that rest may stay.
  for (let others = 1; others > 0; ) {
    const rows = await db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and (application_name, state) is distinct from (${POOL}, 'idle')`)
    others = rows.length
  }
  return db.transaction(async (tx) => {
    if ((await shapeOf(tx)) !== shape) return false
    await tx.execute(sql`
      do $$ declare one regclass; filled boolean; begin
        set local session_replication_role = replica;
        for one in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
          execute format('select exists (select from %s)', one) into filled;
          if filled then execute format('delete from %s', one); end if;
        end loop;
        for one in select format('first_rows.%I', relname) from pg_class
          where relnamespace = 'first_rows'::regnamespace and relkind = 'r'
        loop
          execute format('insert into public.%I overriding system value table %s',
            (select relname from pg_class where oid = one), one);
        end loop;
        perform setval(format('%I.%I', schemaname, sequencename), start_value, false)
          from pg_sequences where schemaname = 'public' and last_value is not null;
      end $$`)
    return true
  })
}
