import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, migrateDatabase, migrationsFingerprint } from './migrations.mjs'
import { ensurePostgres } from './postgres.mjs'

let dir: string

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'leasehold-pg-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function ask<T>(url: string, question: string): Promise<T | undefined> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  try {
    const [row] = await sql.unsafe(question)
    return row?.answer
  } finally {
    await sql.end({ timeout: 1 })
  }
}

test('starts a server that knows every letter, joins it, and the last one out stops it', async () => {
  const first = await ensurePostgres({ dir, url: '' })
  expect(await ask(first.adminUrl, "select lower('ÄÖÉ') as answer")).toBe('äöé')
  expect(await ask(first.adminUrl, "select current_setting('fsync') as answer")).toBe('on')
  expect(
    Number(await ask(first.adminUrl, "select current_setting('max_connections') as answer")),
  ).toBeGreaterThanOrEqual(200)

  const told: string[] = []
  const second = await ensurePostgres({ dir, url: '', log: (line) => told.push(line) })
  expect(second.adminUrl).toBe(first.adminUrl)
  expect(told.join()).toContain('already running')
  await first.stop()
  await first.stop()
  expect(await ask(second.adminUrl, 'select 1 as answer')).toBe(1)
  await second.stop()
  await expect(ask(second.adminUrl, 'select 1 as answer')).rejects.toThrow(/ECONNREFUSED/)

  const again = await ensurePostgres({ dir, url: '' })
  expect(again.adminUrl).toBe(first.adminUrl)
  await again.stop()

  writeFileSync(path.join(dir, 'data/PG_VERSION'), '12\n')
  await expect(ensurePostgres({ dir, url: '' })).rejects.toThrow(
    /was made by PostgreSQL 12 and this is PostgreSQL \d+/,
  )
})

test('with an address it starts nothing and only names databases', async () => {
  const given = await ensurePostgres({
    dir,
    url: 'postgres://me:secret@db.example:5432/main?sslmode=require',
  })
  expect(given.adminUrl).toBe('postgres://me:secret@db.example:5432/main?sslmode=require')
  expect(given.urlFor('other')).toBe('postgres://me:secret@db.example:5432/other?sslmode=require')
})

test('starts that migrate at the same time do it once, and a broken one changes nothing', async () => {
  const admin = process.env.TEST_ADMIN_URL ?? ''
  const name = `leasehold_migrations_${process.pid}`
  const url = new URL(admin)
  url.pathname = `/${name}`
  expect(await createDatabase(admin, name)).toBe(true)
  expect(await createDatabase(admin, name)).toBe(false)
  try {
    await Promise.all([migrateDatabase(url.href), migrateDatabase(url.href), migrateDatabase(url.href)])
    const once = 'select count(*) = count(distinct hash) as answer from drizzle.__drizzle_migrations'
    expect(await ask(url.href, once)).toBe(true)

    const broken = path.join(dir, 'broken')
    rmSync(broken, { recursive: true, force: true })
    await writeMigration(broken, 'create table left_over (id int); select no_such_function();')
    await expect(migrateDatabase(url.href, broken)).rejects.toThrow(/no_such_function/)
    expect(await ask(url.href, "select to_regclass('left_over') as answer")).toBeNull()
    const other = migrationsFingerprint(broken)
    await writeMigration(broken, 'select 1;')
    expect(migrationsFingerprint(broken)).not.toBe(other)
  } finally {
    await ask(admin, `drop database "${name}" with (force)`)
  }
})

async function writeMigration(folder: string, statements: string): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises')
  await mkdir(path.join(folder, 'meta'), { recursive: true })
  const entry = { idx: 0, version: '7', when: Date.now() + 86_400_000, tag: '0000_broken', breakpoints: true }
  const journal = { version: '7', dialect: 'postgresql', entries: [entry] }
  await writeFile(path.join(folder, 'meta/_journal.json'), JSON.stringify(journal))
  await writeFile(path.join(folder, '0000_broken.sql'), statements)
}
