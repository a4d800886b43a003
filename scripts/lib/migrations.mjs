import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { databaseTrouble } from './database-url.mjs'
import { Stop } from './stop.mjs'

const MIGRATION_LOCK = 7_153_005

/** The checkout's migrations. */
export const migrationsFolder = path.resolve(import.meta.dirname, '../../db/migrations')

/**
 * Applies what is missing of `db/migrations`. Nodes that start together wait for each other, so each migration
 * runs once.
 * @param {string} url database to bring up to date
 * @param {string} [folder]
 * @throws {Stop} when the database cannot be reached or a migration fails; a failed one changes nothing
 */
export async function migrateDatabase(url, folder = migrationsFolder) {
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`
    await migrate(drizzle(client), { migrationsFolder: folder })
    // Said outright, for a pooler that would keep the session, and with it the lock, after we are gone.
    await client`select pg_advisory_unlock(${MIGRATION_LOCK}::bigint)`
  } catch (error) {
    throw new Stop(databaseTrouble(url, error, 'The database could not be brought up to date'))
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** A short fingerprint of the migrations' content: two folders with the same one make the same database. */
export function migrationsFingerprint(folder = migrationsFolder) {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).sort()) {
    hash.update(path.relative(folder, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 12)
}

/**
 * Creates the database if it is not there yet.
 * @param {string} adminUrl an address on the same server whose user may create databases
 * @param {string} name
 * @returns {Promise<boolean>} whether it was created now
 */
export async function createDatabase(adminUrl, name) {
  const sql = postgres(adminUrl, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    const found = await sql`select 1 from pg_database where datname = ${name}`
    if (found.length > 0) return false
    await sql`create database ${sql(name)}`
    return true
  } catch (error) {
    throw new Stop(databaseTrouble(adminUrl, error, `The database ${name} could not be created`))
  } finally {
    await sql.end({ timeout: 5 })
  }
}
