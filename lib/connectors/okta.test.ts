import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { callConnector } from './call'
import type { ConnectorContext } from './contract'
import { oktaConnector as connector } from './okta'
import { credentialsOf, type OktaConfig } from './okta/config'
import { type FakeOkta, startOkta } from './testing/fake-okta'

let okta: FakeOkta
const egress = createEgress(['loopback'])

beforeEach(async () => {
  okta = await startOkta()
})
afterEach(async () => {
  expect(okta.problems).toEqual([])
  await okta.close()
})
afterAll(() => egress.close())

const parse = (values: object) => connector.configSchema.parse(values)
const withToken = (apiToken = okta.state.apiToken): OktaConfig =>
  parse({ orgUrl: okta.url, auth: 'API token', apiToken })
const withKey = (more: object = {}): OktaConfig => {
  const { clientId, privateKey, keyId } = okta.state
  return parse({ orgUrl: `${okta.url}/`, clientId, privateKey, keyId, ...more })
}

interface How {
  config?: OktaConfig
  effect?: 'look' | 'change'
}
const call = <Result>(
  attempt: (ctx: ConnectorContext<OktaConfig>) => Promise<Result>,
  { config = withToken(), effect = 'look' }: How = {},
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

function pair(type?: 'APP_GROUP' | 'BUILT_IN') {
  const name = `group ${randomUUID()}`
  const { id } = okta.state.addGroup(name, type)
  const email = `${randomUUID()}@example.com`
  const user = okta.state.addUser({ email })
  return { entitlement: { id, name }, account: { id: user.id, name: email } }
}
type Pair = ReturnType<typeof pair>
const grant = (args: Pair, how?: How) =>
  call((ctx) => connector.grant(ctx, { grantId: 'g1', endsAt: null, ...args }), { effect: 'change', ...how })
const revoke = (args: Pair, how?: How) =>
  call((ctx) => connector.revoke(ctx, { grantId: 'g1', ...args }), { effect: 'change', ...how })
const check = (args: Pair, how?: How) => call((ctx) => connector.check(ctx, args), how)
const holders = (args: Pair) => call((ctx) => connector.listHolders!(ctx, { ...args, cursor: null }))
const resolve = (email: string) =>
  call((ctx) => connector.resolveAccount(ctx, { person: { email, name: 'Ana' } }))
const report = (config?: OktaConfig) => call((ctx) => connector.testConnection(ctx), { config })
const changes = () => okta.requests.filter(({ method }) => method !== 'GET')
const failure = (running: Promise<unknown>) =>
  running.then(
    () => expect.fail('should have failed'),
    (error: unknown) => error,
  )

describe('signing in', () => {
  test('an API token is known by its owner; a wrong one is refused without being repeated', async () => {
    pair()
    expect(await report()).toMatchObject({ ok: true, identity: 'admin@example.com' })
    const config = withToken('not-the-token-at-all')
    const refused = await report(config)
    expect(refused.ok).toBe(false)
    expect(JSON.stringify(refused)).not.toContain('not-the-token-at-all')
    for (const run of [grant, revoke, check])
      expect(await failure(run(pair(), { config }))).toMatchObject({ code: 'auth' })
  })

  test('a withdrawn token is asked for anew by the next try', async () => {
    const held = pair()
    const config = withKey()
    expect(await check(held, { config })).toEqual({ state: 'absent' })
    okta.state.forgetTokens()
    expect(await failure(check(held, { config }))).toMatchObject({ code: 'retryable' })
    expect(await check(held, { config })).toEqual({ state: 'absent' })
  })

  test('what is not granted is named', async () => {
    pair()
    okta.state.scopes = ['okta.groups.manage']
    const { ok, checks } = await report(withKey({ endSessions: true }))
    expect(ok).toBe(false)
    expect(checks.filter((one) => !one.ok).map(({ detail }) => detail)).toEqual([
      'Grant the app okta.users.read and okta.users.manage.',
      'The credential may not look up users.',
    ])
  })

  test('an app that has to prove possession is told where to switch that off', async () => {
    okta.state.asksForProof = true
    const { checks } = await report(withKey())
    expect(checks).toEqual([
      { name: 'Sign in', ok: false, detail: expect.stringMatching(/invalid_dpop_proof.*Clear “Require/) },
    ])
  })

  test('a role that may not change members is found out without changing anything', async () => {
    const { entitlement } = pair()
    okta.state.role.changesMembers = false
    const { checks } = await report()
    expect(checks.filter(({ ok }) => !ok)).toEqual([
      {
        name: 'Change members',
        ok: false,
        detail: `The credential may not change the members of “${entitlement.name}”.`,
      },
    ])
    expect(changes().map(({ method, path }) => `${method} ${path}`)).toEqual([
      `DELETE /api/v1/groups/${entitlement.id}/users/00u00000000000000000`,
    ])
  })

  test('a role that may not read rules gives nothing, and still takes', async () => {
    const held = pair()
    await grant(held)
    okta.state.role.readsRules = false
    const { checks } = await report()
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['Read group rules'])
    expect(await failure(grant(pair()))).toMatchObject({ code: 'auth' })
    expect(await revoke(held)).toEqual({ state: 'done', changed: true })
  })
})

describe('settings', () => {
  const wrong = (values: object) =>
    connector.configSchema.safeParse(values).error?.issues.map((issue) => issue.path.join('.'))

  test('each way of signing in needs its own', () => {
    const orgUrl = 'https://acme.okta.com'
    expect(wrong({})).toEqual(['orgUrl'])
    expect(wrong({ orgUrl })).toEqual(['clientId', 'privateKey'])
    expect(wrong({ orgUrl, auth: 'API token' })).toEqual(['apiToken'])
    expect(wrong({ orgUrl, clientId: 'a', privateKey: '{"kty":"RSA"}' })).toEqual(['privateKey'])
    const config = parse({ orgUrl: `${orgUrl}/`, clientId: 'a', privateKey: '-----BEGIN PRIVATE KEY-----' })
    expect(credentialsOf(config)).toMatchObject({
      tokenUrl: 'https://acme.okta.com/oauth2/v1/token',
      scope: 'okta.groups.manage okta.users.read',
    })
  })

  test('the address is the organisation’s own, bare and encrypted', () => {
    for (const orgUrl of [
      'acme.okta.com',
      'http://acme.okta.com',
      'https://acme-admin.okta.com',
      'https://acme-admin.okta-emea.com/',
      'https://acme.okta.com/admin',
      'https://ana:secret@acme.okta.com',
    ])
      expect(wrong({ orgUrl, auth: 'API token', apiToken: 'x' })).toEqual(['orgUrl'])
  })
})

describe('groups that are not ours', () => {
  test('a group with an active rule is not given, and nothing is asked for', async () => {
    const held = pair()
    const rule = okta.state.addRule('Everybody in Lisbon', held.entitlement.id)
    expect(await failure(grant(held))).toMatchObject({
      code: 'entitlement_unmanaged',
      message: expect.stringContaining('“Everybody in Lisbon”'),
    })
    expect(changes()).toEqual([])
    rule.status = 'INACTIVE'
    expect(await grant(held)).toEqual({ state: 'done', changed: true })
  })

  test('a rule that came during a lease does not keep the access; its holders are shown as not ours', async () => {
    const held = pair()
    await grant(held)
    const rule = okta.state.addRule('Everybody', held.entitlement.id, [held.account.id])
    expect((await holders(held)).items).toMatchObject([
      { state: 'direct', fixed: expect.stringContaining('list of exceptions') },
    ])
    expect(await revoke(held)).toEqual({ state: 'done', changed: true })
    expect(rule.exceptions).toEqual([held.account.id])
  })

  test.each([
    ['APP_GROUP', 'the application or directory it is imported from'],
    ['BUILT_IN', 'Okta itself'],
  ] as const)('%s is held through what sets it, and never touched', async (type, via) => {
    const held = pair(type)
    okta.state.members.get(held.entitlement.id)!.add(held.account.id)
    expect(await check(held)).toMatchObject({ state: 'indirect', via })
    expect(await revoke(held)).toEqual({ state: 'done', changed: false })
    expect((await holders(held)).items).toMatchObject([{ state: 'indirect', via }])
    expect(await failure(grant(held))).toMatchObject({ code: 'entitlement_unmanaged' })
    const { items } = await call((ctx) => connector.listEntitlements(ctx, { cursor: null }))
    expect(items).toMatchObject([{ requestable: false, reason: `Its members are set by ${via}.` }])
    expect(changes()).toEqual([])
  })
})

describe('looking', () => {
  test('somebody in many groups is followed to the last page', async () => {
    const held = pair()
    for (let n = 0; n < 401; n += 1) {
      const { id } = okta.state.addGroup(`many ${n}`)
      okta.state.members.get(id)!.add(held.account.id)
    }
    const last = [...okta.state.groups.values()].at(-1)!
    expect(await check({ ...held, entitlement: { id: last.id, name: 'last' } })).toEqual({ state: 'direct' })
    expect(okta.requests.filter(({ path }) => path.endsWith('/groups'))).toHaveLength(3)
    expect(await check(held)).toEqual({ state: 'absent' })
  })

  test('a link or a cursor that leads elsewhere is not followed', async () => {
    const held = pair()
    const link = '<https://elsewhere.example.com/api/v1/users>; rel="next"'
    okta.fault({ kind: 'reply', reply: { status: 200, body: [], headers: { link } } })
    expect(await failure(check(held))).toMatchObject({ code: 'rejected' })
    for (const cursor of ['/api/v1/users?limit=200', 'https://elsewhere.example.com', '//elsewhere'])
      expect(await failure(call((ctx) => connector.listEntitlements(ctx, { cursor })))).toMatchObject({
        code: 'rejected',
      })
  })

  test('“not found” about a member who is still shown is tried again, never an end', async () => {
    const held = pair()
    await grant(held)
    okta.fault({
      kind: 'reply',
      fits: ({ method }) => method === 'DELETE',
      reply: { status: 404, body: { errorCode: 'E0000007', errorSummary: 'Not found' } },
    })
    expect(await failure(revoke(held))).toMatchObject({ code: 'retryable' })
    expect(await revoke(held)).toEqual({ state: 'done', changed: true })
  })
})

describe('people', () => {
  test('a deactivated account is said to be, and passed over for one that is not', async () => {
    const email = 'ana@example.com'
    const { id } = okta.state.addUser({ email, status: 'DEPROVISIONED', login: 'ana.old@example.com' })
    expect(await failure(resolve(email))).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('“ana.old@example.com” is deactivated in Okta'),
    })
    const again = okta.state.addUser({ email, login: email })
    expect(await resolve('ANA@example.com')).toMatchObject({ kind: 'found', account: { id: again.id } })
    const held = { ...pair(), account: { id, name: 'ana.old' } }
    expect(await failure(grant(held))).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('E0000038'),
    })
  })

  test('an address is a value of the search and never a part of it', async () => {
    pair()
    expect(await resolve('x" or profile.email eq "admin@example.com')).toEqual({ kind: 'missing' })
    expect(okta.requests.at(-1)?.query.get('search')).toBe(
      String.raw`profile.email eq "x\" or profile.email eq \"admin@example.com"`,
    )
    expect(await resolve('back\\slash"@example.com')).toEqual({ kind: 'missing' })
  })

  test('are found by login, address and id', async () => {
    const { id, profile } = okta.state.addUser({ email: 'bo@example.com', login: 'bo' })
    const account = { id, name: 'bo', email: profile.email }
    for (const text of [id, 'bo', 'BO@example.com '])
      expect(await call((ctx) => connector.findAccount!(ctx, { text }))).toEqual([account])
    expect(await call((ctx) => connector.findAccount!(ctx, { text: ' ' }))).toEqual([])
  })
})

describe('sessions', () => {
  const end = (args: Pair, config: OktaConfig) =>
    call((ctx) => connector.endSessions!(ctx, args), { config, effect: 'change' })

  test('are left alone unless that was switched on', async () => {
    const held = pair()
    okta.state.sessions.set(held.account.id, 2)
    expect(connector.capabilities(withKey()).sessionKill).toBe(false)
    expect(await end(held, withKey())).toEqual({ ended: 0 })
    expect(okta.requests).toEqual([])
    const config = withKey({ endSessions: true })
    expect(connector.capabilities(config).sessionKill).toBe(true)
    await end(held, config)
    expect(okta.state.sessions.has(held.account.id)).toBe(false)
  })

  test('of an account that is gone are gone', async () => {
    const held = pair()
    okta.state.removeUser(held.account.id)
    expect(await failure(end(held, withKey({ endSessions: true })))).toMatchObject({
      code: 'principal_missing',
    })
  })
})

test('a whole lease costs as many requests as the documentation says', async () => {
  const held = pair()
  const cost = async (steps: () => Promise<unknown>) => {
    const before = okta.count()
    await steps()
    return okta.count() - before
  }
  const give = async () => {
    await resolve(held.account.name)
    await check(held)
    await grant(held)
    await check(held)
  }
  const take = async () => {
    await revoke(held)
    await check(held)
  }
  expect(await cost(give)).toBe(8)
  expect(await cost(() => holders(held))).toBe(3)
  expect(await cost(take)).toBe(4)
})

test('the stand-in refuses what Okta does not document', async ({ skip }) => {
  if (!okta.published) return skip('Okta’s published description is not beside this checkout')
  const headers = { authorization: `SSWS ${okta.state.apiToken}` }
  await fetch(`${okta.url}/api/v1/groups?page=2`, { headers })
  await fetch(`${okta.url}/api/v1/groups/00g1/users/00u1`, { method: 'PUT', body: '{}', headers })
  expect(okta.problems.splice(0)).toEqual([
    expect.stringMatching(/knows no query “page”/),
    expect.stringMatching(/expects no body/),
  ])
})
