import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { HOUR } from '@/lib/domain/duration'
import { createPersonInput, editPersonInput, ownReadingInput } from '@/lib/person-input'
import { personForm } from '@/lib/queries/person-form'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { deactivatePerson } from './people'
import { createPerson, editPerson, setOwnReading } from './person-edits'
import { askForAccess } from './requests'
import { openSession, readSession } from './sessions'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld({ steps: [{ approvers: [{ kind: 'manager' }], quorum: 1 }] })
})
afterEach(() => world.close())

const admin = () => world.as(world.ines)
const person = async (id: string) =>
  (await world.db.query.person.findFirst({ where: eq(schema.person.id, id) }))!
const input = (more: Record<string, unknown> = {}) =>
  createPersonInput.parse({ name: 'New Person', email: 'New@Halden.Example', ...more })
const edit = async (who: TestPerson, more: Record<string, unknown>) => {
  const row = await person(who.id)
  const about = { name: row.name, email: row.email, managerId: row.managerId ?? undefined }
  return editPerson(
    admin(),
    editPersonInput.parse({ personId: who.id, version: row.version, ...about, ...more }),
  )
}

describe('a person by hand', () => {
  it('is added as a member who may sign in, and changed, each on record', async () => {
    const more = { title: 'Engineer', managerId: world.ben.id, timeZone: 'Asia/Tokyo', locale: 'ja-JP' }
    const { personId } = must(await createPerson(admin(), input(more)))
    expect(await person(personId)).toMatchObject({
      ...more,
      email: 'new@halden.example',
      admin: false,
      auditor: false,
    })
    const { token } = must(await openSession(world.db, personId, 'demo'))
    expect((await readSession(world.db, token))?.person).toMatchObject({
      timeZone: 'Asia/Tokyo',
      locale: 'ja-JP',
    })
    const { version } = await person(personId)
    const changed = editPersonInput.parse({
      personId,
      version,
      name: 'New Name',
      email: 'new@halden.example',
    })
    must(await editPerson(admin(), changed))
    expect(await person(personId)).toMatchObject({
      name: 'New Name',
      title: null,
      managerId: null,
      version: 2,
    })
    expect(await editPerson(admin(), changed)).toMatchObject({ code: 'stale' })
    expect(await world.verbs(personId)).toEqual(['created', 'signed_in', 'changed'])
  })

  it('has an address of their own and a manager who can be one', async () => {
    const taken = input({ email: world.ana.email.toUpperCase() })
    expect(await createPerson(admin(), taken)).toMatchObject({ code: 'invalid', field: 'email' })
    const wrong = { code: 'invalid', field: 'managerId' }
    expect(await edit(world.ana, { managerId: world.ana.id })).toMatchObject(wrong)
    // Ben manages Ana.
    expect(await edit(world.ben, { managerId: world.ana.id })).toMatchObject(wrong)
    const other = await world.person('Ana Other', { email: 'ana.oliveira+work@halden.example' })
    expect(await edit(world.ana, { managerId: other.id })).toMatchObject(wrong)
    const gone = await world.person('Gone Already', { deactivatedAt: new Date('2026-01-01') })
    expect(await edit(world.ana, { managerId: gone.id })).toMatchObject(wrong)
    expect(await edit(world.ana, { managerId: '0190a000-0000-7000-8000-000000000000' })).toMatchObject(wrong)
  })

  it('is refused with what cannot be used, each at its field', () => {
    const problems = (more: Record<string, unknown>) =>
      createPersonInput
        .safeParse({ name: 'X', email: 'x@h.example', ...more })
        .error?.issues.map((i) => String(i.path[0]))
    expect(problems({})).toBeUndefined()
    expect(problems({ name: ' ', email: 'x', title: 'x'.repeat(121), team: 'a\u200Bb' })).toEqual([
      'name',
      'email',
      'title',
      'team',
    ])
    expect(
      problems({ name: 'Ana\u202Egnp', timeZone: 'UTC;en-US', locale: 'de_DE', managerId: 'me' }),
    ).toEqual(['name', 'timeZone', 'locale', 'managerId'])
  })

  it('gets another manager, who is asked at once about what was left with nobody', async () => {
    const carl = await world.person('Carl Diaz')
    const { requestId } = must(
      await askForAccess(world.as(world.ana), {
        entitlementId: world.entitlementId,
        seconds: 6 * HOUR,
        reason: 'INC-2417',
        startAt: null,
      }),
    )
    expect(must(await edit(world.ana, { managerId: carl.id })).escalated).toBe(0)
    // Nobody at all: it goes to the owners.
    expect(must(await edit(world.ana, { managerId: undefined })).escalated).toBe(1)
    const request = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
    expect(request).toMatchObject({ state: 'pending', escalated: [0] })
  })

  it('is for admins alone', async () => {
    for (const who of [world.ana, world.ben, await world.person('Aud Itor', { auditor: true })]) {
      expect(await createPerson(world.as(who), input())).toMatchObject({ code: 'forbidden' })
      expect(await personForm(world.as(who), who.id)).toBeNull()
    }
    must(await deactivatePerson(admin(), { personId: world.ana.id }))
    expect((await personForm(admin(), world.ben.id))?.managers.map((m) => m.name)).not.toContain(
      world.ana.name,
    )
  })
})

describe('how somebody reads times', () => {
  const own = (personId: string, more: Record<string, unknown> = {}) =>
    ownReadingInput.parse({ personId, timeZone: 'America/New_York', locale: 'en-US', ...more })

  it('is for themself to say, and nobody else', async () => {
    must(await setOwnReading(world.as(world.ana), own(world.ana.id)))
    expect(await person(world.ana.id)).toMatchObject({ timeZone: 'America/New_York', locale: 'en-US' })
    for (const who of [world.ben, world.ines])
      expect(await setOwnReading(world.as(who), own(world.ana.id))).toMatchObject({ code: 'forbidden' })
    must(await setOwnReading(world.as(world.ana), own(world.ana.id, { timeZone: '', locale: '' })))
    expect(await person(world.ana.id)).toMatchObject({ timeZone: null, locale: null })
    expect(await world.verbs(world.ana.id)).toEqual(['changed', 'changed'])
  })

  it('is how mails to them are written', async () => {
    must(await setOwnReading(world.as(world.ana), own(world.ana.id)))
    const { requestId } = must(
      await askForAccess(admin(), {
        entitlementId: world.entitlementId,
        personId: world.ana.id,
        seconds: 6 * HOUR,
        reason: 'INC-2417',
        startAt: null,
      }),
    )
    await world.drain()
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.requestId, requestId) })
    const mine = mails.find((m) => m.recipient === world.ana.email)
    expect(mine?.kind).toBe('asked-for-you')
    expect(mine?.text).toMatch(/\d{1,2}:\d{2} [AP]M New York time/)
  })
})
