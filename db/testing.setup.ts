import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { migrateDatabase, migrationsFingerprint } from '../scripts/lib/migrations.mjs'
import { ensurePostgres } from '../scripts/lib/postgres.mjs'

const SETUP_LOCK = 7_153_006
const TEMPLATES_KEPT = 5

/**
 * Gives the database tests a server and a migrated template to clone, as TEST_ADMIN_URL (a superuser's address),
 * TEST_TEMPLATE (the template's name, made from the content of the migrations and used again while they stay the
 * same) and TEST_RUN (what the names of this run's databases begin with). The server is TEST_DATABASE_URL's, or our own in `.data/test-postgres`.
 * @returns what vitest calls at the end
 */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await ensurePostgres({
    dir: '.data/test-postgres',
    url: process.env.TEST_DATABASE_URL ?? '',
    throwaway: true,
  })
  try {
    process.env.TEST_ADMIN_URL = server.adminUrl
    process.env.TEST_TEMPLATE = await ensureTemplate(server)
    process.env.TEST_RUN = randomBytes(4).toString('hex')
  } catch (error) {
    await server.stop()
    throw error
  }
  return async () => {
    await dropClones(server.adminUrl, `test_${process.env.TEST_RUN}_`)
    await server.stop()
  }
}

/** The server may be somebody's own: nothing of this run stays there but the template. */
async function dropClones(adminUrl: string, prefix: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const clones = await sql`select datname from pg_database where starts_with(datname, ${prefix})`
  for (const { datname } of clones) await sql`drop database if exists ${sql(datname)} with (force)`
  await sql.end({ timeout: 5 })
}

async function ensureTemplate(server: {
  adminUrl: string
  urlFor: (name: string) => string
}): Promise<string> {
  const name = `leasehold_template_${migrationsFingerprint()}`
  const sql = postgres(server.adminUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`select pg_advisory_lock(${SETUP_LOCK}::bigint)`
    const templates = await sql<{ datname: string }[]>`
      select datname from pg_database where datname like 'leasehold_template_%' order by oid desc`
    if (templates.some((row) => row.datname === name)) return name
    for (const old of templates.slice(TEMPLATES_KEPT)) {
      await sql`drop database if exists ${sql(old.datname)} with (force)`
    }
    // Migrated under another name first: a run that was killed leaves no half-made template.
    await sql`drop database if exists leasehold_unfinished with (force)`
    await sql`create database leasehold_unfinished`
    await migrateDatabase(server.urlFor('leasehold_unfinished'))
    await sql`alter database leasehold_unfinished rename to ${sql(name)}`
    return name
  } finally {
    await sql.end({ timeout: 5 })
  }
}
