/**
 * The requests of Okta's provisioning client, as its published test suite for SCIM 2.0 servers and its guide to the
 * protocol write them: sign in, find by user name, make, read, change by PUT and by PATCH, deactivate, activate, push a
 * group, change its members, delete it. Written out here; never run against a live tenant. What comes back is read by
 * an implementation of somebody else (scimmy), which refuses what the standard does not allow.
 */
import SCIMMY from 'scimmy'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createScimWorld, type ScimWorld } from '@/lib/testing/scim-world'
import { ENTERPRISE, GROUP, PATCH_OP, USER } from './attributes'

vi.mock('next/server', () => ({ after: () => {} }))

let okta: ScimWorld
beforeAll(async () => {
  okta = await createScimWorld()
  SCIMMY.Schemas.User.definition.extend(SCIMMY.Schemas.EnterpriseUser.definition, false)
})
afterAll(() => okta.close())

const asUser = (body: object) => new SCIMMY.Schemas.User(body as never, 'out')
const asGroup = (body: object) => new SCIMMY.Schemas.Group(body as never, 'out')
const page = 'startIndex=1&count=100'
const byName = (name: string) => `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}&${page}`
const mara = {
  schemas: [USER],
  userName: 'mara.lind@halden.example',
  name: { givenName: 'Mara', familyName: 'Lind' },
  emails: [{ primary: true, value: 'mara.lind@halden.example', type: 'work' }],
  displayName: 'Mara Lind',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
}
let id = ''

describe('Okta, people', () => {
  it('looks whether anybody is here, and finds a list', async () => {
    const { status, headers, body } = await okta.ask('GET', '/Users?startIndex=1&count=2')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('application/scim+json')
    expect(body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 3,
      itemsPerPage: 2,
      startIndex: 1,
    })
    for (const user of body.Resources) expect(asUser(user)).toMatchObject({ userName: user.userName })
  })

  it('asks for one by id, and for one that nobody is', async () => {
    const first = (await okta.ask('GET', '/Users?startIndex=1&count=1')).body.Resources[0]
    expect((await okta.ask('GET', `/Users/${first.id}`)).body).toEqual(first)
    const { status, body } = await okta.ask('GET', '/Users/010101001010101011001010101011')
    expect(status).toBe(404)
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '404',
      detail: 'There is no such user.',
    })
  })

  it('finds nobody of a name, and makes them', async () => {
    expect((await okta.ask('GET', byName(mara.userName))).body).toMatchObject({
      totalResults: 0,
      Resources: [],
    })
    const { status, headers, body } = await okta.ask('POST', '/Users', mara)
    expect(status).toBe(201)
    id = body.id
    expect(headers.get('location')).toBe(body.meta.location)
    expect(asUser(body)).toMatchObject({
      userName: mara.userName,
      externalId: mara.externalId,
      active: true,
      locale: 'en-US',
      name: { givenName: 'Mara', familyName: 'Lind' },
      meta: { resourceType: 'User', version: headers.get('etag') },
    })
    expect(body).not.toHaveProperty('password')
    expect(await okta.last(id)).toMatchObject({ by: 'scim:Okta', verb: 'created' })
  })

  it('finds them by name, in whatever case, and is refused to make them twice', async () => {
    const found = await okta.ask('GET', byName('MARA.lind@halden.example'))
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] })
    const twice = await okta.ask('POST', '/Users', mara)
    expect(twice).toMatchObject({ status: 409, body: { status: '409', scimType: 'uniqueness' } })
  })

  it('replaces a profile by PUT', async () => {
    const { body: current } = await okta.ask('GET', `/Users/${id}`)
    const { status, body } = await okta.ask('PUT', `/Users/${id}`, {
      ...current,
      name: { givenName: 'Mara', familyName: 'Lind-Berg', formatted: 'Mara Lind-Berg' },
      displayName: 'Mara Lind-Berg',
      title: 'Analyst',
      timezone: 'America/Los_Angeles',
      [ENTERPRISE]: { department: 'Data', manager: { value: okta.ben.id } },
    })
    expect(status).toBe(200)
    expect(asUser(body)).toMatchObject({ displayName: 'Mara Lind-Berg', title: 'Analyst' })
    expect(body[ENTERPRISE]).toMatchObject({
      department: 'Data',
      manager: { value: okta.ben.id, displayName: 'Ben Okafor' },
    })
    expect(await okta.last(id)).toMatchObject({
      by: 'scim:Okta',
      verb: 'changed',
      data: { team: { was: null, is: 'Data' } },
    })
  })

  it('says the same again, and nothing is written', async () => {
    const before = await okta.verbs(id)
    const { body: current } = await okta.ask('GET', `/Users/${id}`)
    expect((await okta.ask('PUT', `/Users/${id}`, current)).body).toEqual(current)
    expect(await okta.verbs(id)).toEqual(before)
  })

  it('deactivates by a PATCH without a path, and activates again', async () => {
    const off = await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
    expect(off).toMatchObject({ status: 200, body: { active: false } })
    expect(await okta.last(id)).toMatchObject({ by: 'scim:Okta', verb: 'deactivated' })
    const on = await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: true } })
    expect(on).toMatchObject({ status: 200, body: { active: true } })
  })

  it('deactivates by a PUT of the whole profile as well', async () => {
    const { body: current } = await okta.ask('GET', `/Users/${id}`)
    expect((await okta.ask('PUT', `/Users/${id}`, { ...current, active: false })).body.active).toBe(false)
    expect((await okta.ask('PUT', `/Users/${id}`, { ...current, active: true })).body.active).toBe(true)
  })
})

describe('Okta, groups', () => {
  let groupId = ''
  it('looks for a group by name, and pushes it', async () => {
    const filter = encodeURIComponent('displayName eq "Data stewards"')
    expect((await okta.ask('GET', `/Groups?filter=${filter}&${page}`)).body.totalResults).toBe(0)
    const { status, body } = await okta.ask('POST', '/Groups', {
      schemas: [GROUP],
      displayName: 'Data stewards',
      members: [{ value: id, display: mara.userName }],
    })
    expect(status).toBe(201)
    groupId = body.id
    expect(asGroup(body)).toMatchObject({
      displayName: 'Data stewards',
      members: [{ value: id, display: 'Mara Lind-Berg' }],
    })
    expect((await okta.ask('GET', `/Groups?filter=${filter}&${page}`)).body.totalResults).toBe(1)
  })

  it('adds and removes members in one PATCH, and renames by a map that names the id', async () => {
    const changed = await okta.patch(
      `/Groups/${groupId}`,
      { op: 'remove', path: `members[value eq "${id}"]` },
      { op: 'add', path: 'members', value: [{ value: okta.ana.id, display: 'ana' }] },
    )
    expect(changed.status).toBe(204)
    const renamed = await okta.patch(`/Groups/${groupId}`, {
      op: 'replace',
      value: { id: groupId, displayName: 'Stewards' },
    })
    expect(renamed.status).toBe(204)
    const { body } = await okta.ask('GET', `/Groups/${groupId}`)
    expect(asGroup(body)).toMatchObject({ displayName: 'Stewards', members: [{ value: okta.ana.id }] })
    expect(await okta.last(groupId)).toMatchObject({ by: 'scim:Okta', verb: 'changed' })
  })

  it('replaces the members by a PATCH and by a PUT', async () => {
    const value = [{ value: id }, { value: okta.ben.id }]
    await okta.patch(`/Groups/${groupId}`, { op: 'replace', path: 'members', value })
    const put = await okta.ask('PUT', `/Groups/${groupId}`, {
      schemas: [GROUP],
      id: groupId,
      displayName: 'Stewards',
      members: [{ value: okta.ben.id }],
    })
    expect(put).toMatchObject({ status: 200, body: { members: [{ value: okta.ben.id }] } })
  })

  it('deletes the group, which is gone for it, and pushes it once more: the same group, in use', async () => {
    expect((await okta.ask('DELETE', `/Groups/${groupId}`)).status).toBe(204)
    expect((await okta.ask('GET', `/Groups/${groupId}`)).status).toBe(404)
    expect(await okta.last(groupId)).toMatchObject({ by: 'scim:Okta', verb: 'deactivated' })
    const again = await okta.ask('POST', '/Groups', { schemas: [GROUP], displayName: 'Stewards' })
    expect(again).toMatchObject({ status: 201, body: { id: groupId } })
    expect(again.body.members).toEqual([])
  })
})

it('Okta’s requests carry the schema of a PATCH, and do without it as well', async () => {
  const Operations = [{ op: 'replace', value: { title: 'Lead' } }]
  for (const schemas of [[PATCH_OP], undefined])
    expect((await okta.ask('PATCH', `/Users/${id}`, { schemas, Operations })).status).toBe(200)
})
