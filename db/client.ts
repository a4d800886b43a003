import 'server-only'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema'

export { schema }
export type Db = PostgresJsDatabase<typeof schema>
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
/** Where a read may run: the pool, or an open transaction. */
export type Reader = Db | Tx

/** An open database: the query builder, and the driver below it for LISTEN and for closing. */
export interface Database {
  readonly db: Db
  /** Raw use needs a connection of its own: the query builder changes the parsers of the one it wraps. */
  listen(channel: string, onNotify: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** Opens a pool. Connects on first use, not now, so that a build needs no database. */
export function openDatabase(url: string, options: { max?: number; name?: string } = {}): Database {
  const settings = { connection: { application_name: options.name ?? 'leasehold' }, onnotice: () => {} }
  const client = postgres(url, { ...settings, max: options.max ?? 10 })
  const db = drizzle(client, { schema })
  let listener: ReturnType<typeof postgres> | undefined
  return {
    db,
    async listen(channel, onNotify) {
      listener ??= postgres(url, { ...settings, max: 1 })
      const { unlisten } = await listener.listen(channel, onNotify)
      return unlisten
    },
    async close() {
      await Promise.all([client.end({ timeout: 5 }), listener?.end({ timeout: 1 })])
    },
  }
}

const shared = globalThis as { leaseholdDatabase?: Database }

/** The process's own pool on `DATABASE_URL`; one even over hot reloads. */
export function database(): Database {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('DATABASE_URL is not set')
  shared.leaseholdDatabase ??= openDatabase(url)
  return shared.leaseholdDatabase
}
