import { afterAll, beforeAll, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { recordRefusal } from '@/lib/refusals'
import { refusalsPage } from './refusals'

let world: World
let ines: TestPerson
let owen: TestPerson
beforeAll(async () => {
  world = await createWorld()
  ines = await world.person('Ines Albrecht', { admin: true })
  owen = await world.person('Owen Clarke')
  for (let i = 0; i < 3; i++)
    await recordRefusal(world.db, { personId: owen.id, door: '/settings/people/*', code: 'forbidden' })
  await recordRefusal(world.db, { personId: owen.id, door: '/requests/*', code: 'not_found' })
  await recordRefusal(world.db, { personId: null, door: '/api/scim/v2/Users', code: 'unauthenticated' })
})
afterAll(() => world.close())

const everything = { code: null, person: null, page: 1 }
const look = async (who: TestPerson, search: Partial<Parameters<typeof refusalsPage>[1]> = {}) =>
  refusalsPage(world.as(who), { ...everything, ...search })

it('says who was turned away where, how often, and what they were told, newest first', async () => {
  const found = await look(ines)
  expect(found?.rows.map(({ at: _, ...row }) => row)).toEqual([
    { person: null, door: '/api/scim/v2/Users', code: 'unauthenticated', count: 1 },
    { person: { id: owen.id, name: owen.name }, door: '/requests/*', code: 'not_found', count: 1 },
    { person: { id: owen.id, name: owen.name }, door: '/settings/people/*', code: 'forbidden', count: 3 },
  ])
})

it('is for admins and auditors', async () => {
  expect(await look(owen)).toBeNull()
  const auditor = await world.person('Ada Nwosu', { auditor: true })
  expect((await look(auditor))?.total).toBe(3)
})

it('shows one person, or one answer, alone; what is no person shows everybody', async () => {
  expect(await look(ines, { person: owen.id, code: 'forbidden' })).toMatchObject({
    total: 1,
    person: { name: owen.name },
  })
  expect((await look(ines, { code: 'unauthenticated' }))?.rows).toHaveLength(1)
  expect(await look(ines, { person: 'none' })).toMatchObject({ total: 3, person: null })
})

it('goes by pages, and past the last one shows the last', async () => {
  const hour = new Date('2026-01-01T00:00:00Z')
  await world.db.insert(schema.refusal).values(
    Array.from({ length: 60 }, (_, i) => ({
      hour,
      personId: owen.id,
      door: `/requests/${i}`,
      code: 'not_found' as const,
      lastAt: hour,
    })),
  )
  const [first, second, beyond] = await Promise.all([1, 2, 9].map((page) => look(ines, { page })))
  expect(first).toMatchObject({ pages: 2, total: 63 })
  const doors = [...(first?.rows ?? []), ...(second?.rows ?? [])].map(({ door }) => door)
  expect(new Set(doors).size).toBe(63)
  expect(beyond?.rows).toEqual(second?.rows)
})
