import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as moment } from 'node:timers/promises'
import postgres from 'postgres'
import { createDatabase, migrateDatabase } from '@/scripts/lib/migrations.mjs'
import { ensurePostgres } from '@/scripts/lib/postgres.mjs'
import { isAlive } from '@/scripts/lib/processes.mjs'

/** A PostgreSQL server of a test's own, whose commits are on the disk before they are answered. */
export interface OwnPostgres {
  /** A migrated database on it. */
  readonly url: string
  /** Stops it as `pg_ctl stop -m immediate` does, in the middle of everything, and starts it again. */
  crash(): Promise<void>
  close(): Promise<void>
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const dir = mkdtempSync(path.join(tmpdir(), 'leasehold-crash-'))
  // It may run as another user than the test does.
  await chmod(dir, 0o755)
  const start = () => ensurePostgres({ dir, url: '' })
  let server = await start()
  await createDatabase(server.adminUrl, 'crash')
  const url = server.urlFor('crash')
  await migrateDatabase(url)
  const admin = postgres(server.adminUrl, { max: 1, onnotice: () => {} })
  await admin`alter database crash set synchronous_commit = on`
  await admin.end()
  return {
    url,
    async crash() {
      const pid = Number(readFileSync(path.join(dir, 'data/postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGQUIT')
      while (isAlive(pid)) await moment(5)
      // What was held of the dead one is let go.
      await server.stop()
      server = await start()
      if (server.urlFor('crash') !== url) throw new Error('it came back at another address')
    },
    async close() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
