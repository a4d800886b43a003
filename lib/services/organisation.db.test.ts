import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { systemCtx } from '@/lib/context'
import { HOUR } from '@/lib/domain/duration'
import { must } from '@/lib/testing/lease-world'
import { editOrganisation, mailLinksAgain, ORGANISATION_ID, setSingleSignOn } from './organisation'
import { openSession } from './sessions'
import { linksAreMailed } from './sign-in'

Object.assign(process.env, {
  OIDC_ISSUER: 'https://id.example',
  OIDC_CLIENT_ID: 'leasehold',
  OIDC_CLIENT_SECRET: 'secret',
})

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
const command = () => systemCtx('command', world.db)
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

it('requires single sign-on only of whoever came in that way themself, just now', async () => {
  const { version } = (await stored())!
  const ask = (who: TestPerson, session: TestPerson['actor']['session']) =>
    setSingleSignOn({ db: world.db, actor: { ...who.actor, session } }, { version, only: true })
  expect(await ask(auditor, { way: 'oidc', fresh: true })).toMatchObject({ code: 'forbidden' })
  expect(await ask(admin, { way: 'oidc', fresh: false })).toMatchObject({ code: 'sign_in_again' })
  for (const way of ['email', 'demo'] as const)
    expect(await ask(admin, { way, fresh: true })).toMatchObject({ code: 'conflict' })
  expect(await linksAreMailed(world.db)).toBe(true)

  for (const way of ['email', 'oidc'] as const) must(await openSession(world.db, auditor.id, way))
  expect(must(await ask(admin, { way: 'oidc', fresh: true }))).toEqual({ version: version + 1, ended: 1 })
  expect(await world.db.query.session.findMany()).toMatchObject([{ way: 'oidc' }])
  expect(await linksAreMailed(world.db)).toBe(false)
  expect(await openSession(world.db, auditor.id, 'email')).toMatchObject({ ok: false, code: 'unavailable' })
})

it('has links mailed again by the command, and says when they were', async () => {
  expect(must(await mailLinksAgain(command()))).toEqual({ changed: true })
  expect(await linksAreMailed(world.db)).toBe(true)
  expect(must(await mailLinksAgain(command()))).toEqual({ changed: false })
  must(await openSession(world.db, auditor.id, 'email'))
})
