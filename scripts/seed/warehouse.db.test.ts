import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensurePostgres } from '../lib/postgres.mjs'
import { prepareWarehouse } from './warehouse'

// A server of its own: roles belong to the whole server, and other tests have some of the same names.
const dir = mkdtempSync(path.join(tmpdir(), 'leasehold-warehouse-'))
let server: Awaited<ReturnType<typeof ensurePostgres>>
let sql: postgres.Sql
beforeAll(async () => {
  server = await ensurePostgres({ dir, url: '' })
  sql = postgres(server.adminUrl, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

it('replaces only roles that the demo made', async () => {
  await sql`create role prod_read nologin`
  await sql`create table customers (id int)`
  await sql`alter table customers owner to prod_read`
  await expect(prepareWarehouse(server.adminUrl, 'secret')).rejects.toThrow(
    /did not make and would have to replace: prod_read\. Nothing was changed/,
  )
  expect(await sql`select tableowner from pg_tables where tablename = 'customers'`).toEqual([
    { tableowner: 'prod_read' },
  ])
  expect(await sql`select 1 from pg_roles where rolname = 'leasehold_operator'`).toHaveLength(0)

  await sql`drop owned by prod_read`
  await sql`drop role prod_read`
  const first = await prepareWarehouse(server.adminUrl, 'secret')
  const again = await prepareWarehouse(server.adminUrl, 'secret')
  expect(again.password).not.toBe(first.password)

  // A server of the demo's own may hold roles of an older release, which had no mark.
  await sql`comment on role leasehold_operator is null`
  await expect(prepareWarehouse(server.adminUrl, 'secret')).rejects.toThrow(/leasehold_operator/)
  await sql`create role left_over nologin`
  await prepareWarehouse(server.adminUrl, 'secret', { ownServer: true })
  expect(await sql`select 1 from pg_roles where rolname = 'left_over'`).toHaveLength(0)
})
