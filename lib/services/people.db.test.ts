import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { systemCtx } from '@/lib/context'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { finishLeaving } from './leaving'
import { deactivatePerson, grantAdmin, personByEmail } from './people'
import { openSession, readSession } from './sessions'
import { admit, mayEnter } from './sign-in'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())
const command = () => systemCtx('command', world.db)
const person = (id: string) => world.db.query.person.findFirst({ where: eq(schema.person.id, id) })

describe('making somebody an admin', () => {
  it('promotes who is there, in whatever case the address is written, and records it', async () => {
    const granted = must(await grantAdmin(world.ana.email.toUpperCase(), command()))
    expect(granted).toEqual({ personId: world.ana.id, outcome: 'granted' })
    expect(await person(world.ana.id)).toMatchObject({ admin: true, version: 2 })
    expect(await world.verbs(world.ana.id)).toEqual(['role_granted'])
  })

  it('takes in who is not', async () => {
    const { personId, outcome } = must(await grantAdmin('new.admin@halden.example', command()))
    expect(outcome).toBe('created')
    expect(await person(personId)).toMatchObject({ admin: true, name: 'New Admin' })
  })

  it('says so where nothing is to do, and writes nothing', async () => {
    must(await grantAdmin(world.ana.email, command()))
    expect(must(await grantAdmin(world.ana.email, command())).outcome).toBe('unchanged')
    expect(await world.verbs(world.ana.id)).toEqual(['role_granted'])
  })

  it('is the way back in for an admin who was deactivated', async () => {
    const other = await world.person('Second Admin', { admin: true })
    must(await deactivatePerson(world.as(world.ines), { personId: other.id }))
    expect(must(await grantAdmin(other.email, command())).outcome).toBe('granted')
    expect(await person(other.id)).toMatchObject({ admin: true, deactivatedAt: null })
  })

  it.each(['', 'nobody', 'a@b', 'a@b.example, c@d.example'])('refuses "%s"', async (text) => {
    expect(await grantAdmin(text, command())).toMatchObject({ ok: false, code: 'invalid', field: 'email' })
  })

  it('is no verb of a person’s, not even of an admin’s', async () => {
    expect(await grantAdmin(world.ana.email, world.as(world.ines))).toMatchObject({ code: 'forbidden' })
  })
})

describe('deactivating somebody', () => {
  it('ends their sessions and begins to take what they hold', async () => {
    const grantId = await world.approved()
    await world.drain()
    const { token } = must(await openSession(world.db, world.ana.id, 'demo'))
    const done = must(await deactivatePerson(world.as(world.ines), { personId: world.ana.id }))
    expect(done).toEqual({ ending: 1, lapsed: 0, escalated: 0, passedOn: 0 })
    expect(await readSession(world.db, token)).toBeNull()
    expect(await world.db.select().from(schema.session)).toEqual([])
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'left' })
    expect((await world.verbs(world.ana.id)).at(-1)).toBe('deactivated')
  })

  it('is finished later when it was cut short', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.db
      .update(schema.person)
      .set({ deactivatedAt: new Date(1) })
      .where(eq(schema.person.id, world.ana.id))
    expect((await finishLeaving(world.db)).ending).toBe(1)
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'left' })
    expect((await finishLeaving(world.db)).ending).toBe(0)
  })

  it('is for admins alone, and for people who are there', async () => {
    for (const who of [world.ana, world.ben, await world.person('Aud Itor', { auditor: true })])
      expect(await deactivatePerson(world.as(who), { personId: world.ana.id })).toMatchObject({
        code: 'forbidden',
      })
    expect(
      await deactivatePerson(world.as(world.ines), { personId: '0190a000-0000-7000-8000-000000000000' }),
    ).toMatchObject({ code: 'not_found' })
  })

  it('spares the last admin, also when two go for each other at once', async () => {
    expect(await deactivatePerson(world.as(world.ines), { personId: world.ines.id })).toMatchObject({
      code: 'conflict',
    })
    const other = await world.person('Second Admin', { admin: true })
    const both = await Promise.all([
      deactivatePerson(world.as(world.ines), { personId: other.id }),
      deactivatePerson(world.as(other), { personId: world.ines.id }),
    ])
    expect(both.filter((one) => one.ok)).toHaveLength(1)
  })
})

describe('who may sign in', () => {
  const rules = { ADMIN_EMAILS: ['first@elsewhere.example'], SIGN_UP_DOMAINS: ['halden.example'] }
  const closed = { ADMIN_EMAILS: [], SIGN_UP_DOMAINS: [] }

  it('is whoever is here, and nobody else without settings', async () => {
    expect(must(await admit(world.db, { email: world.ana.email }, closed))).toEqual({
      personId: world.ana.id,
    })
    for (const email of ['new@halden.example', 'new@elsewhere.example']) {
      expect(await admit(world.db, { email }, closed)).toMatchObject({ code: 'not_found' })
      expect(await personByEmail(world.db, email)).toBeUndefined()
    }
  })

  it('is a new member where the domain is ours, and only there', async () => {
    const { personId } = must(
      await admit(world.db, { email: 'New@Halden.Example', name: 'New Person' }, rules),
    )
    expect(await person(personId)).toMatchObject({
      name: 'New Person',
      email: 'new@halden.example',
      admin: false,
    })
    expect(await world.verbs(personId)).toEqual(['created'])
    for (const email of [
      'x@nothalden.example',
      'x@halden.example.evil.example',
      'halden.example@evil.example',
    ])
      expect(await admit(world.db, { email }, rules)).toMatchObject({ code: 'not_found' })
  })

  it('is an admin whom the settings name, new or not', async () => {
    const { personId } = must(await admit(world.db, { email: 'First@elsewhere.example' }, rules))
    expect(await person(personId)).toMatchObject({ admin: true })
    const named = { ...rules, ADMIN_EMAILS: [world.ana.email] }
    must(await admit(world.db, { email: world.ana.email }, named))
    expect(await person(world.ana.id)).toMatchObject({ admin: true })
  })

  it('is nobody who was deactivated, whatever the settings say', async () => {
    must(await deactivatePerson(world.as(world.ines), { personId: world.ana.id }))
    const named = { ...rules, ADMIN_EMAILS: [world.ana.email] }
    for (const ask of [
      mayEnter(world.db, world.ana.email, named),
      admit(world.db, { email: world.ana.email }, named),
    ])
      expect(await ask).toMatchObject({ ok: false, code: 'forbidden' })
    expect((await person(world.ana.id))?.deactivatedAt).not.toBeNull()
  })
})
