import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { importPage } from '@/lib/queries/directory-imports'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { runImport, startImport } from './directory-imports'
import { ORGANISATION_ID } from './organisation'
import { editPerson } from './person-edits'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const admin = () => world.as(world.ines)
const byEmail = (email: string) => world.db.query.person.findFirst({ where: eq(schema.person.email, email) })
const start = async (content: string, kind: 'people' | 'groups' = 'people') =>
  must(await startImport(admin(), { kind, fileName: 'staff.csv', content })).importId
const look = async (id: string) => (await importPage(admin(), id))!
const run = async (importId: string, missing = false) =>
  runImport(admin(), { importId, seen: (await look(importId)).digest, missing })

describe('importing people', () => {
  const file = () =>
    [
      'email,name,title,manager,time zone',
      'lead@halden.example,Lea Dupont,Lead,,Europe/Paris',
      'new@halden.example,New Person,Engineer,lead@halden.example,',
      `${world.ana.email},Ana Oliveira,Analyst,lead@halden.example,`,
      'wrong,,,,',
    ].join('\r\n')

  it('shows first and changes nothing, then does what was shown, each on record', async () => {
    const importId = await start(file())
    const people = await world.db.$count(schema.person)
    const page = await look(importId)
    expect(page.counts).toEqual({ made: 2, changed: 1, unchanged: 0, errors: 1 })
    expect(page.errors).toMatchObject([{ line: 5, who: 'wrong' }])
    expect(await world.db.$count(schema.person)).toBe(people)

    expect(must(await run(importId))).toEqual({ made: 2, changed: 1, gone: 0, failed: [] })
    const lead = (await byEmail('lead@halden.example'))!
    expect(lead).toMatchObject({ name: 'Lea Dupont', timeZone: 'Europe/Paris', admin: false })
    expect(await byEmail('new@halden.example')).toMatchObject({ managerId: lead.id, title: 'Engineer' })
    expect(await byEmail(world.ana.email)).toMatchObject({ managerId: lead.id, title: 'Analyst' })
    expect(await world.verbs(lead.id)).toEqual(['created'])
    expect((await world.verbs(ORGANISATION_ID)).at(-1)).toBe('imported')
    // The same file again: nothing is left of it but the error.
    expect((await look(importId)).counts).toEqual({ made: 0, changed: 0, unchanged: 3, errors: 1 })
    expect(await run(importId)).toMatchObject({ code: 'conflict' })
  })

  it('deactivates whom the file leaves out only where that is chosen, and never whoever imports', async () => {
    const importId = await start(`email\n${world.ben.email}\nnew@halden.example`)
    expect((await look(importId)).missing.map((m) => m.who)).toEqual([world.ana.name])
    must(await run(importId))
    expect((await byEmail(world.ana.email))?.deactivatedAt).toBeNull()
    expect(must(await run(importId, true))).toMatchObject({ made: 0, gone: 1 })
    expect((await byEmail(world.ana.email))?.deactivatedAt).not.toBeNull()
    expect((await byEmail(world.ines.email))?.deactivatedAt).toBeNull()
  })

  it('does nothing that was not looked at', async () => {
    const importId = await start(file())
    const { digest } = await look(importId)
    const { version } = (await byEmail(world.ana.email))!
    const about = {
      name: 'Ana Oliveira',
      email: world.ana.email,
      title: 'Boss',
      team: null,
      timeZone: null,
      locale: null,
    }
    must(await editPerson(admin(), { personId: world.ana.id, version, ...about, managerId: null }))
    const people = await world.db.$count(schema.person)
    expect(await runImport(admin(), { importId, seen: digest, missing: false })).toMatchObject({
      code: 'stale',
    })
    expect(await world.db.$count(schema.person)).toBe(people)
  })

  it('is done once when two press the button at once', async () => {
    const importId = await start(file())
    const { digest } = await look(importId)
    const both = await Promise.all(
      [1, 2].map(() => runImport(admin(), { importId, seen: digest, missing: false })),
    )
    expect(both.filter((one) => one.ok)).toHaveLength(1)
    expect(await world.db.$count(schema.person, eq(schema.person.email, 'new@halden.example'))).toBe(1)
  })

  it('refuses a file that cannot be read, with the line, and to whoever is no admin', async () => {
    const bad = { kind: 'people' as const, fileName: 'x.csv', content: 'email\n"x' }
    expect(await startImport(admin(), bad)).toMatchObject({ code: 'invalid', field: 'file' })
    expect(await startImport(admin(), { ...bad, content: `email\n${'x'.repeat(1_048_577)}` })).toMatchObject({
      code: 'invalid',
    })
    const importId = await start(file())
    const good = { ...bad, content: file() }
    for (const who of [world.ana, world.ben, await world.person('Aud Itor', { auditor: true })]) {
      const ctx = world.as(who)
      expect(await startImport(ctx, good)).toMatchObject({ code: 'forbidden' })
      expect(await importPage(ctx, importId)).toBeNull()
      const { digest } = await look(importId)
      expect(await runImport(ctx, { importId, seen: digest, missing: true })).toMatchObject({
        code: 'forbidden',
      })
    }
  })
})

describe('importing groups', () => {
  const members = async (name: string) => {
    const { group, groupMember, person } = schema
    const rows = await world.db
      .select({ name: person.name })
      .from(groupMember)
      .innerJoin(group, eq(group.id, groupMember.groupId))
      .innerJoin(person, eq(person.id, groupMember.personId))
      .where(eq(group.name, name))
    return rows.map((r) => r.name).sort()
  }

  it('makes groups, adds members, and takes out whom it leaves out where that is chosen', async () => {
    await world.group('Data', [world.ana])
    const importId = await start(
      `group,email\nData,${world.ben.email}\nOps,${world.ana.email}\nOps,${world.ben.email}\nOps,nobody@halden.example`,
      'groups',
    )
    expect((await look(importId)).counts).toEqual({ made: 2, changed: 1, unchanged: 0, errors: 1 })
    expect(must(await run(importId))).toMatchObject({ made: 1, changed: 3, failed: [] })
    expect(await members('Data')).toEqual([world.ana.name, world.ben.name])
    expect(await members('Ops')).toEqual([world.ana.name, world.ben.name])
    expect(must(await run(importId, true))).toMatchObject({ gone: 1 })
    expect(await members('Data')).toEqual([world.ben.name])
  })
})
