import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { callConnector } from './call'
import type { ConnectorContext } from './contract'
import { githubConnector as connector } from './github'
import type { GithubConfig } from './github/config'
import { troubleOf } from './github/trouble'
import { type GithubFake, startGithub } from './testing/fake-github'
import type { FakeTeam, FakeUser } from './testing/github-state'

let github: GithubFake
const egress = createEgress(['loopback'])

beforeEach(async () => {
  github = await startGithub()
})
afterEach(async () => {
  await github.close()
  expect(github.problems).toEqual([])
})
afterAll(() => egress.close())

const byToken = (more: Partial<GithubConfig> = {}): GithubConfig => ({
  organisation: 'northwind',
  auth: 'token',
  token: github.token,
  invites: false,
  identityProvider: 'none',
  apiUrl: github.url,
  ...more,
})
const byApp = (more: Partial<GithubConfig> = {}): GithubConfig => ({
  ...byToken(),
  auth: 'app',
  token: undefined,
  appId: github.app.id,
  installationId: github.app.installation,
  privateKey: github.app.privateKey,
  ...more,
})

const call = <Result>(
  attempt: (ctx: ConnectorContext<GithubConfig>) => Promise<Result>,
  { config = byToken(), effect = 'look', now = new Date() }: How = {},
) => callConnector(attempt, { connector, config, operationId: randomUUID(), effect, egress, now: () => now })
interface How {
  config?: GithubConfig
  effect?: 'change' | 'look'
  now?: Date
}

interface Pair {
  team: FakeTeam
  user: FakeUser
}
const pair = (role: 'admin' | 'member' | null = 'member'): Pair => ({
  team: github.state.addTeam('platform'),
  user: github.state.addUser(`u-${randomUUID()}`, role),
})
const args = ({ team, user }: Pair) => ({
  grantId: 'g1',
  entitlement: { id: `7001/${team.id}`, name: team.name },
  account: { id: String(user.id), name: user.login },
})
const grant = (of: Pair, how?: How) =>
  call((ctx) => connector.grant(ctx, { ...args(of), endsAt: null }), { effect: 'change', ...how })
const revoke = (of: Pair, how?: How) =>
  call((ctx) => connector.revoke(ctx, args(of)), { effect: 'change', ...how })
const check = (of: Pair, how?: How) => call((ctx) => connector.check(ctx, args(of)), how)
const changes = () =>
  github.requests
    .filter(({ method, path }) => method !== 'GET' && path !== '/graphql')
    .map(({ method, path }) => `${method} ${path}`)

test('a maintainer is never demoted by a give, and not taken by an end', async () => {
  const of = pair()
  of.team.members.set(of.user.id, 'maintainer')
  expect(await grant(of)).toEqual({ state: 'done', changed: false })
  expect(of.team.members.get(of.user.id)).toBe('maintainer')
  await expect(revoke(of)).rejects.toMatchObject({
    code: 'rejected',
    message: expect.stringContaining('is a maintainer of the team'),
  })
  expect(changes()).toEqual([])
  const { items } = await call((ctx) => connector.listHolders!(ctx, { ...args(of), cursor: null }))
  expect(items[0]).toMatchObject({ state: 'direct', fixed: expect.stringContaining('maintainer') })
})

test('an owner of the organisation, a maintainer by name only, is given and taken like anybody', async () => {
  const of = pair('admin')
  expect(await grant(of)).toEqual({ state: 'done', changed: true })
  expect((await check(of)).state).toBe('direct')
  const { items } = await call((ctx) => connector.listHolders!(ctx, { ...args(of), cursor: null }))
  expect(items).toEqual([{ account: args(of).account, state: 'direct' }])
  expect(await revoke(of)).toEqual({ state: 'done', changed: true })
  expect(of.team.members.size).toBe(0)
})

describe('people who are not in the organisation', () => {
  test('are given nothing unless the connection invites', async () => {
    const of = pair(null)
    await expect(grant(of)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('invites nobody'),
    })
    expect(changes()).toEqual([])
    expect(await call((ctx) => connector.findAccount!(ctx, { text: of.user.login }))).toEqual([])
  })

  test('are pending until they accept, and are not invited twice', async () => {
    const of = pair(null)
    const how = { config: byToken({ invites: true }) }
    expect(await grant(of, how)).toEqual({ state: 'done', changed: true })
    expect(await check(of, how)).toMatchObject({
      state: 'pending',
      detail: expect.stringMatching(/invited.*\.$/),
    })
    expect(await grant(of, how)).toEqual({ state: 'done', changed: false })
    github.state.accept(of.user.id)
    expect((await check(of, how)).state).toBe('direct')
    expect(await revoke(of, how)).toEqual({ state: 'done', changed: true })
    expect((await check(of, how)).state).toBe('absent')
  })

  test.each(['token', 'app'])('lose their invitation when it was ours (%s)', async (auth) => {
    const of = pair(null)
    const how = { config: (auth === 'app' ? byApp : byToken)({ invites: true }) }
    await grant(of, how)
    expect(github.state.invitations.size).toBe(1)
    expect(await revoke(of, how)).toEqual({ state: 'done', changed: true })
    expect(github.state.invitations.size).toBe(0)
    expect((await check(of, how)).state).toBe('absent')
    expect(changes().at(-1)).toMatch(/^DELETE \/orgs\/northwind\/invitations\/\d+$/)
  })

  test('keep an invitation that somebody else sent, or that leads to another team', async () => {
    const how = { config: byToken({ invites: true }) }
    const foreign = pair(null)
    github.state.put(foreign.team, foreign.user, 'member', 'somebody-else')
    await revoke(foreign, how)
    const shared = pair(null)
    await grant(shared, how)
    github.state.put(github.state.addTeam('other'), shared.user, 'member', 'somebody-else')
    await revoke(shared, how)
    expect([...github.state.invitations.values()].map(({ user }) => user).sort()).toEqual(
      [foreign.user.id, shared.user.id].sort(),
    )
  })

  test('are listed as pending', async () => {
    const of = pair(null)
    await grant(of, { config: byToken({ invites: true }) })
    const items = []
    for (let cursor: string | null = null, first = true; first || cursor; first = false) {
      const page: Awaited<ReturnType<NonNullable<typeof connector.listHolders>>> = await call((ctx) =>
        connector.listHolders!(ctx, { ...args(of), cursor }),
      )
      items.push(...page.items)
      cursor = page.next
    }
    expect(items).toEqual([{ account: args(of).account, state: 'pending' }])
  })
})

test('a renamed account and a renamed team stay the same, and a name taken over is not followed', async () => {
  const of = pair()
  const { login } = of.user
  await grant(of)
  of.user.login = `renamed-${randomUUID()}`
  const stranger = github.state.addUser(login)
  of.team.members.set(stranger.id, 'member')
  const { slug } = of.team
  github.state.rename(of.team.id, 'renamed')
  const successor = github.state.addTeam('platform', { slug })
  successor.members.set(of.user.id, 'member')
  expect(await revoke(of)).toEqual({ state: 'done', changed: true })
  expect([...of.team.members.keys()]).toEqual([stranger.id])
  expect([...successor.members.keys()]).toEqual([of.user.id])
  for (const line of changes()) expect(line).toMatch(/\/organizations\/7001\/team\/\d+\/memberships\//)
})

test('an account that GitHub hides is gone only when the team does not list it', async () => {
  const of = pair()
  await grant(of)
  of.user.hidden = true
  expect((await check(of)).state).toBe('direct')
  expect(await revoke(of)).toEqual({ state: 'done', changed: true })
  await expect(check(of)).rejects.toMatchObject({ code: 'principal_missing' })
})

test('a team we may not see is not a team that is gone', async () => {
  const of = pair()
  github.state.people.set(github.state.byLogin('northwind-bot')!.id, 'member')
  github.state.teams.delete(of.team.id)
  await expect(check(of)).rejects.toMatchObject({ code: 'auth' })
  delete github.app.permissions.members
  await expect(check(of, { config: byApp() })).rejects.toMatchObject({ code: 'auth' })
  github.app.permissions.members = 'read'
  await expect(check(of, { config: byApp() })).rejects.toMatchObject({ code: 'entitlement_missing' })
})

test('the name of the organisation given to somebody else is noticed before anybody is added', async () => {
  const of = pair()
  const elsewhere = args(of)
  elsewhere.entitlement.id = `7002/${of.team.id}`
  await expect(call((ctx) => connector.check(ctx, elsewhere))).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('another organisation'),
  })
  elsewhere.entitlement.id = 'platform'
  await expect(call((ctx) => connector.check(ctx, elsewhere))).rejects.toMatchObject({
    code: 'misconfigured',
  })
})

test('synced teams are refused with the reason, in the catalogue and when tried', async () => {
  const of = pair()
  of.team.synced = 'Platform engineers'
  for (const identityProvider of ['team-sync', 'managed-users'] as const) {
    const { items } = await call((ctx) => connector.listEntitlements(ctx, { cursor: null }), {
      config: byToken({ identityProvider }),
    })
    expect(items[0]).toMatchObject({
      requestable: false,
      reason: 'Its members come from the group Platform engineers of the identity provider.',
    })
  }
  await expect(grant(of)).rejects.toMatchObject({ code: 'entitlement_unmanaged' })
})

test('limits that are used up ask for patience, a refusal does not', () => {
  const now = new Date('2026-11-27T10:00:00Z')
  const answer = (status: number, headers: Record<string, string> = {}, message = '') => ({
    status,
    headers: new Headers(headers),
    body: { message },
    host: 'api.github.com',
  })
  const reset = String(now.getTime() / 1000 + 90)
  const used = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
  expect(troubleOf(answer(403, used), now)).toMatchObject({ code: 'rate_limited', retryAfterMs: 90_000 })
  expect(troubleOf(answer(429, used), now)).toMatchObject({ code: 'rate_limited', retryAfterMs: 90_000 })
  expect(troubleOf(answer(403, { 'retry-after': '7' }), now)).toMatchObject({ retryAfterMs: 7000 })
  const secondary = 'You have exceeded a secondary rate limit.'
  expect(troubleOf(answer(403, {}, secondary), now)).toMatchObject({
    code: 'rate_limited',
    retryAfterMs: 60_000,
  })
  const open = { 'x-ratelimit-remaining': '41', 'x-ratelimit-reset': reset }
  expect(troubleOf(answer(403, open, 'Must have admin rights.'), now)).toMatchObject({ code: 'auth' })
  const sso = { 'x-github-sso': 'required; url=https://github.com/orgs/x/sso?authorization_request=abc' }
  expect(troubleOf(answer(403, sso), now)).toMatchObject({
    code: 'auth',
    message: expect.stringContaining('single sign-on'),
  })
  expect(troubleOf(answer(404), now)).toBeNull()
})

describe('the credential', () => {
  test('an App signs for a token, keeps it, and signs anew when it ends or is refused', async () => {
    const of = pair()
    const config = byApp()
    const report = await call((ctx) => connector.testConnection(ctx), { config })
    expect(report).toMatchObject({ ok: true, identity: 'northwind-leases[bot]' })
    expect(await grant(of, { config })).toEqual({ state: 'done', changed: true })
    expect((await check(of, { config })).state).toBe('direct')
    expect(github.tokensGiven()).toBe(1)
    github.fault({ kind: 'reply', reply: { status: 401, body: { message: 'Bad credentials' } } })
    await expect(check(of, { config })).rejects.toMatchObject({ code: 'retryable' })
    expect((await check(of, { config })).state).toBe('direct')
    expect(github.tokensGiven()).toBe(2)
    // GitHub judges the signature's time by its own clock, so a later one of ours is refused; it was asked all the same.
    const later = new Date(Date.now() + 59.5 * 60_000)
    await expect(check(of, { config, now: later })).rejects.toMatchObject({ code: 'auth' })
  })

  test('an App with another key, installation or permission is told apart', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const privateKey = other.export({ type: 'pkcs8', format: 'pem' }).toString()
    const test = (config: GithubConfig) => call((ctx) => connector.testConnection(ctx), { config })
    expect(await test(byApp({ privateKey }))).toMatchObject({ ok: false, checks: [{ ok: false }] })
    expect(await test(byApp({ installationId: '1' }))).toMatchObject({
      ok: false,
      checks: [{ detail: expect.stringContaining('no such installation') }],
    })
    github.app.permissions.members = 'read'
    const report = await test(byApp())
    expect(report.ok).toBe(false)
    expect(report.checks.map((check) => check.ok)).toEqual([true, true, false])
    await expect(check(pair(), { config: byApp({ privateKey }) })).rejects.toMatchObject({ code: 'auth' })
  })

  test('a token tells its end, its scopes, and whether its owner sees every team', async () => {
    const test = () => call((ctx) => connector.testConnection(ctx))
    github.tokenHeaders['github-authentication-token-expiration'] = '2027-02-03 04:05:06 UTC'
    expect(await test()).toMatchObject({ ok: true, credentialExpiresAt: new Date('2027-02-03T04:05:06Z') })
    github.tokenHeaders['github-authentication-token-expiration'] = '2027-02-03 04:05:06 -0700'
    expect(await test()).toMatchObject({ credentialExpiresAt: new Date('2027-02-03T11:05:06Z') })
    github.tokenHeaders['github-authentication-token-expiration'] = 'soon'
    expect(await test()).not.toHaveProperty('credentialExpiresAt')
    github.tokenHeaders['x-oauth-scopes'] = 'read:org, repo'
    expect((await test()).checks.map((check) => check.ok)).toEqual([true, true, false])
    github.tokenHeaders['x-oauth-scopes'] = 'admin:org'
    expect((await test()).ok).toBe(true)
    github.state.people.set(github.state.byLogin('northwind-bot')!.id, 'member')
    expect((await test()).checks.map((check) => check.ok)).toEqual([true, false, true])
  })
})

test('finds a login whatever its case, an address by nobody, a number as login and as id', async () => {
  const find = (text: string) => call((ctx) => connector.findAccount!(ctx, { text }))
  const ana = github.state.addUser('Ana-Lima')
  const digits = github.state.addUser(String(ana.id))
  expect(await find('@ana-lima')).toEqual([{ id: String(ana.id), name: 'Ana-Lima' }])
  expect(await find('ana@example.com')).toEqual([])
  expect(await find('../user')).toEqual([])
  expect((await find(String(ana.id))).map(({ id }) => id)).toEqual([String(digits.id), String(ana.id)])
})

test('settings that cannot work are refused at the field', () => {
  const fields = (values: object) =>
    connector.configSchema.safeParse(values).error?.issues.map((issue) => issue.path.join('.'))
  expect(
    fields({ organisation: 'north wind', auth: 'app', apiUrl: 'ftp://x', privateKey: 'no key' }),
  ).toEqual(['organisation', 'privateKey', 'apiUrl', 'appId', 'installationId'])
  expect(fields({ organisation: 'northwind' })).toEqual(['appId', 'installationId', 'privateKey'])
  expect(fields({ organisation: 'northwind', auth: 'token' })).toEqual(['token'])
  expect(fields({ organisation: 'northwind', auth: 'token', token: 'x' })).toBeUndefined()
})
