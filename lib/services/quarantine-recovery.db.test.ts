import { appendFileSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '@/db/client'
import { createDatabase, migrateDatabase } from '../../scripts/lib/migrations.mjs'
import { ensurePostgres } from '../../scripts/lib/postgres.mjs'
import { watchForRestore } from './quarantine'
import { inQuarantine } from './quarantine-state'

type Server = Awaited<ReturnType<typeof ensurePostgres>>
const watching = { QUARANTINE_MARKER_FILE: undefined, QUARANTINE_TIMELINE: 'watch' } as const
const ignoring = { ...watching, QUARANTINE_TIMELINE: 'ignore' } as const

let dir: string
let server: Server
let database: Database

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'leasehold-recovery-'))
  server = await ensurePostgres({ dir, url: '', throwaway: true })
  for (const name of ['watched', 'ignored']) {
    await createDatabase(server.adminUrl, name)
    await migrateDatabase(server.urlFor(name))
  }
})
afterAll(async () => {
  await server?.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** Works on one of the databases, as the server stands now. */
async function on<R>(name: string, run: (db: Database['db']) => Promise<R>): Promise<R> {
  database = openDatabase(server.urlFor(name), { max: 2, name: 'leasehold-test' })
  try {
    return await run(database.db)
  } finally {
    await database.close()
  }
}

/** Recovers the cluster to the last point that its log knows, as a recovery to a point in time does. */
async function recover(): Promise<void> {
  await server.stop()
  const data = join(dir, 'data')
  const { uid, gid } = statSync(data)
  writeFileSync(join(data, 'recovery.signal'), '')
  chownSync(join(data, 'recovery.signal'), uid, gid)
  appendFileSync(join(data, 'postgresql.auto.conf'), "restore_command = 'false'\n")
  server = await ensurePostgres({ dir, url: '', throwaway: true })
}

const timelineOf = async (db: Database['db']) => (await db.query.installation.findFirst())?.timeline

it('knows a recovery to a point in time by its timeline, unless that is not looked at', async () => {
  await on('watched', async (db) => {
    expect(await watchForRestore(db, { settings: watching }), 'nothing is known before a start').toBe(false)
    expect(await db.query.installation.findFirst()).toBeUndefined()
    expect(await watchForRestore(db, { first: true, settings: watching })).toBe(false)
    expect(await timelineOf(db)).toBe(1)
  })
  await on('ignored', async (db) => {
    expect(await watchForRestore(db, { first: true, settings: ignoring })).toBe(false)
    expect(await timelineOf(db)).toBeNull()
  })
  await recover()
  await on('watched', async (db) => {
    expect(await inQuarantine(db), 'before anybody noticed').toBe(true)
    expect(await watchForRestore(db, { settings: watching })).toBe(true)
    const row = await db.query.quarantine.findFirst()
    expect(row?.why).toEqual([expect.stringMatching(/^Its write-ahead log is on timeline 2, it was on 1/)])
  })
  await on('ignored', async (db) => {
    expect(await inQuarantine(db)).toBe(false)
    expect(await watchForRestore(db, { first: true, settings: ignoring })).toBe(false)
    // Watched from now on: what it is at present is learned, and says nothing of before.
    expect(await watchForRestore(db, { first: true, settings: watching })).toBe(false)
    expect(await timelineOf(db)).toBe(2)
  })
})

it('goes by what can be read where the rest is not permitted', async () => {
  await on('ignored', async (db) => {
    await db.execute(sql`create role narrow`)
    await db.execute(sql`grant select on installation, quarantine to narrow`)
    const as = (role: string) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`set local role ${sql.identifier(role)}`)
        const [row] = await tx.execute(sql`select * from leasehold_stamp()`)
        return { ...row, held: await inQuarantine(tx as never) }
      })
    expect(await as('narrow'), 'everybody may, unless it was taken away').toMatchObject({
      system_identifier: expect.stringMatching(/^\d{15,20}$/),
      timeline: 2,
    })
    await db.execute(sql`revoke execute on function pg_control_system() from public`)
    await db.execute(sql`revoke execute on function pg_walfile_name(pg_lsn) from public`)
    expect(await as('narrow')).toMatchObject({
      system_identifier: null,
      timeline: null,
      database_oid: expect.stringMatching(/^\d+$/),
      held: false,
    })
  })
})
