import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { type Database, openDatabase } from '@/db/client'

/** A copy of a test's database as it is at this moment, which nobody has opened yet: a backup that can be restored. */
export interface Backup {
  readonly url: string
  /** Opens it, as a start of the product on the restored database does. */
  restore(): Database
  /** Drops it. Close what was opened before. */
  drop(): Promise<void>
}

/** Backs a test's database up: another database of the same server, under another number. Cuts its connections. */
export async function backUp(url: string): Promise<Backup> {
  const source = new URL(url).pathname.slice(1)
  const name = `${source}_copy_${randomBytes(4).toString('hex')}`
  const copy = Object.assign(new URL(url), { pathname: `/${name}` }).href
  await asAdmin(async (sql) => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${source}`
    await sql.unsafe(`create database ${name} template ${source}`)
  })
  return {
    url: copy,
    restore: () => openDatabase(copy, { max: 5, name: 'leasehold-test' }),
    drop: () => asAdmin(async (sql) => void (await sql.unsafe(`drop database ${name} with (force)`))),
  }
}

async function asAdmin(run: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const admin = postgres(process.env.TEST_ADMIN_URL ?? '', { max: 1, onnotice: () => {} })
  try {
    await run(admin)
  } finally {
    await admin.end({ timeout: 5 })
  }
}
