import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { open, parseSecretKeys, seal } from '@/lib/secrets'
import { rotateSecrets } from './rotate-secrets'

const key = (id: string, fill: number) => `${id}:${Buffer.alloc(32, fill).toString('base64')}`
// The key that the tests' settings have; the builder below seals with it.
const old = key('test', 7)
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

it('puts everything under the first key, may be said again, and names what does not open', async () => {
  const first = await world.connection('webhook', {}, { secret: 'hunter2' })
  await world.connection('webhook', {})
  const both = parseSecretKeys(`${key('new', 8)},${old}`)
  expect(await rotateSecrets(world.db, both)).toEqual({ rotated: 1, current: 0, failed: [] })
  expect(await rotateSecrets(world.db, both)).toEqual({ rotated: 0, current: 1, failed: [] })

  const row = await world.db.query.connection.findFirst({ where: eq(schema.connection.id, first) })
  const place = { table: 'connection', row: first, column: 'secrets' }
  const alone = parseSecretKeys(key('new', 8))
  expect(JSON.parse(open(row?.secrets ?? '', place, alone))).toEqual({ secret: 'hunter2' })

  const lost = await world.connection('webhook', {}, { secret: 'x' })
  const secrets = seal('{}', { ...place, row: lost }, parseSecretKeys(key('lost', 9)))
  await world.db.update(schema.connection).set({ secrets }).where(eq(schema.connection.id, lost))
  expect(await rotateSecrets(world.db, both)).toEqual({
    rotated: 0,
    current: 1,
    failed: [
      { place: `connection ${lost}`, why: expect.stringContaining('"lost", which is not configured') },
    ],
  })
})
