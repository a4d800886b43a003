/** SCIM: what refusals mean, what the test of a connection tells, and which settings cannot work. */
import { afterAll, describe, expect, test } from 'vitest'
import { scimConnector as connector } from './scim'
import { type ScimConfig, scimConfigSchema } from './scim/config'
import { closeScimWorlds, onScim as on } from './testing/scim-calls'
import type { ScimRequest } from './testing/scim-server'
import { END_OF_BEARER } from './testing/world-scim'

afterAll(closeScimWorlds)

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
