import postgres from 'postgres'
import { runTypeScript, tail } from './child.mjs'
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
  url,
  warehouseUrl,
  settings,
  grants = 0,
  reset,
  log,
  closers,
}) {
  if (reset && url) throw new Stop('--reset empties only the database of its own, and DATABASE_URL is set.')
  const server = await ensurePostgres({ dir, url: url ?? '', log })
  closers.add(server.stop)
  const databases = {
    url: url ?? server.urlFor(DATABASE),
    warehouseUrl: warehouseUrl ?? server.urlFor(WAREHOUSE),
  }
  if (reset) await dropDatabases(server.adminUrl, [DATABASE, WAREHOUSE])
  if (!url) await createDatabase(server.adminUrl, DATABASE)
  if (!warehouseUrl) await createDatabase(server.adminUrl, WAREHOUSE)
  await migrateDatabase(databases.url)
  await seed(databases, settings, grants, log, closers)
  return databases
}

async function seed({ url, warehouseUrl }, settings, grants, log, closers) {
  if (await isSeeded(url, grants)) return
  log(grants > 0 ? `Seeding the organisation and ${grants} grants …` : 'Seeding the organisation …')
  const { code, output } = await runTypeScript('scripts/seed.ts', ['--grants', String(grants)], {
    env: { ...settings, DATABASE_URL: url, WAREHOUSE_URL: warehouseUrl },
    closers,
  })
  if (code !== 0)
    throw new Stop(`${tail(output)}\n\nThe organisation could not be seeded, the reason is above.`)
}

/** Whether the seed has been here: the row of the organisation is the last thing it writes. */
async function isSeeded(url, grants) {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [row] = await sql`
      select (select count(*) from organisation) as organisations,
             (select count(*) from (select 1 from "grant" limit ${grants}) as some) as grants`
    return Number(row.organisations) > 0 && Number(row.grants) >= grants
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Removes databases of our own server. */
async function dropDatabases(adminUrl, names) {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    for (const name of names) await sql`drop database if exists ${sql(name)} with (force)`
  } finally {
    await sql.end({ timeout: 5 })
  }
}
