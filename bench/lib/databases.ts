import postgres from 'postgres'
import { type Database, openDatabase } from '@/db/client'
import { createDatabase, migrateDatabase } from '@/scripts/lib/migrations.mjs'
import { ensurePostgres } from '@/scripts/lib/postgres.mjs'

/** The server that all parts of one run share: DATABASE_URL's, else our own, with a data folder of its own. */
export interface Server {
  readonly adminUrl: string
  readonly version: string
  urlFor(name: string): string
  drop(name: string): Promise<void>
  stop(): Promise<void>
}

export async function startServer(say: (line: string) => void): Promise<Server> {
  const server = await ensurePostgres({ dir: '.data/bench-postgres', log: say })
  const [row] = await ask(
    server.adminUrl,
    (sql) => sql<{ version: string }[]>`select current_setting('server_version') as version`,
  )
  const drop = (name: string) =>
    ask(server.adminUrl, async (sql) => {
      await sql`drop database if exists ${sql(name)} with (force)`
    })
  return { ...server, version: row?.version ?? '', drop }
}

/** A migrated database with nothing in it. */
export async function emptyDatabase(
  server: Server,
  name: string,
): Promise<{ url: string; database: Database }> {
  await server.drop(name)
  return keptDatabase(server, name)
}

/** A migrated database, with whatever an earlier run left in it. */
export async function keptDatabase(
  server: Server,
  name: string,
): Promise<{ url: string; database: Database }> {
  await createDatabase(server.adminUrl, name)
  const url = server.urlFor(name)
  await migrateDatabase(url)
  return { url, database: openDatabase(url, { name: 'leasehold-bench' }) }
}

export async function ask<T>(url: string, query: (sql: postgres.Sql) => PromiseLike<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await query(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
