import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { HOUR } from '@/lib/domain/duration'
import { countToDecide } from '@/lib/queries/approvals'
import { groupPage } from '@/lib/queries/groups'
import { nestGroups } from '@/lib/services/group-nesting'
import { addMembers, deactivateGroup, editGroup } from '@/lib/services/groups'
import { askForAccess } from '@/lib/services/requests'
import { disconnectScimClient } from '@/lib/services/scim-clients'
import { handOverGroup } from '@/lib/services/scim-groups'
import { openSession, readSession } from '@/lib/services/sessions'
import { must } from '@/lib/testing/lease-world'
import { createScimWorld, type ScimWorld } from '@/lib/testing/scim-world'

vi.mock('next/server', () => ({ after: () => {} }))

let world: ScimWorld
beforeEach(async () => {
  world = await createScimWorld()
})
afterEach(() => world.close())

const admin = () => world.as(world.ines)
const person = (id: string) => world.db.query.person.findFirst({ where: eq(schema.person.id, id) })

describe('whoever the identity provider deactivates', () => {
  it.each<[string, () => Promise<{ status: number }>]>([
    [
      'by active = false',
      () => world.patch(`/Users/${world.ana.id}`, { op: 'replace', value: { active: false } }),
    ],
    ['by DELETE', () => world.ask('DELETE', `/Users/${world.ana.id}`)],
  ])('%s is signed out, and their access is taken, by the product’s own road', async (_, leave) => {
    const grantId = await world.approved()
    await world.drain()
    expect(world.holders()).toEqual([world.anaAccount])
    const { token } = must(await openSession(world.db, world.ana.id, 'demo'))
    expect((await leave()).status).toBeLessThan(300)
    expect(await readSession(world.db, token)).toBeNull()
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'left' })
    await world.drain()
    expect(world.holders()).toEqual([])
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended' })
    expect(await world.last(world.ana.id)).toMatchObject({ by: 'scim:Okta', verb: 'deactivated' })
  })

  it('is never the last admin: refused, by whatever way, and nothing else of it happens', async () => {
    const path = `/Users/${world.ines.id}`
    const { body: before } = await world.ask('GET', path)
    for (const answer of [
      await world.patch(path, { op: 'replace', value: { active: false, title: 'Gone' } }),
      await world.ask('PUT', path, { ...before, active: false, title: 'Gone' }),
      await world.ask('DELETE', path),
    ])
      expect(answer).toMatchObject({
        status: 403,
        body: {
          status: '403',
          detail: 'Ines Albrecht is the last admin. Make somebody else an admin first.',
        },
      })
    expect((await world.ask('GET', path)).body).toEqual(before)
    await world.person('Second Admin', { admin: true })
    expect((await world.ask('DELETE', path)).status).toBe(204)
  })

  it('comes back as a member, whatever they were', async () => {
    await world.person('Second Admin', { admin: true })
    const path = `/Users/${world.ines.id}`
    await world.patch(path, { op: 'replace', path: 'active', value: false })
    expect((await world.patch(path, { op: 'replace', path: 'active', value: true })).body.active).toBe(true)
    expect(await person(world.ines.id)).toMatchObject({ admin: false, deactivatedAt: null })
  })

  it('of two admins who are deactivated at once, one stays', async () => {
    const second = await world.person('Second Admin', { admin: true })
    const both = await Promise.all(
      [world.ines, second].map(({ id }) =>
        world.patch(`/Users/${id}`, { op: 'replace', value: { active: false } }),
      ),
    )
    expect(both.map((a) => a.status).sort()).toEqual([200, 403])
  })
})

describe('a group that an identity provider provisions', () => {
  const group = async (displayName: string, ...members: { id: string }[]) =>
    (await world.ask('POST', '/Groups', { displayName, members: members.map(({ id }) => ({ value: id })) }))
      .body.id as string
  const versionOf = async (id: string) =>
    (await world.db.query.group.findFirst({ where: eq(schema.group.id, id) }))!.version

  it('is marked so, and nobody changes it by hand until the client is disconnected', async () => {
    const groupId = await group('Approvers', world.ben)
    const version = await versionOf(groupId)
    expect(await groupPage(admin(), groupId)).toMatchObject({
      provisioner: 'Okta',
      candidates: null,
      groupCandidates: null,
    })
    const refused = { code: 'conflict', message: 'Okta provisions Approvers. Change it there' }
    expect(await addMembers(admin(), { groupId, personIds: [world.ana.id] })).toMatchObject(refused)
    expect(await editGroup(admin(), { groupId, version, name: 'Mine', description: null })).toMatchObject(
      refused,
    )
    expect(await deactivateGroup(admin(), { groupId, version })).toMatchObject(refused)
    must(await disconnectScimClient(admin(), { clientId: world.clientId }))
    must(await addMembers(admin(), { groupId, personIds: [world.ana.id] }))
  })

  it('decides with the people of the groups in it, and what waits goes on when they are taken out', async () => {
    const inner = await group('On call', world.ben)
    const outer = await group('Board', { id: inner })
    const steps = [{ approvers: [{ kind: 'group' as const, id: outer }], quorum: 1 as const }]
    const external = world.target.state.addEntitlement({ name: 'staging' })
    const entitlementId = await world.entitlement(world.applicationId, 'staging', { externalId: external.id })
    await world.policy('Staging', { entitlementIds: [entitlementId], steps })
    const input = { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' }
    const { requestId } = must(await askForAccess(world.as(world.ana), input))
    expect(await countToDecide(world.as(world.ben), new Date())).toBe(1)
    await world.patch(`/Groups/${inner}`, { op: 'remove', path: `members[value eq "${world.ben.id}"]` })
    expect(await world.verbs(requestId)).toEqual(['asked', 'escalated'])
  })

  it('can be in a group made by hand', async () => {
    const inner = await group('On call', world.ben)
    const outer = await world.group('By hand', [])
    must(await nestGroups(admin(), { groupId: outer, childIds: [inner] }))
    expect(await groupPage(admin(), outer)).toMatchObject({ size: 1, provisioner: null })
  })

  it('does not take over one that was made by hand, unless an admin hands it over', async () => {
    const groupId = await world.group('Change board', [world.ben])
    const post = () => world.ask('POST', '/Groups', { displayName: 'change board' })
    expect(await post()).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } })
    expect((await world.ask('GET', `/Groups/${groupId}`)).status).toBe(404)
    const hand = { groupId, clientId: world.clientId, version: 1 }
    expect(await handOverGroup(world.as(world.ben), hand)).toMatchObject({ code: 'forbidden' })
    expect(await handOverGroup(admin(), { ...hand, version: 9 })).toMatchObject({ code: 'stale' })
    must(await handOverGroup(admin(), hand))
    expect(await handOverGroup(admin(), hand)).toMatchObject({ code: 'conflict' })
    const { body } = await world.ask('GET', `/Groups/${groupId}`)
    expect(body).toMatchObject({ displayName: 'Change board', members: [{ value: world.ben.id }] })
  })

  it('takes thousands of members in one go', async () => {
    const many = Array.from({ length: 6_000 }, (_, i) => ({
      id: `0190a000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      name: `Person ${i}`,
      email: `person.${i}@halden.example`,
    }))
    for (const from of [0, 3_000]) await world.db.insert(schema.person).values(many.slice(from, from + 3_000))
    const groupId = await group('Everybody', ...many)
    expect(await groupPage(admin(), groupId)).toMatchObject({ size: 6_000 })
    const gone = many.slice(0, 900).map(({ id }) => ({ op: 'remove', path: `members[value eq "${id}"]` }))
    expect((await world.patch(`/Groups/${groupId}`, ...gone)).status).toBe(204)
    expect(await groupPage(admin(), groupId)).toMatchObject({ size: 5_100 })
  })
})
