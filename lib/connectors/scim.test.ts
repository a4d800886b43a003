/** SCIM beyond the shared contract: each way to remove, three servers that misbehave, and what refusals mean. */
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { callConnector } from './call'
import type {
  ConnectorAccount,
  ConnectorContext,
  ConnectorEntitlement,
  ListedEntitlement,
  Page,
} from './contract'
import { scimConnector as connector } from './scim'
import { type ScimConfig, scimConfigSchema } from './scim/config'
import type { ScimManners, ScimRequest } from './testing/scim-server'
import { END_OF_BEARER, type ScimWorld, scimWorld } from './testing/world-scim'

const egress = createEgress(['loopback'])
const worlds = new Map<ScimManners, Promise<ScimWorld>>()
afterAll(async () => {
  for (const world of worlds.values()) await (await world).close()
  await egress.close()
})

interface Pair {
  entitlement: ConnectorEntitlement
  account: ConnectorAccount
}

/** One world per manners, and the calls on it with some settings changed. */
async function on(manners: ScimManners, overrides: Partial<ScimConfig> = {}) {
  if (!worlds.has(manners)) worlds.set(manners, scimWorld(manners))
  const world = await worlds.get(manners)!
  const { server } = world
  const config = { ...(world.byToken as unknown as ScimConfig), pageSize: 50, ...overrides }
  const call = <Result>(
    attempt: (ctx: ConnectorContext<ScimConfig>) => Promise<Result>,
    effect: 'change' | 'look',
  ) =>
    callConnector(attempt, {
      connector,
      config,
      operationId: randomUUID(),
      effect,
      egress,
      now: () => new Date(),
      timeoutMs: 5000,
    })
  const pair = async (): Promise<Pair> => ({
    entitlement: await world.addEntitlement(),
    account: (await world.addPerson()).account,
  })
  return {
    world,
    server,
    store: server.store,
    config,
    call,
    pair,
    grant: (args: Pair) =>
      call((ctx) => connector.grant(ctx, { grantId: 'g', endsAt: null, ...args }), 'change'),
    revoke: (args: Pair) => call((ctx) => connector.revoke(ctx, { grantId: 'g', ...args }), 'change'),
    check: (args: Pair) => call((ctx) => connector.check(ctx, args), 'look'),
    resolve: (email: string) =>
      call((ctx) => connector.resolveAccount(ctx, { person: { email, name: '' } }), 'look'),
    find: (text: string) => call((ctx) => connector.findAccount!(ctx, { text }), 'look'),
    testConnection: () => call((ctx) => connector.testConnection(ctx), 'look'),
    /** The changes asked for while something runs. */
    changesOf: async (run: () => Promise<unknown>): Promise<ScimRequest[]> => {
      const before = server.requests.length
      await run().catch(() => {})
      return server.requests.slice(before).filter(({ method }) => method !== 'GET')
    },
    catalogue: async () => {
      const ids: string[] = []
      let cursor: string | null = null
      do {
        const from: string | null = cursor
        const page: Page<ListedEntitlement> = await call(
          (ctx) => connector.listEntitlements(ctx, { cursor: from }),
          'look',
        )
        ids.push(...page.items.map((item) => item.id))
        cursor = page.next
      } while (cursor !== null)
      return ids
    },
  }
}

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
  expect(error).toMatchObject({ code: 'unknown_outcome' })
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

describe('what a refusal means', () => {
  const cases: [status: number, scimType: string, change: string, look: string][] = [
    [400, '', 'rejected', 'rejected'],
    [400, 'invalidFilter', 'misconfigured', 'rejected'],
    [400, 'invalidPath', 'misconfigured', 'rejected'],
    [400, 'invalidSyntax', 'misconfigured', 'rejected'],
    [400, 'invalidVers', 'misconfigured', 'rejected'],
    [400, 'noTarget', 'misconfigured', 'rejected'],
    [400, 'invalidValue', 'rejected', 'rejected'],
    [400, 'tooMany', 'rejected', 'rejected'],
    [400, 'mutability', 'entitlement_unmanaged', 'rejected'],
    [401, '', 'auth', 'auth'],
    [403, '', 'auth', 'auth'],
    [404, '', 'misconfigured', 'entitlement_missing'],
    [405, '', 'misconfigured', 'misconfigured'],
    [409, 'uniqueness', 'retryable', 'rejected'],
    [409, '', 'retryable', 'rejected'],
    [410, '', 'misconfigured', 'entitlement_missing'],
    [412, '', 'retryable', 'rejected'],
    [413, 'tooMany', 'rejected', 'rejected'],
    [422, '', 'rejected', 'rejected'],
    [429, '', 'rate_limited', 'rate_limited'],
    [500, '', 'retryable', 'retryable'],
    [501, '', 'misconfigured', 'misconfigured'],
    [503, '', 'retryable', 'retryable'],
    [302, '', 'unknown_outcome', 'retryable'],
  ]
  test.each(cases)('%i %s: a change is %s, a look is %s', async (status, scimType, change, look) => {
    const t = await on('good')
    const pair = await t.pair()
    const body = { scimType, detail: 'Because\nof it.' }
    const reply = {
      kind: 'reply',
      status,
      body,
      ...(status === 302 ? { headers: { location: '/' } } : {}),
    } as const
    t.server.fault({ ...reply, fits: ({ method }) => method === 'PATCH' })
    await expect(t.grant(pair)).rejects.toMatchObject({
      code: change,
      message: expect.stringMatching(/^.*\.$/),
    })
    t.server.fault({ ...reply, fits: ({ path }) => path === `/Groups/${pair.entitlement.id}` })
    await expect(t.check(pair)).rejects.toMatchObject({
      code: look,
      message: expect.stringMatching(/^.*\.$/),
    })
    expect(await t.world.holders(pair.entitlement)).toEqual([])
  })

  test.each(['<html>Welcome</html>', '{"id":"another"}', '{}'])(
    '200 with %s is no answer about the group',
    async (body) => {
      const t = await on('good')
      const pair = await t.pair()
      t.server.fault({
        kind: 'reply',
        status: 200,
        body,
        fits: ({ path }) => path === `/Groups/${pair.entitlement.id}`,
      })
      await expect(t.check(pair)).rejects.toMatchObject({ code: 'retryable' })
    },
  )

  test('a look that fails after the change does not say that nothing happened', async () => {
    const t = await on('good')
    const pair = await t.pair()
    let reads = 0
    const fits = ({ method, path }: ScimRequest) => {
      if (method === 'GET' && path === `/Groups/${pair.entitlement.id}`) reads += 1
      return reads === 2
    }
    t.server.fault({ kind: 'reply', status: 503, fits })
    await expect(t.grant(pair)).rejects.toMatchObject({ code: 'unknown_outcome' })
    expect((await t.check(pair)).state).toBe('direct')
  })

  test('a wrong address knows nothing, which proves nothing', async () => {
    const right = await on('good')
    const pair = await right.pair()
    await right.grant(pair)
    const wrong = await on('good', { baseUrl: `${right.config.baseUrl}/nowhere` })
    await expect(wrong.check(pair)).rejects.toMatchObject({ code: 'misconfigured' })
    await expect(wrong.revoke(pair)).rejects.toMatchObject({ code: 'misconfigured' })
    await expect(wrong.resolve('ana@example.com')).rejects.toMatchObject({ code: 'misconfigured' })
    expect((await wrong.testConnection()).ok).toBe(false)
  })

  test('a token that was withdrawn is asked for anew', async () => {
    const { world } = await on('good')
    const t = await on('good', world.settings as Partial<ScimConfig>)
    const pair = await t.pair()
    expect((await t.check(pair)).state).toBe('absent')
    const twice = { kind: 'reply', status: 401, fits: ({ method }: ScimRequest) => method === 'GET' } as const
    t.server.fault(twice)
    await expect(t.check(pair)).rejects.toMatchObject({ code: 'retryable' })
    expect((await t.check(pair)).state).toBe('absent')
  })

  test('the secret goes as HTTP Basic too', async () => {
    const { world } = await on('good')
    const basic = { ...world.settings, clientId: 'basic', secretIn: 'basic' } as Partial<ScimConfig>
    expect(await (await on('good', basic)).testConnection()).toMatchObject({ ok: true })
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

describe('the test of a connection', () => {
  const named = (report: Awaited<ReturnType<typeof connector.testConnection>>, name: string) =>
    report.checks.find((check) => check.name === name)

  test.each(['good', 'wiping', 'late', 'strict'] as const)(
    'changes nothing at a server that is %s',
    async (manners) => {
      const t = await on(manners)
      const before = JSON.stringify([...t.store.groups.values()])
      const report = await t.testConnection()
      await t.server.land()
      expect(report).toMatchObject({ ok: true, identity: 'leasehold-service' })
      expect(named(report, 'Change members')?.detail).toContain('removal drill')
      expect(JSON.stringify([...t.store.groups.values()])).toBe(before)
    },
  )

  test('tells how people are found', async () => {
    expect(named(await (await on('good')).testConnection(), 'Find people')?.detail).toMatch(/^By a filter/)
    expect(named(await (await on('strict')).testConnection(), 'Find people')?.detail).toMatch(
      /refuses a filter/,
    )
  })

  test.each([
    [403, /may read, but not change/],
    [405, /answers 405/],
    [501, /answers 501/],
  ])('a PATCH answered with %i is a failed check', async (status, detail) => {
    const t = await on('good')
    t.server.fault({ kind: 'reply', status, fits: ({ method }) => method === 'PATCH' })
    const report = await t.testConnection()
    expect(report.ok).toBe(false)
    expect(named(report, 'Change members')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(detail),
    })
  })

  test('a server that says it has no PATCH needs another way to remove', async () => {
    const t = await on('good')
    const body = { patch: { supported: false } }
    t.server.fault({
      kind: 'reply',
      status: 200,
      body,
      fits: ({ path }) => path === '/ServiceProviderConfig',
    })
    expect(named(await t.testConnection(), 'Change members')).toMatchObject({ ok: false })
  })

  test('groups that hide their members must not be replaced', async () => {
    const t = await on('good', { removal: 'replace-all' })
    t.store.tellsMembers = false
    try {
      expect(named(await t.testConnection(), 'See members')).toMatchObject({ ok: false })
      const report = await (await on('good')).testConnection()
      expect(named(report, 'See members')).toMatchObject({
        ok: true,
        detail: expect.stringMatching(/not proven/),
      })
    } finally {
      t.store.tellsMembers = true
    }
  })

  test('a bearer token that carries its end tells it', async () => {
    const t = await on('good')
    expect((await t.testConnection()).credentialExpiresAt).toEqual(new Date(END_OF_BEARER))
  })
})

test('settings that cannot work are refused at their field', () => {
  const baseUrl = 'https://app.example.com/scim/v2/'
  const wrong = (values: object) =>
    scimConfigSchema.safeParse(values).error?.issues.map((issue) => issue.path.join('.'))
  expect(wrong({ baseUrl, token: 't' })).toBeUndefined()
  expect(scimConfigSchema.parse({ baseUrl, token: 't' }).baseUrl).toBe('https://app.example.com/scim/v2')
  expect(wrong({ baseUrl, token: '' })).toEqual(['token'])
  expect(wrong({ baseUrl, auth: 'oauth-client' })).toEqual(['tokenUrl', 'clientId', 'clientSecret'])
  expect(wrong({ baseUrl: 'https://a:b@app.example.com/', token: 't' })).toEqual(['baseUrl'])
  expect(wrong({ baseUrl: 'ftp://app.example.com/', token: 't' })).toEqual(['baseUrl'])
  expect(wrong({ baseUrl: `${baseUrl}?x=1`, token: 't', pageSize: 0, effectDelaySeconds: -1 })).toEqual([
    'baseUrl',
    'effectDelaySeconds',
    'pageSize',
  ])
})

test('what it can do follows the settings', async () => {
  const { config } = await on('good')
  expect(connector.capabilities(config)).toMatchObject({ check: 'strong', replacesWholeSet: false })
  expect(connector.capabilities({ ...config, removal: 'replace-all', effectDelaySeconds: 5 })).toMatchObject({
    check: 'eventual',
    replacesWholeSet: true,
    effectDelay: 5000,
  })
})
