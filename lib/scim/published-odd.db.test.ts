/**
 * The rest of what Microsoft publishes in AzureAD/SCIMReferenceCode (see published.db.test.ts): the folders “User tests
 * with garbage”, “Group tests with garbage” and “Teardown garbage” of PostmanCollection.json, and “SCIM
 * Inbound.postman_collection.json”, in which a directory writes and then looks what changed.
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
import { ENTERPRISE, GROUP, type Json, PATCH_OP, USER } from './attributes'

vi.mock('next/server', () => ({ after: () => {} }))

let world: ScimDirectory
beforeAll(async () => {
  world = await createScimDirectory()
})
afterAll(() => world.close())

describe('with what nobody asked for', () => {
  const nothing = { country: null, locality: null, postalCode: null, region: null, streetAddress: null }
  const at = (country: string) => [
    { country, formatted: 'Quay 4\nHalden', type: 'work', primary: false },
    { ...nothing, formatted: 'Mill Lane 2', type: 'other', primary: false },
  ]
  /** With nulls, with attributes that are not kept, with dates of its own, and with the external id of everybody. */
  const laden = (userName: string, family: string, more: Json = {}) => ({
    ...personOf(userName, `${userName} of Halden`, `Liv ${family}`, { schemas: [USER] }),
    name: {
      formatted: 'L',
      familyName: family,
      givenName: 'Liv',
      honorificPrefix: null,
      honorificSuffix: null,
    },
    ...{ addresses: at('Norway'), phoneNumbers: [{ type: 'fax', primary: false, value: '555-0100' }] },
    ...{ preferredLanguage: 'nb', roles: [], title: 'Engineer', externalId: 'the-same-for-everybody' },
    meta: { created: '2019-09-18T18:15:26.5788954+00:00', resourceType: 'User' },
    ...more,
  })
  const all = ['Orla', 'emp1', 'emp2', 'emp3', 'enterprise']

  it('makes people, one of them “True”, and finds them in the list of all', async () => {
    const orla = await world.post('Orla', '/Users', laden('Orla', 'Orla'))
    expect(orla).toMatchObject({ status: 201, body: { userName: 'Orla', active: true } })
    const one = await world.post('emp1', '/Users', laden('emp1', 'Employee', { active: 'True' }))
    expect(one).toMatchObject({ status: 201, body: { userName: 'emp1', active: true } })
    expect(listed(await world.get('/Users'))).toEqual([...world.here(), world.id.Orla, world.id.emp1])
    for (const name of ['emp2', 'emp3'])
      expect((await world.post(name, '/Users', laden(name, 'Employee'))).status).toBe(201)
  })

  it('is refused without a user name, with junk, and twice the same', async () => {
    const nameless = laden('x', 'Employee', { userName: undefined })
    expect(refusalOf(await world.send('POST', '/Users', nameless))).toBe('400 invalidValue')
    const junk = '{ "acve": tre, "adadfdresses": [ { "country": null, les": [] }'
    expect(refusalOf(await world.send('POST', '/Users', junk))).toBe('400 invalidSyntax')
    for (let i = 0; i < 2; i++)
      expect(refusalOf(await world.send('POST', '/Users', laden('emp3', 'Employee')))).toBe('409 uniqueness')
    const misspelt = laden('Orla', 'Orla', { userName: undefined, userame: 'Orla', active: false })
    expect(refusalOf(await world.send('PUT', `/Users/${world.id.Orla}`, misspelt))).toBe('400 invalidValue')
  })

  it('misspells an attribute, which is left out, and makes one more', async () => {
    const path = `/Users/${world.id.Orla}`
    const typo = { addresses: undefined, adreses: at('Norway') }
    const put = await world.send(
      'PUT',
      path,
      laden('Orla', 'Orla', { id: world.id.Orla, active: false, ...typo }),
    )
    expect(put).toMatchObject({ status: 200, body: { active: false } })
    expect(JSON.stringify(put.body)).not.toMatch(/adreses|addresses/i)
    const work = { schemas: [USER, ENTERPRISE], [ENTERPRISE]: { Department: 'some department' } }
    const made = await world.post('enterprise', '/Users', laden('enterprise', 'Employee', work))
    expect(made).toMatchObject({ status: 201, body: { [ENTERPRISE]: { department: 'some department' } } })
  })

  it('otherwise: a PATCH is answered with 200 and the person, which the standard allows beside 204', async () => {
    const path = `/Users/${world.id.Orla}`
    for (const [name, value] of [['userName', 'orla.anew'] as const, ['active', false] as const])
      expect((await world.patch(path, { op: 'Replace', path: name, value })).status).toBe(200)
    expect((await world.get(path)).body).toMatchObject({ userName: 'orla.anew', active: false })
    const back = await world.send('PUT', path, laden('Orla', 'Orla', { id: world.id.Orla, active: false }))
    expect(back).toMatchObject({ status: 200, body: { userName: 'Orla', active: false } })
  })

  it('otherwise: where somebody lives is not kept', async () => {
    const moved = laden('Orla', 'Orla', { id: world.id.Orla, active: false, addresses: at('Germany') })
    const { status, body } = await world.send('PUT', `/Users/${world.id.Orla}`, moved)
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('Germany')
  })

  it('otherwise: whoever was here before is counted along; it pages, lists, and is refused a third time', async () => {
    const page = (await world.get('/Users?startIndex=1&count=2')).body
    expect(page).toMatchObject({ totalResults: 3 + 5, itemsPerPage: 2, startIndex: 1 })
    const everybody = [...world.here(), ...all.map((name) => world.id[name])]
    expect(listed(await world.get('/Users?attributes=userName,emails'))).toEqual(everybody)
    expect((await world.send('POST', '/Users', laden('emp3', 'Employee'))).status).toBe(409)
  })

  it.each<[string, string, string[]]>([
    [
      'name.FamilyName eq Employee and (emails.Value co example.com or emails.Value co example.org)',
      'name.FamilyName eq "Employee" and (emails.Value co "halden.example" or emails.Value co "example.org")',
      ['emp1', 'emp2', 'emp3', 'enterprise'],
    ],
    ['userName sw O', 'userName sw "O"', ['Orla']],
    [
      'meta.Created gt 2015-10-10T14:38:21.8617979-07:00',
      'meta.Created gt "2015-10-10T14:38:21.8617979-07:00" and externalId pr',
      all,
    ],
  ])('otherwise: a value in a filter is JSON, so %s is refused, and %s is not', async (bare, quoted, who) => {
    expect(refusalOf(await world.get(`/Users?filter=${bare}`))).toBe('400 invalidFilter')
    expect(listed(await world.get(`/Users?filter=${encodeURIComponent(quoted)}`))).toEqual(
      who.map((n) => world.id[n]),
    )
  })

  it('otherwise: nobody is in a group who is not here; one who is may be named by a bare text', async () => {
    const made = await world.post('odds', '/Groups', { ...groupOf('Odds'), members: undefined })
    expect(made.status).toBe(201)
    const add = (value: unknown) => {
      const Operations = [{ op: 'add', path: 'members', value }]
      const body = { id: world.id.odds, Operations, schemas: [PATCH_OP] }
      return world.send('PATCH', `/Groups/${world.id.odds}`, body)
    }
    for (const value of ['string id 1', 'string id 2'])
      expect(refusalOf(await add(value))).toBe('400 invalidValue')
    for (const value of [world.id.emp1, world.id.emp2]) expect((await add(value)).status).toBe(204)
    const { status, body } = await world.get(`/Groups/${world.id.odds}`)
    expect(status).toBe(200)
    expect(body.members).toMatchObject([{ value: world.id.emp1 }, { value: world.id.emp2 }])
  })

  it('reads it without its members; a PUT that does not speak of them leaves them, as the standard allows', async () => {
    const without = await world.get(`/Groups/${world.id.odds}?excludedAttributes=members`)
    expect(without).toMatchObject({ status: 200, body: { id: world.id.odds, displayName: 'Odds' } })
    expect(without.body).not.toHaveProperty('members')
    const put = { id: world.id.odds, displayName: 'Ends', externalId: 'another', schemas: [GROUP] }
    const { status, body } = await world.send('PUT', `/Groups/${world.id.odds}`, put)
    expect(status).toBe(200)
    expect(body).toMatchObject({ displayName: 'Ends', externalId: 'another' })
    expect(body.members).toHaveLength(2)
  })

  it('deletes all it made; otherwise than there, whom it did not make is listed still', async () => {
    for (const name of all) expect((await world.send('DELETE', `/Users/${world.id[name]}`)).status).toBe(204)
    expect((await world.send('DELETE', `/Groups/${world.id.odds}`)).status).toBe(204)
    expect(listed(await world.get('/Users?attributes=userName'))).toEqual(world.here())
    expect(listed(await world.get('/Groups'))).toEqual([])
  })
})

describe('a directory that writes and looks what changed', () => {
  const where = (filter: string, more = '') => world.get(`/Users?filter=${encodeURIComponent(filter)}${more}`)
  const later = () => new Date(Date.now() + 60_000).toISOString()

  it('makes people with a country for a locale, with the last as manager, and inactive', async () => {
    expect((await world.get('/Users?count=1')).body).toMatchObject({ itemsPerPage: 1 })
    const hire = (name: string, more: Json = {}, manager?: string) =>
      world.post(name, '/Users', {
        ...personOf(name, `Hire ${name}`, `Hire ${name}`, { locale: 'NO', userType: 'Employee', ...more }),
        [ENTERPRISE]: {
          employeeNumber: '7',
          department: 'Sea',
          ...(manager && { manager: { value: manager } }),
        },
      })
    expect((await hire('ada')).status).toBe(201)
    expect((await hire('bo', { userType: 'Contractor' }, world.id.ada)).status).toBe(201)
    expect(await hire('cai', { active: false }, world.id.bo)).toMatchObject({
      status: 201,
      body: { active: false },
    })
    expect(await hire('dag', { active: false })).toMatchObject({ status: 201, body: { active: false } })
    expect(listed(await where(`id eq "${world.id.cai}"`))).toEqual([world.id.cai])
  })

  it('reads all that is active in two pages', async () => {
    const since = '0001-01-03T00:00:00.0000000Z'
    const filter = `active eq true and (meta.lastModified ge "${since}" and meta.lastModified le "${later()}")`
    expect(listed(await where(filter, '&count=5&startIndex=1'))).toEqual([
      ...world.here(),
      world.id.ada,
      world.id.bo,
    ])
    expect((await where(filter, '&count=5&startIndex=6')).body).toMatchObject({
      totalResults: 5,
      Resources: [],
    })
  })

  it('changes a name, activates, and names a manager behind a dot where a colon belongs', async () => {
    const family = { op: 'replace', path: 'name.familyName', value: 'Vik' }
    expect((await world.patch(`/Users/${world.id.cai}`, family)).body.name).toMatchObject({
      familyName: 'Vik',
    })
    const active = { op: 'replace', path: 'active', value: true }
    expect((await world.patch(`/Users/${world.id.dag}`, active)).body.active).toBe(true)
    const manager = { op: 'replace', path: `${ENTERPRISE}.manager`, value: world.id.ada }
    const { status, body } = await world.patch(`/Users/${world.id.cai}`, manager)
    expect(status).toBe(200)
    expect(body[ENTERPRISE].manager.value).toBe(world.id.ada)
  })

  it('reads what changed since, in whatever case it writes the names, deletes one and reads the rest', async () => {
    const since = (await world.get(`/Users/${world.id.dag}`)).body.meta.lastModified
    const delta = `active eq true and (meta.lastModified ge "${since}" and meta.lastModified le "${later()}")`
    expect(listed(await where(delta, '&count=100&startindex=0'))).toEqual([world.id.dag])
    const odd = '(ActiVe eq true) and meta.lastmodified ge "2021-09-23T19:35:41.8420572Z"'
    expect(listed(await where(odd))).toEqual([...world.here(), world.id.ada, world.id.bo, world.id.dag])
    expect((await world.send('DELETE', `/Users/${world.id.dag}`)).status).toBe(204)
    expect((await world.get(`/Users/${world.id.cai}`)).body.id).toBe(world.id.cai)
    expect(listed(await world.get('/Users'))).toEqual([
      ...world.here(),
      world.id.ada,
      world.id.bo,
      world.id.cai,
    ])
  })
})
