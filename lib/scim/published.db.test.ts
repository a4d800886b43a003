/**
 * What Microsoft publishes with its reference SCIM server and runs against it, in the repository
 * AzureAD/SCIMReferenceCode: the requests of PostmanCollection.json, folder by folder in their order, with what
 * Microsoft.SCIM.PlaywrightTests asks of the same answers. Their shapes and oddities are kept, the people are ours.
 * Where the answer here is another one on purpose, a test that begins with “otherwise” says why. The folders with
 * “garbage”, and the other collection there, are in published-odd.db.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  createScimDirectory,
  groupOf,
  listed,
  personOf,
  refusalOf,
  type ScimDirectory,
} from '@/lib/testing/scim-directory'
import { ENTERPRISE, GROUP, LIST, USER } from './attributes'

vi.mock('next/server', () => ({ after: () => {} }))

let world: ScimDirectory
beforeAll(async () => {
  world = await createScimDirectory()
})
afterAll(() => world.close())

describe('what there is', () => {
  it('lists nobody of it yet, two kinds of things, PATCH, and the schema of a “User Account”', async () => {
    expect(listed(await world.get('/Users'))).toEqual(world.here())
    expect((await world.get('/Groups')).body).toEqual({
      schemas: [LIST],
      ...{ totalResults: 0, itemsPerPage: 0, startIndex: 1, Resources: [] },
    })
    expect((await world.get('/ResourceTypes')).body).toMatchObject({
      ...{ totalResults: 2, itemsPerPage: 2, startIndex: 1 },
      Resources: [{ endpoint: '/Users' }, { endpoint: '/Groups' }],
    })
    const config = (await world.get('/ServiceProviderConfig')).body
    expect(config.patch.supported).toBe(true)
    for (const part of ['authenticationSchemes', 'meta', 'bulk', 'filter', 'sort', 'etag', 'schemas'])
      expect(config).toHaveProperty(part)
    const schemas = await world.get('/Schemas')
    expect(schemas.status).toBe(200)
    expect(JSON.stringify(schemas.body)).toContain('User Account')
  })

  it('otherwise: /users is not /Users, since the path of an address is case-sensitive', async () => {
    expect(await world.get('/users')).toMatchObject({ status: 404, body: { status: '404' } })
  })
})

describe('users', () => {
  it('makes two, one of them with “Department” and “Manager” with a capital, and reads them', async () => {
    const vera = personOf('vera', 'VeraFromOslo', 'Vera Holm', { schemas: [USER] })
    expect((await world.post('vera', '/Users', vera)).status).toBe(201)
    const work = { Department: 'Finance', Manager: { Value: 'ben.okafor@halden.example' } }
    const nils = personOf('nils', 'nils', 'Nils Aas', { [ENTERPRISE]: work })
    expect((await world.post('nils', '/Users', nils)).status).toBe(201)
    expect((await world.get(`/Users/${world.id.vera}`)).body.id).toBe(world.id.vera)
    const { body } = await world.get(`/Users/${world.id.nils}`)
    expect(body).toMatchObject({
      id: world.id.nils,
      emails: [{ value: 'nils@halden.example', primary: true }],
    })
    expect(body[ENTERPRISE]).toMatchObject({ department: 'Finance', manager: { value: world.ben.id } })
  })

  it('lists some attributes, and filters by “DisplayName” behind a slash too many', async () => {
    const { body } = await world.get('/Users?attributes=userName,emails')
    expect(body.Resources.map((r: { id: string }) => r.id)).toEqual([
      ...world.here(),
      world.id.vera,
      world.id.nils,
    ])
    for (const user of body.Resources)
      expect(Object.keys(user).sort()).toEqual(['emails', 'id', 'schemas', 'userName'])
    expect(listed(await world.get('/Users/?filter=DisplayName+eq+%22VeraFromOslo%22'))).toEqual([
      world.id.vera,
    ])
  })

  it('changes one by PATCH and replaces the other by PUT', async () => {
    const value = 'vera3'
    const renamed = await world.patch(`/Users/${world.id.vera}`, { op: 'replace', path: 'userName', value })
    expect(renamed).toMatchObject({ status: 200, body: { id: world.id.vera, userName: 'vera3' } })
    expect((await world.get(`/Users/${world.id.vera}`)).body).toMatchObject({
      id: world.id.vera,
      userName: 'vera3',
    })
    const put = personOf('nils.replaced', 'NilsAnew', 'Nils Berg', { id: world.id.nils })
    const { status, body } = await world.send('PUT', `/Users/${world.id.nils}`, put)
    expect({ status, id: body.id, userName: body.userName }).toEqual({
      ...{ status: 200, id: world.id.nils, userName: 'nils.replaced' },
    })
  })

  it('otherwise: one name is kept, the shown one, so name.formatted is the displayName', async () => {
    const { name, displayName } = (await world.get(`/Users/${world.id.nils}`)).body
    expect(name).toEqual({ formatted: 'NilsAnew', givenName: 'Nils', familyName: 'Berg' })
    expect(displayName).toBe('NilsAnew')
  })

  it('deletes both', async () => {
    for (const who of ['vera', 'nils'])
      expect((await world.send('DELETE', `/Users/${world.id[who]}`)).status).toBe(204)
  })
})

describe('groups', () => {
  const members = async (which: string) =>
    (await world.get(`/Groups/${world.id[which]}`)).body.members.map((m: { value: string }) => m.value).sort()

  it('makes an empty one and a filled one, and lists them', async () => {
    const empty = await world.post('first', '/Groups', groupOf('First'))
    expect(empty).toMatchObject({ status: 201, body: { schemas: [GROUP], members: [] } })
    for (const who of ['siri', 'tor'])
      expect((await world.post(who, '/Users', personOf(who, who, 'Siri Tor'))).status).toBe(201)
    const filled = await world.post(
      'second',
      '/Groups',
      groupOf('Second', [{ value: world.id.siri, display: 'VP' }]),
    )
    expect(filled).toMatchObject({ status: 201, body: { members: [{ value: world.id.siri }] } })
    expect(listed(await world.get('/Groups'))).toEqual([world.id.first, world.id.second])
  })

  it('otherwise: a second person with the address of another is refused, since it signs in', async () => {
    const emails = [{ Primary: true, type: 'work', value: 'siri@halden.example' }]
    const again = await world.send('POST', '/Users', personOf('unni', 'unni', 'Unni Dahl', { emails }))
    expect(refusalOf(again)).toBe('409 uniqueness')
  })

  it('replaces one by PUT: what it leaves out is gone, in the answer and after', async () => {
    const made = await world.post('third', '/Groups', groupOf('Third'))
    expect(made.body.externalId).toBe('directory-Third')
    const both = [world.id.siri, world.id.tor]
    const list = both.map((value, i) => ({ value, display: ['VP', 'SeniorVP'][i] }))
    const put = { schemas: [GROUP], id: world.id.third, displayName: 'Put', members: list }
    const replaced = await world.send('PUT', `/Groups/${world.id.third}`, put)
    for (const { status, body } of [replaced, await world.get(`/Groups/${world.id.third}`)]) {
      expect({ status, id: body.id, displayName: body.displayName }).toEqual({
        ...{ status: 200, id: world.id.third, displayName: 'Put' },
      })
      expect(body).not.toHaveProperty('externalId')
      expect(body.members.map((m: { value: string }) => m.value).sort()).toEqual([...both].sort())
    }
  })

  it('adds and removes a member by PATCH, adds them again, and removes all', async () => {
    const value = [{ displayName: 'new User', value: world.id.tor }]
    const add = { name: 'addMember', op: 'add', path: 'members', value }
    const remove = { op: 'remove', path: `members[value eq "${world.id.tor}"]` }
    for (const operation of [add, remove, add])
      expect((await world.patch(`/Groups/${world.id.first}`, operation)).status).toBe(204)
    expect(await members('first')).toEqual([world.id.tor])
    expect((await world.patch(`/Groups/${world.id.first}`, { op: 'remove', path: 'members' })).status).toBe(
      204,
    )
    expect(await members('first')).toEqual([])
  })

  it('otherwise: a member is shown by their own name, not as a client calls them in the list', async () => {
    expect((await world.get(`/Groups/${world.id.second}`)).body.members[0].display).toBe('siri')
  })

  it('deletes everybody and everything', async () => {
    for (const path of [`/Users/${world.id.siri}`, `/Users/${world.id.tor}`])
      expect((await world.send('DELETE', path)).status).toBe(204)
    for (const which of ['first', 'second', 'third'])
      expect((await world.send('DELETE', `/Groups/${world.id[which]}`)).status).toBe(204)
  })
})

describe('parts of attributes', () => {
  it('otherwise: an address is one that mail can be sent to', async () => {
    const emails = [{ Primary: true, type: 'work', value: 'addressName357' }]
    const odd = await world.send('POST', '/Users', personOf('odd', 'Odd', 'Odd Moen', { emails }))
    expect(refusalOf(odd)).toBe('400 invalidValue')
  })

  it('names an attribute with a filter where its name belongs, and is given that attribute', async () => {
    for (const who of ['odd', 'pia'])
      expect((await world.post(who, '/Users', personOf(who, 'Odd', 'Odd Moen'))).status).toBe(201)
    for (const filter of ['emails[type eq "work"]', 'emails[value eq "odd@halden.example"]']) {
      const { status, body } = await world.get(`/Users?attributes=${encodeURIComponent(filter)}`)
      expect(status).toBe(200)
      const odd = body.Resources.find((r: { id: string }) => r.id === world.id.odd)
      expect(Object.keys(odd).sort()).toEqual(['emails', 'id', 'schemas'])
      expect(odd.emails[0].value).toBe('odd@halden.example')
    }
    for (const who of ['odd', 'pia'])
      expect((await world.send('DELETE', `/Users/${world.id[who]}`)).status).toBe(204)
  })
})
