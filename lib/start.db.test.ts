import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { readHealth } from './queries/health'
import { start } from './start'

vi.mock('./env', async (original) => {
  const real = await original<typeof import('./env')>()
  return { ...real, env: () => ({ ...real.env(), LEASEHOLD_MODE: 'production', LEASEHOLD_LOOP: 'off' }) }
})

const shared = globalThis as { leaseholdDatabase?: World['database']; leaseholdStarted?: boolean }
const RETRY_MS = 20
let world: World
beforeAll(async () => {
  world = await createWorld()
  shared.leaseholdDatabase = world.database
})
afterAll(async () => {
  shared.leaseholdDatabase = undefined
  await world.close()
})
beforeEach(async () => {
  shared.leaseholdStarted = false
  await world.db.delete(schema.organisation)
})

const clockAway = () => world.db.execute(sql`alter table clock rename to clock_away`)
const clockBack = () => world.db.execute(sql`alter table clock_away rename to clock`)
/** This node alone: nothing goes over what is due in here. */
const ready = () => readHealth(undefined, { scheduler: false })
const organisations = () => world.db.$count(schema.organisation)

it('makes the organisation and says that it is ready', async () => {
  await start(RETRY_MS)
  expect(await organisations()).toBe(1)
  expect(await ready()).toMatchObject({ ok: true, checks: { start: 'ok' } })
  expect(await readHealth()).toMatchObject({ ok: false, checks: { start: 'ok', scheduler: 'never seen' } })
})

it('is not ready while the database is not fit, and catches up when it is', async () => {
  await clockAway()
  await start(RETRY_MS)
  expect(await ready()).toMatchObject({ ok: false, checks: { start: 'not finished' } })
  expect(await organisations()).toBe(0)
  await clockBack()
  await vi.waitFor(async () => expect((await ready()).ok).toBe(true), 5_000)
  expect(await organisations()).toBe(1)
})

it('refuses a moved clock also when the database came up late', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never)
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  await world.db.update(schema.clock).set({ offsetMs: 3_600_000 })
  await clockAway()
  await start(RETRY_MS)
  expect(exit).not.toHaveBeenCalled()
  await clockBack()
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1), 5_000)
  expect(said).toHaveBeenCalledWith(expect.stringContaining('clock of this database was moved'))
  await vi.waitFor(() => expect(shared.leaseholdStarted).toBe(true), 5_000)
})
