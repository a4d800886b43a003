import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase, openPool, schema } from './client'
import { createWorld, type World } from './testing'

let world: World
let database: Database
const open = (max: number) => {
  database = openDatabase(world.url, { max })
  return database.db
}

beforeEach(async () => {
  world = await createWorld()
})
afterEach(async () => {
  await database.close()
  await world.close()
})

it('a statement that comes again is prepared, one with a list is not', async () => {
  const db = open(1)
  for (const name of ['a', 'b', 'c']) {
    await db.query.person.findFirst({ where: sql`name = ${name}` })
    await db.transaction((tx) => tx.execute(sql`select 1 as inside where ${name} <> ''`))
    await db.execute(sql`select 2 where ${name} in (${'a'}, ${'b'})`)
    await db.insert(schema.group).values([
      { id: crypto.randomUUID(), name: `${name} one` },
      { id: crypto.randomUUID(), name: `${name} two` },
    ])
  }
  const kept = await db.execute<{ statement: string; runs: number }>(sql`
    select statement, (generic_plans + custom_plans)::int as runs from pg_prepared_statements
    where statement like 'select%$1%' order by statement`)
  expect(kept.map(({ statement, runs }) => [statement.slice(0, 30), runs])).toEqual([
    [expect.stringMatching(/^select "id"/), 3],
    ['select 1 as inside where $1 <>', 3],
  ])
})

it('what waits for a lock holds up nobody else', async () => {
  const db = open(2)
  const holder = postgres(world.url, { max: 1 })
  // The builder asks nothing before somebody waits for the answer.
  const wait = async (key: number) => db.execute(sql`select pg_advisory_lock_shared(${key}::bigint)`)
  const ask = async () => db.execute(sql`select 1 as one where ${'x'} <> ''`)
  // Both connections know both statements: the driver then could send one behind the other.
  await Promise.all([wait(3), wait(3)])
  await Promise.all([ask(), ask()])
  await holder`select pg_advisory_lock(1), pg_advisory_lock(2)`
  let first = false
  const waiting = wait(1).then(() => {
    first = true
  })
  const second = wait(2)
  const asked = ask()
  await holder`select pg_advisory_unlock(2)`
  await second
  expect(await asked).toEqual([{ one: 1 }])
  expect(first).toBe(false)
  await holder`select pg_advisory_unlock(1)`
  await waiting
  await holder.end()
})

it('an address says where nothing may be prepared', async () => {
  database = openDatabase(`${world.url}?prepare=false`, { max: 1 })
  for (const name of ['a', 'b']) await database.db.execute(sql`select 1 where ${name} <> ''`)
  expect(await database.db.execute(sql`select 1 from pg_prepared_statements`)).toEqual([])
})

it('what was closed refuses, and leaves the connections of somebody else open', async () => {
  const pool = openPool(world.url, { max: 1 })
  database = openDatabase(world.url, { pool })
  await database.close()
  await expect(async () => database.db.execute(sql`select 1`)).rejects.toMatchObject({
    cause: { message: 'this database was closed' },
  })
  expect(await pool`select 1 as one`).toEqual([{ one: 1 }])
  await pool.end()
})
