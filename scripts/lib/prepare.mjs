import postgres from 'postgres'
import { runTypeScript, tail } from './child.mjs'
import { databaseTrouble, databaseUrlIfGiven } from './database-url.mjs'
import { createDatabase, migrateDatabase } from './migrations.mjs'
import { ensurePostgres } from './postgres.mjs'
import { Stop } from './stop.mjs'

const DATABASE = 'leasehold'
const WAREHOUSE = 'leasehold_warehouse'

/**
 * Brings up the product's database and the warehouse (the target that the seeded organisation leases roles
 * of), both migrated and seeded.
 * @param {object} options
 * @param {string} options.dir where our own server keeps its data
 * @param {string} [options.url] a database to use instead of our own server's
 * @param {string} [options.warehouseUrl] a database whose user may create roles, for the warehouse
 * @param {Record<string, string>} options.settings the product's settings, for the seed
 * @param {number} [options.grants] seed at least this many grants
 * @param {boolean} [options.reset] start with empty databases
 * @param {(line: string) => void} options.log
 * @param {import('./closers.mjs').Closers} options.closers
 * @returns {Promise<{ url: string, warehouseUrl: string }>}
 * @throws {Stop}
 */
export async function prepareDatabases({
  dir,
  url: givenUrl,
  warehouseUrl: givenWarehouseUrl,
  settings,
  grants = 0,
  reset,
  log,
  closers,
}) {
  const url = databaseUrlIfGiven(givenUrl, 'DATABASE_URL')
  const warehouseUrl = databaseUrlIfGiven(givenWarehouseUrl, 'WAREHOUSE_URL')
  if (reset && url) throw new Stop('--reset empties only the database of its own, and DATABASE_URL is set.')
  const server = await ensurePostgres({ dir, url: url ?? '', log })
  closers.add(server.stop)
  const databases = {
    url: url ?? server.urlFor(DATABASE),
    warehouseUrl: warehouseUrl ?? server.urlFor(WAREHOUSE),
  }
  if (reset) await dropDatabases(server.adminUrl, [DATABASE, WAREHOUSE])
  let seeded = await bringUp(server, databases, { url, warehouseUrl })
  if (seeded.organisation && !seeded.finished) {
    if (url) {
      throw new Stop(
        'DATABASE_URL holds an organisation that the demo did not make: give it an empty database.',
      )
    }
    log('The last start was cut short while seeding, starting anew')
    await dropDatabases(server.adminUrl, [DATABASE, WAREHOUSE])
    seeded = await bringUp(server, databases, { url, warehouseUrl })
  }
  if (!seeded.finished || seeded.grants < grants) {
    const ownServer = !url && !warehouseUrl
    await seed(databases, { ...settings, WAREHOUSE_OWN: ownServer ? '1' : '' }, grants, log, closers)
  }
  return databases
}

/** Creates what is missing, migrates, and says what is there. */
async function bringUp(server, databases, given) {
  if (!given.url && (await createDatabase(server.adminUrl, DATABASE))) {
    // The people of the warehouse have logins on the same server; the product's database is not for them.
    await run(server.adminUrl, (sql) => sql`revoke all on database ${sql(DATABASE)} from public`)
  }
  if (!given.warehouseUrl) await createDatabase(server.adminUrl, WAREHOUSE)
  await migrateDatabase(databases.url)
  const [found] = await run(
    databases.url,
    (sql) => sql`
      select exists (select 1 from organisation) as organisation,
        exists (select 1 from timeline where subject_type = 'organisation' and actor_system = 'seed') as finished,
        (select count(*)::int from "grant") as grants`,
  )
  return found
}

async function seed({ url, warehouseUrl }, settings, grants, log, closers) {
  log(grants > 0 ? `Seeding the organisation, ${grants} grants at least …` : 'Seeding the organisation …')
  const startedAt = performance.now()
  const { code, output } = await runTypeScript('scripts/seed.ts', ['--grants', String(grants)], {
    env: { ...settings, LOG_LEVEL: 'warn', DATABASE_URL: url, WAREHOUSE_URL: warehouseUrl },
    closers,
  })
  if (code !== 0)
    throw new Stop(`${tail(output)}\n\nThe organisation could not be seeded, the reason is above.`)
  log(`Seeded in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** Removes databases of our own server. */
async function dropDatabases(adminUrl, names) {
  for (const name of names) {
    await run(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`)
  }
}

async function run(url, query) {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    return await query(sql)
  } catch (error) {
    throw new Stop(databaseTrouble(url, error, 'The database could not be prepared'))
  } finally {
    await sql.end({ timeout: 5 })
  }
}
