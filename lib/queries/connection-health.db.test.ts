import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { applicationPage, listApplications } from './applications'

let world: LeaseWorld
beforeAll(async () => {
  world = await createLeaseWorld()
})
afterAll(() => world.close())

it('the page and the list say how a connection answered, and when its credential ends', async () => {
  const before = (hours: number) => sql`clock_timestamp() - ${hours} * interval '1 hour'`
  const look = { connectionId: world.connectionId, tookMs: 40 }
  await world.db.insert(schema.probe).values([
    { ...look, at: before(100), ok: true },
    { ...look, at: before(5.1), ok: false, detail: 'Sign in: refused' },
    { ...look, at: before(5), ok: true },
    { ...look, at: before(0.01), ok: true },
  ])
  await world.db
    .update(schema.connection)
    .set({ probeOk: true, credentialExpiresAt: sql`leasehold_now() + interval '6 days'` })
  const list = await listApplications(world.as(world.ines))
  expect(list?.rows[0]).toMatchObject({ health: 'healthy', credentialEndsAt: expect.any(Date) })
  expect(list?.rows[0]?.dots.filter((dot) => dot !== 'none')).toEqual(['partly', 'up'])
  expect(list?.rows[0]?.dots.at(-1)).toBe('up')
  const page = await applicationPage(world.as(world.ben), world.applicationId)
  expect(page?.connection?.health).toMatchObject({
    looks: 4,
    failed: 1,
    medianMs: 40,
    lastFailure: { detail: 'Sign in: refused' },
  })
  expect(page?.connection?.health.day.filter((bar) => bar.state !== 'none')).not.toHaveLength(0)
  expect(page?.connection?.health.week.at(-1)?.state).toBe('up')
  expect(page?.kept).toBeNull()
  expect((await applicationPage(world.as(world.ines), world.applicationId))?.kept).toContain(
    'Archive it instead',
  )

  await world.db
    .update(schema.connection)
    .set({ credentialExpiresAt: sql`leasehold_now() - interval '1 minute'` })
  expect((await listApplications(world.as(world.ines)))?.rows[0]).toMatchObject({ health: 'attention' })
})
