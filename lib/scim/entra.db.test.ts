/**
 * The requests of Microsoft Entra's provisioning client, as its documentation on developing a SCIM endpoint writes
 * them (user and group operations), and the older dialect that it sends without the compatibility flag. Written out
 * here; never run against a live tenant.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createScimWorld, type ScimWorld } from '@/lib/testing/scim-world'
import { ENTERPRISE, GROUP, USER } from './attributes'

vi.mock('next/server', () => ({ after: () => {} }))

let entra: ScimWorld
beforeAll(async () => {
  entra = await createScimWorld()
})
afterAll(() => entra.close())

const where = (path: string, filter: string, more = '') =>
  entra.ask('GET', `${path}?${more}filter=${encodeURIComponent(filter)}`)
const joe = {
  schemas: [USER, ENTERPRISE],
  externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
  userName: 'Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1',
  active: true,
  emails: [{ primary: true, type: 'work', value: 'Test_User_fd0ea19b@testuser.example' }],
  meta: { resourceType: 'User' },
  name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
  roles: [],
}
let id = ''

describe('Entra, people', () => {
  it('tests the connection by asking for somebody who cannot be there', async () => {
    const { status, body } = await where('/Users', 'userName eq "5f1f1b5e-0000-0000-0000-000000000000"')
    expect(status).toBe(200)
    expect(body).toMatchObject({ totalResults: 0, Resources: [], startIndex: 1 })
  })

  it('makes somebody whose user name is no address', async () => {
    const { status, body } = await entra.ask('POST', '/Users', joe)
    expect(status).toBe(201)
    id = body.id
    expect(body).toMatchObject({
      externalId: joe.externalId,
      userName: joe.userName,
      displayName: 'givenName familyName',
      emails: [{ value: 'test_user_fd0ea19b@testuser.example', type: 'work', primary: true }],
    })
  })

  it('finds them by each of its matching filters', async () => {
    for (const filter of [
      `userName eq "${joe.userName}"`,
      `externalId eq "${joe.externalId}"`,
      `emails[type eq "work"].value eq "Test_User_fd0ea19b@testuser.example"`,
      `id eq "${id}" and userName eq "${joe.userName}"`,
    ])
      expect((await where('/Users', filter)).body, filter).toMatchObject({
        totalResults: 1,
        Resources: [{ id }],
      })
    const other = `externalId eq "${joe.externalId.toUpperCase()}"`
    expect((await where('/Users', other)).body.totalResults).toBe(0)
  })

  it('changes several attributes, each by its path', async () => {
    const { status, body } = await entra.patch(
      `/Users/${id}`,
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@testuser.example' },
      { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
      { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Platform' },
      { op: 'Add', path: 'phoneNumbers[type eq "work"].value', value: '555-0100' },
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      emails: [{ value: 'updatedemail@testuser.example' }],
      name: { familyName: 'updatedFamilyName' },
      displayName: 'givenName updatedFamilyName',
      [ENTERPRISE]: { department: 'Platform' },
    })
  })

  it('names a manager as text, as an object, and takes them away', async () => {
    const manager = (value: unknown) =>
      entra.patch(`/Users/${id}`, { op: 'Add', path: `${ENTERPRISE}:manager`, value })
    expect((await manager(entra.ben.id)).body[ENTERPRISE].manager).toMatchObject({ value: entra.ben.id })
    expect((await manager({ value: entra.ines.id })).body[ENTERPRISE].manager).toMatchObject({
      value: entra.ines.id,
      displayName: 'Ines Albrecht',
    })
    const gone = await entra.patch(`/Users/${id}`, { op: 'Remove', path: `${ENTERPRISE}:manager` })
    expect(gone.body[ENTERPRISE]).not.toHaveProperty('manager')
    expect((await manager(id)).body).toMatchObject({ status: '400', scimType: 'invalidValue' })
  })

  it('changes the user name', async () => {
    const { body } = await entra.patch(`/Users/${id}`, {
      op: 'Replace',
      path: 'userName',
      value: '5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.example',
    })
    expect(body.userName).toBe('5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.example')
  })

  it('disables with true and false as text, and enables again', async () => {
    const active = (value: unknown) => entra.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value })
    expect((await active('False')).body.active).toBe(false)
    expect((await where('/Users', `active eq false and id eq "${id}"`)).body.totalResults).toBe(1)
    expect((await active('True')).body.active).toBe(true)
    expect((await active(false)).body.active).toBe(false)
    expect((await active('no')).body).toMatchObject({ scimType: 'invalidValue' })
  })

  it('deletes them: 204, then 404, in no list, and makes them again as the same person', async () => {
    expect((await entra.ask('DELETE', `/Users/${id}`)).status).toBe(204)
    expect((await entra.ask('GET', `/Users/${id}`)).status).toBe(404)
    expect((await entra.ask('DELETE', `/Users/${id}`)).status).toBe(404)
    expect((await where('/Users', `externalId eq "${joe.externalId}"`)).body.totalResults).toBe(0)
    const again = await entra.ask('POST', '/Users', {
      ...joe,
      emails: [{ primary: true, type: 'work', value: 'updatedemail@testuser.example' }],
    })
    expect(again).toMatchObject({ status: 201, body: { id, active: true, userName: joe.userName } })
  })
})

describe('Entra, groups', () => {
  let groupId = ''
  const group = {
    schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    displayName: 'displayName',
    meta: { resourceType: 'Group' },
  }
  const read = async () => (await entra.ask('GET', `/Groups/${groupId}`)).body
  const ids = async () => (await read()).members.map((m: { value: string }) => m.value).sort()

  it('makes a group, reads it without members, and finds it by name', async () => {
    const { status, body } = await entra.ask('POST', '/Groups', group)
    expect(status).toBe(201)
    groupId = body.id
    const without = await entra.ask('GET', `/Groups/${groupId}?excludedAttributes=members`)
    expect(without.body).toMatchObject({ id: groupId, displayName: 'displayName' })
    expect(without.body).not.toHaveProperty('members')
    expect(without.headers.has('etag')).toBe(false)
    const found = await where('/Groups', 'displayName eq "displayName"', 'excludedAttributes=members&')
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: groupId }] })
    expect(found.body.Resources[0]).not.toHaveProperty('members')
  })

  it('renames it, and adds and removes members', async () => {
    const renamed = await entra.patch(`/Groups/${groupId}`, {
      op: 'Replace',
      path: 'displayName',
      value: '1879db59-3bdf-4490-ad68-ab880a269474updatedDisplayName',
    })
    expect(renamed.status).toBe(204)
    const value = [{ $ref: null, value: id }]
    expect((await entra.patch(`/Groups/${groupId}`, { op: 'Add', path: 'members', value })).status).toBe(204)
    expect(await ids()).toEqual([id])
    await entra.patch(
      `/Groups/${groupId}`,
      { op: 'Add', path: 'members', value: [{ value: entra.ana.id }] },
      { op: 'Add', path: 'members', value: [{ value: entra.ben.id }] },
    )
    expect(await ids()).toEqual([id, entra.ana.id, entra.ben.id].sort())
    const contains = `id eq "${groupId}" and members eq "${entra.ana.id}"`
    expect((await where('/Groups', contains)).body.totalResults).toBe(1)
    await entra.patch(`/Groups/${groupId}`, { op: 'Remove', path: 'members', value })
    await entra.patch(`/Groups/${groupId}`, { op: 'Remove', path: `members[value eq "${entra.ana.id}"]` })
    expect(await ids()).toEqual([entra.ben.id])
    expect((await where('/Groups', contains)).body.totalResults).toBe(0)
  })

  it('puts a group into a group, and is refused a circle', async () => {
    const outer = (await entra.ask('POST', '/Groups', { ...group, externalId: 'x', displayName: 'Outer' }))
      .body
    const nest = (into: string, what: string) =>
      entra.patch(`/Groups/${into}`, { op: 'Add', path: 'members', value: [{ value: what }] })
    expect((await nest(outer.id, groupId)).status).toBe(204)
    expect((await entra.ask('GET', `/Groups/${outer.id}`)).body.members).toMatchObject([
      { value: groupId, type: 'Group' },
    ])
    expect((await nest(groupId, outer.id)).body).toMatchObject({ status: '400', scimType: 'invalidValue' })
    expect((await nest(groupId, groupId)).body).toMatchObject({ status: '400', scimType: 'invalidValue' })
    expect(await ids()).toEqual([entra.ben.id])
  })

  it('deletes it', async () => {
    expect((await entra.ask('DELETE', `/Groups/${groupId}`)).status).toBe(204)
    expect((await entra.ask('GET', `/Groups/${groupId}`)).status).toBe(404)
  })
})
