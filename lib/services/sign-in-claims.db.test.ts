import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { addMembers, removeMember } from './groups'
import { deactivatePerson } from './people'
import { takeClaims } from './sign-in-claims'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const { group, groupMember, person } = schema
const row = async (who: TestPerson) =>
  (await world.db.query.person.findFirst({ where: eq(person.id, who.id) }))!
const groupNamed = (name: string) => world.db.query.group.findFirst({ where: eq(group.name, name) })
const groupsOf = async (who: TestPerson) => {
  const rows = await world.db
    .select({ name: group.name })
    .from(groupMember)
    .innerJoin(group, eq(group.id, groupMember.groupId))
    .where(eq(groupMember.personId, who.id))
  return rows.map((r) => r.name).sort()
}

describe('what an identity provider says at sign-in', () => {
  it('puts somebody into its groups and out of them, each on record', async () => {
    await takeClaims(world.db, world.ana.id, { groups: ['Data', 'Ops'] })
    await takeClaims(world.db, world.ben.id, { groups: ['Data'] })
    expect(await groupsOf(world.ana)).toEqual(['Data', 'Ops'])
    await takeClaims(world.db, world.ana.id, { groups: ['Ops'] })
    expect(await groupsOf(world.ana)).toEqual(['Ops'])
    expect(await groupsOf(world.ben)).toEqual(['Data'])
    const data = (await groupNamed('Data'))!
    expect(data).toMatchObject({ managedBy: 'oidc', externalId: 'Data', version: 4 })
    expect(await world.verbs(data.id)).toEqual(['created', 'changed', 'changed', 'changed'])
    // Said again, it is no news.
    await takeClaims(world.db, world.ana.id, { groups: ['Ops'] })
    expect(await world.verbs(data.id)).toHaveLength(4)
    // Not said at all changes nothing; an empty list does.
    await takeClaims(world.db, world.ana.id, {})
    expect(await groupsOf(world.ana)).toEqual(['Ops'])
    await takeClaims(world.db, world.ana.id, { groups: [] })
    expect(await groupsOf(world.ana)).toEqual([])
  })

  it('leaves groups alone that were made here, whatever their name', async () => {
    const own = await world.group('Data', [world.ana])
    await takeClaims(world.db, world.ana.id, { groups: [] })
    await takeClaims(world.db, world.ben.id, { groups: ['DATA'] })
    expect(await groupsOf(world.ana)).toEqual(['Data'])
    expect(await groupsOf(world.ben)).toEqual([])
    expect(await world.verbs(own)).toEqual([])
  })

  it('is the only one to say who is in its groups, whatever they are called here', async () => {
    await takeClaims(world.db, world.ana.id, { groups: ['a1b2'] })
    const { id } = (await groupNamed('a1b2'))!
    const admin = world.as(world.ines)
    expect(await addMembers(admin, { groupId: id, personIds: [world.ben.id] })).toMatchObject({
      code: 'conflict',
    })
    expect(await removeMember(admin, { groupId: id, personId: world.ana.id })).toMatchObject({
      code: 'conflict',
    })
    await world.db.update(group).set({ name: 'Data stewards' }).where(eq(group.id, id))
    await takeClaims(world.db, world.ben.id, { groups: ['a1b2'] })
    expect(await groupsOf(world.ben)).toEqual(['Data stewards'])
  })

  it('sets the manager each time, and zone and locale only where the person chose none', async () => {
    const carl = await world.person('Carl Diaz')
    const said = { manager: carl.email, timeZone: 'Asia/Tokyo', locale: 'en-US' }
    await takeClaims(world.db, world.ana.id, said)
    expect(await row(world.ana)).toMatchObject({
      managerId: carl.id,
      timeZone: 'Asia/Tokyo',
      locale: 'en-US',
    })
    await takeClaims(world.db, world.ana.id, { manager: world.ben.email, timeZone: 'UTC', locale: 'de-DE' })
    expect(await row(world.ana)).toMatchObject({
      managerId: world.ben.id,
      timeZone: 'Asia/Tokyo',
      locale: 'en-US',
    })
    expect(await world.verbs(world.ana.id)).toEqual(['changed', 'changed'])
    // A manager nobody knows, and one who would make a circle, change nothing and keep nobody out.
    await takeClaims(world.db, world.ana.id, { manager: 'who@elsewhere.example' })
    await takeClaims(world.db, world.ben.id, { manager: world.ana.email, groups: ['Data'] })
    expect(await row(world.ana)).toMatchObject({ managerId: world.ben.id })
    expect(await row(world.ben)).toMatchObject({ managerId: null })
    expect(await groupsOf(world.ben)).toEqual(['Data'])
  })

  it('is not heard for who was deactivated', async () => {
    must(await deactivatePerson(world.as(world.ines), { personId: world.ana.id }))
    await takeClaims(world.db, world.ana.id, { groups: ['Data'] })
    expect(await groupsOf(world.ana)).toEqual([])
  })
})
