import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { HOUR } from '@/lib/domain/duration'
import { editOrganisation, ORGANISATION_ID } from './organisation'

let world: World
let admin: TestPerson
let auditor: TestPerson
beforeAll(async () => {
  world = await createWorld()
  admin = await world.person('Ines Albrecht', { admin: true })
  auditor = await world.person('Audra Wolf', { auditor: true })
})
afterAll(() => world.close())

const input = { version: 1, name: 'Halden', timeZone: 'Europe/Berlin', floorSeconds: 2 * HOUR }
const stored = () => world.db.query.organisation.findFirst()

it('refuses a floor under 15 minutes and a zone that is none, at the field', async () => {
  const ctx = world.as(admin)
  expect(await editOrganisation(ctx, { ...input, floorSeconds: 14 * 60 })).toMatchObject({
    ok: false,
    field: 'floorSeconds',
  })
  expect(await editOrganisation(ctx, { ...input, timeZone: 'Europe/Nowhere' })).toMatchObject({
    ok: false,
    field: 'timeZone',
  })
  expect(await world.verbs(ORGANISATION_ID)).toEqual([])
})

it('is for admins, and only on the version they saw', async () => {
  expect(await editOrganisation(world.as(auditor), input)).toMatchObject({ code: 'forbidden' })
  expect(await editOrganisation(world.as(admin), input)).toMatchObject({ ok: true, value: { version: 2 } })
  expect(await stored()).toMatchObject({ floorSeconds: 2 * HOUR, version: 2 })
  expect(await editOrganisation(world.as(admin), input)).toMatchObject({ code: 'stale' })
  expect(await world.verbs(ORGANISATION_ID)).toEqual(['changed'])
})
