import 'server-only'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { preparing } from './prepared'
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

/** Connections that several may share. */
export type Pool = ReturnType<typeof postgres>

interface PoolOptions {
  /** The most connections at once. */
  max?: number
  /** What PostgreSQL calls them. */
  name?: string
}

/** Connects on first use, not now, so that a build needs no database. */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  return postgres(url, {
    connection: { application_name: options.name ?? 'leasehold' },
    onnotice: () => {},
    max: options.max ?? 10,
  })
}

/**
 * Opens a database.
 * @param options `pool`: somebody else's, which is left open by `close`; what is asked of this database afterwards is
 *   refused all the same
 */
export function openDatabase(url: string, options: PoolOptions & { pool?: Pool } = {}): Database {
  const client = options.pool ?? openPool(url, options)
  let closed = false
  let listener: Pool | undefined
  return {
    db: drizzle(
      preparing(client, () => {
        if (closed) throw new Error('this database was closed')
      }),
      { schema },
    ),
    async listen(channel, onNotify) {
      listener ??= openPool(url, { ...options, max: 1 })
      const { unlisten } = await listener.listen(channel, onNotify)
      return unlisten
    },
    async close() {
      closed = true
      await Promise.all([!options.pool && client.end({ timeout: 5 }), listener?.end({ timeout: 1 })])
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
