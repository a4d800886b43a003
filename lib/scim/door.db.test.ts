import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { hashToken } from '@/lib/ids'
import { directoryPage } from '@/lib/queries/scim-clients'
import {
  addScimToken,
  connectScimClient,
  disconnectScimClient,
  revokeScimToken,
} from '@/lib/services/scim-clients'
import { must } from '@/lib/testing/lease-world'
import { createScimWorld, type ScimWorld } from '@/lib/testing/scim-world'
import { GROUP, USER } from './attributes'

vi.mock('next/server', () => ({ after: () => {} }))

let world: ScimWorld
beforeAll(async () => {
  world = await createScimWorld()
})
afterAll(() => world.close())
afterEach(() => world.db.delete(schema.rateCounter))

const admin = () => world.as(world.ines)
const made = async (userName: string, more: object = {}) =>
  (await world.ask('POST', '/Users', { schemas: [USER], userName, ...more })).body
const error = (status: number, scimType?: string) => ({
  status,
  body: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType && { scimType }),
    detail: expect.stringMatching(/\.$/),
  },
})

describe('who may come in', () => {
  it('nobody without a token that is taken, at any address, by any method', async () => {
    for (const token of [null, '', 'x', `${world.token}x`, world.token.toUpperCase(), 'a b', 'é'])
      expect(
        await world.ask('GET', '/Users', undefined, { token: encodeURI(token ?? '') || null }),
        String(token),
      ).toMatchObject(error(401))
    for (const [method, path] of [
      ['POST', '/Users'],
      ['PUT', `/Users/${world.ana.id}`],
      ['PATCH', `/Users/${world.ana.id}`],
      ['DELETE', `/Users/${world.ana.id}`],
      ['GET', '/ServiceProviderConfig'],
      ['GET', '/Schemas'],
      ['GET', '/ResourceTypes/User'],
      ['GET', '/nowhere'],
      ['POST', '/Bulk'],
    ] as const) {
      const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? {} : undefined
      const answer = await world.ask(method, path, body, { token: null })
      expect(answer, `${method} ${path}`).toMatchObject(error(401))
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="SCIM"')
    }
    const basic = { token: null, headers: { Authorization: `Basic ${world.token}` } }
    expect(await world.ask('GET', '/Users', undefined, basic)).toMatchObject(error(401))
  })

  it('whoever guesses too often is not listened to, and whoever has a token still is', async () => {
    let last = 0
    for (let i = 0; i <= 600; i++)
      last = (await world.ask('GET', '/Users', undefined, { token: 'wrong' })).status
    expect(last).toBe(429)
    expect((await world.ask('GET', '/Users?count=0')).status).toBe(200)
  })

  it('a client that asks too often waits', async () => {
    const { wall } = (await directoryPage(admin()))!
    const key = `scim:${hashToken(world.clientId)}`
    await world.db.insert(schema.rateCounter).values({ key, windowStart: wall, count: 3_000 })
    const { status, headers, body } = await world.ask('GET', '/Users')
    expect({ status, body }).toMatchObject(error(429))
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('a client with one token, then with two while one replaces the other, then with the new one', async () => {
    const { clientId, token: old } = must(await connectScimClient(admin(), { name: 'Entra' }))
    const status = async (token: string) =>
      (await world.ask('GET', '/Users?count=0', undefined, { token })).status
    const { token: next } = must(await addScimToken(admin(), { clientId }))
    expect([await status(old), await status(next)]).toEqual([200, 200])
    expect(await addScimToken(admin(), { clientId })).toMatchObject({ code: 'limit' })
    const view = async () => (await directoryPage(admin()))!.clients.find((c) => c.id === clientId)!
    const [first, second] = (await view()).tokens
    expect(first).toMatchObject({ hint: old.slice(-4), createdBy: 'Ines Albrecht' })
    expect(first?.lastUsedAt).toBeInstanceOf(Date)
    must(await revokeScimToken(admin(), { clientId, tokenId: first!.id }))
    expect([await status(old), await status(next)]).toEqual([401, 200])
    expect(await revokeScimToken(admin(), { clientId, tokenId: first!.id })).toMatchObject({
      code: 'conflict',
    })
    expect((await view()).tokens).toEqual([expect.objectContaining({ id: second!.id })])
    must(await disconnectScimClient(admin(), { clientId }))
    expect(await status(next)).toBe(401)
    expect(await addScimToken(admin(), { clientId })).toMatchObject({ code: 'conflict' })
    expect(await world.verbs(clientId)).toEqual(['created', 'token_made', 'token_revoked', 'disconnected'])
  })

  it('no token is kept anywhere, only its digest', async () => {
    const kept = JSON.stringify([
      await world.db.select().from(schema.scimToken),
      await world.db.select().from(schema.scimClient),
      await world.db.select().from(schema.timeline),
    ])
    expect(kept).not.toContain(world.token)
    expect(kept).toContain(hashToken(world.token))
  })

  it('only an admin connects and revokes, and auditors see', async () => {
    const auditor = await world.person('Aud Itor', { auditor: true })
    for (const who of [world.ben, world.ana, auditor])
      expect(await connectScimClient(world.as(who), { name: 'Mine' })).toMatchObject({ code: 'forbidden' })
    expect(await directoryPage(world.as(auditor))).toMatchObject({ mayEdit: false })
    expect(await directoryPage(world.as(world.ben))).toBeNull()
    expect(await connectScimClient(admin(), { name: 'okta' })).toMatchObject({
      code: 'invalid',
      field: 'name',
    })
  })
})

describe('what it says of itself', () => {
  it('is what the standard asks for', async () => {
    expect((await world.ask('GET', '/ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
    })
    const types = (await world.ask('GET', '/ResourceTypes')).body
    expect(types).toMatchObject({ totalResults: 2, Resources: [{ id: 'User' }, { id: 'Group' }] })
    expect((await world.ask('GET', '/ResourceTypes/Group')).body).toEqual(types.Resources[1])
    const schemas = (await world.ask('GET', '/Schemas')).body
    expect(schemas.Resources.map((s: { id: string }) => s.id)).toContain(GROUP)
    expect((await world.ask('GET', `/Schemas/${encodeURIComponent(USER)}`)).body).toEqual(
      schemas.Resources[0],
    )
    expect(await world.ask('GET', '/Schemas/nothing')).toMatchObject(error(404))
    expect(await world.ask('POST', '/Bulk', {})).toMatchObject(error(404))
  })
})

describe('what comes in', () => {
  it.each<[string, unknown, Record<string, string>, ReturnType<typeof error>]>([
    ['that is no JSON', '{"userName":', {}, error(400, 'invalidSyntax')],
    ['that is nothing', '', {}, error(400, 'invalidSyntax')],
    ['that is a list', '[]', {}, error(400, 'invalidSyntax')],
    ['without a name', {}, {}, error(400, 'invalidValue')],
    ['without an address', { userName: 'mara' }, {}, error(400, 'invalidValue')],
    [
      'with a strange address',
      { userName: 'm', emails: [{ value: 'a@b\r\nBcc: c@d.e' }] },
      {},
      error(400, 'invalidValue'),
    ],
    [
      'with a zone that is none',
      { userName: 'm@h.example', timezone: 'CET+1?' },
      {},
      error(400, 'invalidValue'),
    ],
    ['with a locale that is none', { userName: 'm@h.example', locale: '!!' }, {}, error(400, 'invalidValue')],
    [
      'with a name that is no text',
      { userName: 'm@h.example', displayName: 7 },
      {},
      error(400, 'invalidValue'),
    ],
    [
      'with a name that is too long',
      { userName: 'm@h.example', displayName: 'x'.repeat(201) },
      {},
      error(400, 'invalidValue'),
    ],
    ['of another kind', 'userName=m', { 'Content-Type': 'text/plain' }, error(415)],
    ['that is larger than a megabyte', `"${'x'.repeat(1024 * 1024)}"`, {}, error(413)],
  ])('%s is refused', async (_, body, headers, expected) => {
    expect(await world.ask('POST', '/Users', body, { headers })).toMatchObject(expected)
  })

  it('is kept without what cannot be seen', async () => {
    const user = await made('hidden@halden.example', { displayName: ' Ines\u202e Al\u200bbrecht\0\n ' })
    expect(user.displayName).toBe('Ines Albrecht')
  })

  it.each([
    'userName eq "x\' or 1=1 --"',
    'userName sw "%"',
    'userName co "_"',
    'displayName ew "\\\\"',
    'id eq "1; drop table person"',
    'members eq "x" or displayName eq "y"',
    'meta.lastModified gt "2020-01-01T00:00:00Z"',
    'constructor eq "x"',
    'meta.created eq "yesterday"',
    'active co "t"',
  ])('a filter stays a filter: %s', async (filter) => {
    const users = await world.ask('GET', `/Users?filter=${encodeURIComponent(filter)}`)
    const groups = await world.ask('GET', `/Groups?filter=${encodeURIComponent(filter)}`)
    for (const { status, body } of [users, groups]) {
      expect([200, 400]).toContain(status)
      if (status === 400) expect(body.scimType).toBe('invalidFilter')
      else if (!filter.startsWith('meta')) expect(body.totalResults).toBe(0)
    }
  })
})

describe('pages, parts and versions', () => {
  it('pages do not overlap and say what they are', async () => {
    const all = (await world.ask('GET', '/Users')).body
    const ids: string[] = []
    for (let startIndex = 1; startIndex <= all.totalResults; startIndex += 2) {
      const { body } = await world.ask('GET', `/Users?startIndex=${startIndex}&count=2`)
      expect(body).toMatchObject({ totalResults: all.totalResults, startIndex })
      ids.push(...body.Resources.map((r: { id: string }) => r.id))
    }
    expect(ids).toEqual(all.Resources.map((r: { id: string }) => r.id))
    const none = { itemsPerPage: 0, Resources: [], totalResults: all.totalResults }
    expect((await world.ask('GET', '/Users?count=0')).body).toMatchObject(none)
    expect((await world.ask('GET', '/Users?startIndex=9999')).body).toMatchObject(none)
    expect((await world.ask('GET', '/Users?startIndex=-3&count=1')).body).toMatchObject({ startIndex: 1 })
    expect(await world.ask('GET', '/Users?count=many')).toMatchObject(error(400, 'invalidValue'))
  })

  it('shows the attributes that are asked for', async () => {
    const path = `/Users/${world.ana.id}`
    expect(
      Object.keys((await world.ask('GET', `${path}?attributes=userName,emails.value`)).body).sort(),
    ).toEqual(['emails', 'id', 'schemas', 'userName'])
    const { emails } = (await world.ask('GET', `${path}?attributes=emails.value`)).body
    expect(emails).toEqual([{ value: world.ana.email }])
    const without = (await world.ask('GET', `${path}?excludedAttributes=emails,name.formatted`)).body
    expect(without).not.toHaveProperty('emails')
    expect(without.name).toEqual({})
  })

  it('a change for another version is refused, and one for this version is made', async () => {
    const user = await made('version@halden.example')
    const path = `/Users/${user.id}`
    const first = user.meta.version as string
    const headers = (ifMatch: string) => ({ headers: { 'If-Match': ifMatch } })
    const put = (title: string, tag: string) => world.ask('PUT', path, { ...user, title }, headers(tag))
    const second = await put('Lead', first)
    expect(second.status).toBe(200)
    expect(second.headers.get('etag')).not.toBe(first)
    expect(await put('Other', first)).toMatchObject(error(412))
    expect(await world.ask('DELETE', path, undefined, headers(first))).toMatchObject(error(412))
    expect((await put('Star', `"nothing", *`)).body.title).toBe('Star')
    const { headers: now, status } = await world.ask('GET', path)
    expect(status).toBe(200)
    const again = await world.ask('GET', path, undefined, {
      headers: { 'If-None-Match': now.get('etag') ?? '' },
    })
    expect(again).toMatchObject({ status: 304, body: null })
    const group = (await world.ask('POST', '/Groups', { displayName: 'Versioned' })).body
    const rename = (tag: string) =>
      world.ask('PUT', `/Groups/${group.id}`, { displayName: 'Versions' }, headers(tag))
    expect(await rename('W/"nothing"')).toMatchObject(error(412))
    expect((await rename(group.meta.version)).status).toBe(200)
  })
})

describe('two clients', () => {
  let other: string
  beforeEach(async () => {
    const { clientId, token } = must(await connectScimClient(admin(), { name: 'Second' }))
    other = token
    return async () => {
      await disconnectScimClient(admin(), { clientId })
    }
  })

  it('know the same people, each by names of its own', async () => {
    const user = await made('twice@halden.example', { externalId: 'a-1' })
    const path = `/Users/${user.id}`
    const theirs = { token: other }
    expect((await world.ask('GET', path, undefined, theirs)).body).not.toHaveProperty('externalId')
    const put = { ...user, externalId: 'b-2', userName: 'twice' }
    expect((await world.ask('PUT', path, put, theirs)).body).toMatchObject({
      externalId: 'b-2',
      userName: 'twice',
    })
    expect((await world.ask('GET', path)).body).toMatchObject({
      externalId: 'a-1',
      userName: 'twice@halden.example',
    })
    const filter = `/Users?filter=${encodeURIComponent('externalId eq "b-2"')}`
    expect((await world.ask('GET', filter)).body.totalResults).toBe(0)
    expect((await world.ask('GET', filter, undefined, theirs)).body.totalResults).toBe(1)
    expect((await world.ask('DELETE', path)).status).toBe(204)
    expect((await world.ask('GET', path)).status).toBe(404)
    expect((await world.ask('GET', path, undefined, theirs)).body).toMatchObject({ active: false })
  })

  it('see groups of their own alone, and no name twice', async () => {
    const { body: group } = await world.ask('POST', '/Groups', { displayName: 'Ours' })
    const theirs = { token: other }
    expect(await world.ask('GET', `/Groups/${group.id}`, undefined, theirs)).toMatchObject(error(404))
    expect((await world.ask('GET', '/Groups', undefined, theirs)).body.totalResults).toBe(0)
    const same = await world.ask('POST', '/Groups', { displayName: 'OURS' }, theirs)
    expect(same).toMatchObject(error(409, 'uniqueness'))
    expect(same.body.detail).toContain('provisioned by Okta')
    const stranger = { displayName: 'Theirs', members: [{ value: group.id }] }
    expect(await world.ask('POST', '/Groups', stranger, theirs)).toMatchObject(error(400, 'invalidValue'))
    expect(await world.db.$count(schema.group, eq(schema.group.name, 'Theirs'))).toBe(0)
  })
})

it('what a client never spoke of, its silence does not clear; what it did, it does', async () => {
  const user = await made('silent@halden.example', { title: 'Lead' })
  const path = `/Users/${user.id}`
  const { person } = schema
  await world.db.update(person).set({ team: 'Data', managerId: world.ben.id }).where(eq(person.id, user.id))
  await world.ask('PUT', path, { userName: 'silent@halden.example' })
  const read = () => world.db.query.person.findFirst({ where: eq(person.id, user.id) })
  expect(await read()).toMatchObject({ team: 'Data', managerId: world.ben.id, title: null })
})

it('a manager who comes later is found when they come', async () => {
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
  const user = await made('report@halden.example', { [enterprise]: { manager: { value: 'boss-7' } } })
  expect(user).not.toHaveProperty(enterprise)
  const boss = await made('boss@halden.example', { externalId: 'boss-7' })
  const { body } = await world.ask('GET', `/Users/${user.id}`)
  expect(body[enterprise].manager.value).toBe(boss.id)
  const { scimPerson } = schema
  const waiting = and(eq(scimPerson.personId, user.id), eq(scimPerson.managerRef, 'boss-7'))
  expect(await world.db.$count(scimPerson, waiting)).toBe(0)
})
