/** SCIM beyond the shared contract: each way to remove, and three servers that misbehave. */
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { scimConnector as connector } from './scim'
import type { ScimConfig } from './scim/config'
import { closeScimWorlds, onScim as on } from './testing/scim-calls'
import type { ScimManners, ScimRequest } from './testing/scim-server'

afterAll(closeScimWorlds)

const slow = { effectDelaySeconds: 30 }

describe.each<[ScimManners, ScimConfig['removal'], Partial<ScimConfig>]>([
  ['good', 'path-filter', {}],
  ['good', 'value-list', {}],
  ['good', 'replace-all', {}],
  ['wiping', 'replace-all', {}],
  ['late', 'path-filter', slow],
  ['late', 'value-list', slow],
  ['late', 'replace-all', slow],
  ['strict', 'path-filter', {}],
  ['strict', 'value-list', {}],
  ['strict', 'replace-all', {}],
])('a server that is %s, removal by %s', (manners, removal, overrides) => {
  test('finds, gives once, takes once, and leaves the others', async () => {
    const t = await on(manners, { removal, ...overrides })
    const { person, account } = await t.world.addPerson()
    const entitlement = await t.world.addEntitlement()
    const others = [(await t.world.addPerson()).account, (await t.world.addPerson()).account]
    await t.world.holdDirectly(entitlement, others)
    const kept = others.map((other) => other.id).sort()
    const pair = { entitlement, account }

    expect(await t.resolve(person.email)).toMatchObject({ kind: 'found', account: { id: account.id } })
    expect((await t.check(pair)).state).toBe('absent')
    expect(await t.grant(pair)).toEqual({ state: 'done', changed: true })
    await t.server.land()
    expect((await t.check(pair)).state).toBe('direct')
    expect(await t.changesOf(() => t.grant(pair))).toEqual([])
    expect(await t.grant(pair)).toEqual({ state: 'done', changed: false })
    expect(t.store.groups.get(entitlement.id)!.members).toHaveLength(3)
    expect(await t.world.holders(entitlement)).toEqual([...kept, account.id].sort())

    expect(await t.revoke(pair)).toEqual({ state: 'done', changed: true })
    await t.server.land()
    expect((await t.check(pair)).state).toBe('absent')
    expect(await t.changesOf(() => t.revoke(pair))).toEqual([])
    expect(await t.revoke(pair)).toEqual({ state: 'done', changed: false })
    expect(await t.world.holders(entitlement)).toEqual(kept)
  })

  test('lists every group and finds whoever comes last', async () => {
    const t = await on(manners, { removal, ...overrides, pageSize: 100 })
    const groups = []
    for (let n = 0; n < 4; n += 1) groups.push((await t.world.addEntitlement()).id)
    const { person, account } = await t.world.addPerson()
    const ids = await t.catalogue()
    expect(ids).toEqual([...t.store.groups.keys()])
    expect(ids).toEqual(expect.arrayContaining(groups))
    expect(await t.resolve(person.email)).toMatchObject({ kind: 'found', account: { id: account.id } })
    expect(await t.find(account.name)).toMatchObject([{ id: account.id }])
    expect(await t.find(account.id)).toMatchObject([{ id: account.id }])
    expect(await t.resolve('nobody@example.com')).toEqual({ kind: 'missing' })
  })
})

test('a removal that takes everybody is an unknown outcome with names, and is not made again', async () => {
  const t = await on('wiping')
  const pair = await t.pair()
  const others = [(await t.world.addPerson()).account, (await t.world.addPerson()).account]
  await t.world.holdDirectly(pair.entitlement, others)
  await t.grant(pair)
  const error = await t.revoke(pair).catch((caught: Error) => caught)
  const gone = others.map((other) => other.id)
  expect(error).toMatchObject({ code: 'unknown_outcome', othersMoved: { gone, come: [] } })
  for (const part of ['2 other members went', others[0]!.name, pair.account.name])
    expect((error as Error).message).toContain(part)
  expect(await t.world.holders(pair.entitlement)).toEqual([])
  expect((await t.check(pair)).state).toBe('absent')
  expect(await t.changesOf(() => t.revoke(pair))).toEqual([])
})

test('the same server lists whoever is added twice, so nobody is', async () => {
  const t = await on('wiping')
  const { entitlement, account } = await t.pair()
  const add = () =>
    fetch(`${t.config.baseUrl}/Groups/${entitlement.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${t.config.token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'add', path: 'members', value: [{ value: account.id }] }],
      }),
    })
  await add()
  await add()
  expect(t.store.groups.get(entitlement.id)!.members).toHaveLength(2)
  expect(await t.grant({ entitlement, account })).toEqual({ state: 'done', changed: false })
  expect(t.store.groups.get(entitlement.id)!.members).toHaveLength(2)
})

test('a change that is answered but not to be seen is an unknown outcome where no delay is allowed for', async () => {
  const t = await on('late')
  const pair = await t.pair()
  await expect(t.grant(pair)).rejects.toMatchObject({
    code: 'unknown_outcome',
    message: expect.stringContaining('effect delay'),
  })
  await t.server.land()
  expect((await t.check(pair)).state).toBe('direct')
  await expect(t.revoke(pair)).rejects.toMatchObject({ code: 'unknown_outcome' })
  await t.server.land()
  expect((await t.check(pair)).state).toBe('absent')
})

describe('what happens between our look and our change', () => {
  test('an add of whoever was added meanwhile is refused and fine', async () => {
    const t = await on('strict')
    const pair = await t.pair()
    t.server.fault({ kind: 'meanwhile', act: () => t.store.join(pair.entitlement.id, pair.account.id) })
    expect(await t.grant(pair)).toEqual({ state: 'done', changed: false })
  })

  test('a removal of whoever was removed meanwhile is refused and fine', async () => {
    const t = await on('strict')
    const pair = await t.pair()
    await t.grant(pair)
    t.server.fault({ kind: 'meanwhile', act: () => t.store.leave(pair.entitlement.id, pair.account.id) })
    expect(await t.revoke(pair)).toEqual({ state: 'done', changed: false })
  })

  test('a group or a user that went meanwhile is proven gone', async () => {
    const t = await on('strict')
    const one = await t.pair()
    t.server.fault({ kind: 'meanwhile', act: () => void t.store.groups.delete(one.entitlement.id) })
    await expect(t.grant(one)).rejects.toMatchObject({ code: 'entitlement_missing' })
    const two = await t.pair()
    await t.grant(two)
    t.server.fault({ kind: 'meanwhile', act: () => t.store.removeUser(two.account.id) })
    await expect(t.revoke(two)).rejects.toMatchObject({ code: 'principal_missing' })
  })

  test.each(['path-filter', 'replace-all'] as const)(
    'with %s, a version that is no longer true stops the change',
    async (removal) => {
      const t = await on('good', { removal })
      const pair = await t.pair()
      const other = (await t.world.addPerson()).account
      t.server.fault({ kind: 'meanwhile', act: () => t.store.join(pair.entitlement.id, other.id) })
      await expect(t.grant(pair)).rejects.toMatchObject({ code: 'retryable' })
      expect(await t.world.holders(pair.entitlement)).toEqual([other.id])
      expect(await t.grant(pair)).toEqual({ state: 'done', changed: true })
    },
  )

  test('without versions, others who came meanwhile are said', async () => {
    const t = await on('strict')
    const pair = await t.pair()
    const other = (await t.world.addPerson()).account
    t.server.fault({ kind: 'meanwhile', act: () => t.store.join(pair.entitlement.id, other.id) })
    await expect(t.grant(pair)).rejects.toMatchObject({
      code: 'unknown_outcome',
      message: expect.stringContaining('1 other member came'),
    })
    expect((await t.check(pair)).state).toBe('direct')
  })
})

describe('what the group and the user say of each other', () => {
  test('a group that lists nobody is not proof where the user lists the group', async () => {
    const t = await on('good')
    const pair = await t.pair()
    await t.grant(pair)
    t.store.tellsMembers = false
    try {
      expect(await t.check(pair)).toMatchObject({
        state: 'unknown',
        detail: expect.stringMatching(/itself lists/),
      })
      const replacing = await on('good', { removal: 'replace-all' })
      await expect(replacing.revoke(pair)).rejects.toMatchObject({ code: 'misconfigured' })
      expect(await t.world.holders(pair.entitlement)).toEqual([pair.account.id])
      expect((await t.changesOf(() => t.revoke(pair))).length).toBe(1)
      await expect(t.grant(pair)).rejects.toMatchObject({ code: 'unknown_outcome' })
    } finally {
      t.store.tellsMembers = true
    }
  })

  test('a group that lists nobody, at a server whose users tell nothing, is asked about one member', async () => {
    const t = await on('good')
    const pair = await t.pair()
    t.store.tellsMembers = false
    t.store.tellsGroups = false
    try {
      expect((await t.check(pair)).state).toBe('absent')
      await expect(t.grant(pair)).rejects.toMatchObject({ code: 'unknown_outcome' })
      expect(await t.world.holders(pair.entitlement)).toEqual([pair.account.id])
      expect(await t.check(pair)).toMatchObject({
        state: 'unknown',
        detail: expect.stringMatching(/lists nobody/),
      })
      const replacing = await on('good', { removal: 'replace-all' })
      await expect(replacing.revoke(pair)).rejects.toMatchObject({ code: 'misconfigured' })
      expect(await t.revoke(pair)).toEqual({ state: 'done', changed: true })
      expect(await t.world.holders(pair.entitlement)).toEqual([])
      expect((await t.check(pair)).state).toBe('absent')
      expect(await t.revoke(pair)).toEqual({ state: 'done', changed: false })
    } finally {
      t.store.tellsMembers = true
      t.store.tellsGroups = true
    }
  })

  test('a server that answers every filter with every group is not believed', async () => {
    const t = await on('good')
    const pair = await t.pair()
    const body = { Resources: [{ id: pair.entitlement.id }], totalResults: 1 }
    const fits = ({ query }: ScimRequest) => query.has('filter')
    for (let n = 0; n < 2; n += 1) t.server.fault({ kind: 'reply', status: 200, body, fits })
    expect((await t.check(pair)).state).toBe('absent')
  })

  test('groups in groups in groups are followed, also in a circle', async () => {
    const t = await on('good')
    t.store.tellsGroups = false
    try {
      const pair = await t.pair()
      const [middle, inner] = [await t.world.addEntitlement(), await t.world.addEntitlement()]
      t.store.join(pair.entitlement.id, middle.id, 'Group')
      t.store.join(middle.id, inner.id, 'Group')
      t.store.join(inner.id, pair.entitlement.id, 'Group')
      expect((await t.check(pair)).state).toBe('absent')
      t.store.join(inner.id, pair.account.id)
      expect(await t.check(pair)).toMatchObject({ state: 'indirect', via: middle.name })
      const holders = await t.call(
        (ctx) => connector.listHolders!(ctx, { entitlement: pair.entitlement, cursor: null }),
        'look',
      )
      const { id, name, email } = pair.account
      expect(holders).toEqual({
        items: [{ account: { id, name, email }, state: 'indirect', via: middle.name }],
        next: null,
      })
    } finally {
      t.store.tellsGroups = true
    }
  })

  test('somebody deactivated is said so, is given nothing, and can be taken from', async () => {
    const t = await on('good')
    const { person, account } = await t.world.addPerson()
    const pair = { entitlement: await t.world.addEntitlement(), account }
    await t.grant(pair)
    t.store.users.get(account.id)!.active = false
    expect(await t.check(pair)).toMatchObject({
      state: 'direct',
      detail: expect.stringContaining('deactivated'),
    })
    expect(await t.revoke(pair)).toMatchObject({ changed: true })
    await expect(t.grant(pair)).rejects.toMatchObject({ code: 'rejected' })
    await expect(t.resolve(person.email)).rejects.toMatchObject({
      code: 'principal_missing',
      message: expect.stringContaining('deactivated'),
    })
    expect(await t.find(account.name)).toEqual([])
  })

  test('a group that another system provisions is leased only where that is allowed, and taken from anyway', async () => {
    const t = await on('good')
    const pair = { entitlement: await t.world.addUnmanaged(), account: (await t.world.addPerson()).account }
    await expect(t.grant(pair)).rejects.toMatchObject({ code: 'entitlement_unmanaged' })
    const allowing = await on('good', { provisioned: true })
    expect(await allowing.grant(pair)).toMatchObject({ changed: true })
    expect(await t.revoke(pair)).toMatchObject({ changed: true })
  })
})

describe('what is sent', () => {
  test('one member by name, for the version that was seen', async () => {
    const t = await on('good')
    const pair = await t.pair()
    const version = t.store.groups.get(pair.entitlement.id)!.version
    const [add] = await t.changesOf(() => t.grant(pair))
    expect(add).toMatchObject({
      method: 'PATCH',
      headers: { 'if-match': version, 'content-type': 'application/scim+json' },
      body: { Operations: [{ op: 'add', path: 'members', value: [{ value: pair.account.id }] }] },
    })
    const [remove] = await t.changesOf(() => t.revoke(pair))
    expect(remove?.body).toMatchObject({
      Operations: [{ op: 'remove', path: `members[value eq "${pair.account.id}"]` }],
    })
  })

  test('the whole group with everything it had, where it is replaced', async () => {
    const t = await on('good', { removal: 'replace-all', provisioned: true })
    const entitlement = await t.world.addUnmanaged()
    const { account } = await t.world.addPerson()
    const { externalId } = t.store.groups.get(entitlement.id)!
    const other = (await t.world.addPerson()).account
    await t.world.holdDirectly(entitlement, [other])
    const [put] = await t.changesOf(() => t.grant({ entitlement, account }))
    expect(put).toMatchObject({
      method: 'PUT',
      body: {
        displayName: entitlement.name,
        externalId,
        members: [{ value: other.id }, { value: account.id }],
      },
    })
    expect(put?.body).not.toHaveProperty('meta')
    expect(t.store.groups.get(entitlement.id)).toMatchObject({ displayName: entitlement.name, externalId })
  })

  test('quotes and backslashes never leave a filter', async () => {
    const t = await on('strict', { matchBy: 'userName' })
    const awkward = 'a" or userName pr or userName eq "\\'
    const before = t.server.requests.length
    expect(await t.resolve(awkward)).toEqual({ kind: 'missing' })
    expect(t.server.requests[before]?.query.get('filter')).toBe(
      'userName eq "a\\" or userName pr or userName eq \\"\\\\"',
    )
    const id = `x"] or value pr[" ${randomUUID()}`
    const pair = { entitlement: await t.world.addEntitlement(), account: { id, name: 'odd' } }
    t.store.join(pair.entitlement.id, id)
    const fits = ({ path }: ScimRequest) => path === `/Users/${encodeURIComponent(id)}`
    t.server.fault({ kind: 'reply', status: 200, body: { id }, fits })
    const [remove] = await t.changesOf(() => t.revoke(pair))
    expect(remove?.body).toMatchObject({ Operations: [{ path: `members[value eq ${JSON.stringify(id)}]` }] })
  })

  test('people are found by user name where the settings say so', async () => {
    const t = await on('good', { matchBy: 'userName' })
    const { id } = t.store.addUser({ userName: `Ana.${randomUUID()}@example.com` })
    const { userName } = t.store.users.get(id)!
    expect(await t.resolve(userName)).toMatchObject({ kind: 'found', account: { id } })
    expect(await (await on('good')).resolve(userName)).toEqual({ kind: 'missing' })
  })
})
