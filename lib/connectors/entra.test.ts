import { randomUUID, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { callConnector } from './call'
import type { ConnectorContext, GrantArgs, Holder, Page } from './contract'
import { entraConnector as connector } from './entra'
import { credentialsOf, type EntraConfig, graphBase } from './entra/config'
import { request } from './entra/graph'
import { READS } from './entra/look'
import type { Group, User } from './entra/objects'
import { forgetToken } from './oauth'
import { makeCertificates } from './testing/certificates'
import { type EntraFake, startEntra } from './testing/fake-entra'

let entra: EntraFake
const egress = createEgress(['loopback'])

beforeEach(async () => {
  entra = await startEntra()
})
afterEach(async () => {
  await entra.close()
  expect(entra.problems).toEqual([])
})
afterAll(() => egress.close())

const settings = (more: Partial<EntraConfig> = {}): EntraConfig => ({
  tenant: entra.tenant,
  clientId: entra.clientId,
  auth: 'secret',
  clientSecret: entra.secret,
  mode: 'membership',
  endsSessions: false,
  cloud: 'global',
  address: entra.url,
  ...more,
})
const call = <Result>(
  attempt: (ctx: ConnectorContext<EntraConfig>) => Promise<Result>,
  { config = settings(), effect = 'look' }: How = {},
) =>
  callConnector(attempt, {
    connector,
    config,
    operationId: randomUUID(),
    effect,
    egress,
    now: () => new Date(),
  })
interface How {
  config?: EntraConfig
  effect?: 'change' | 'look'
}

interface Pair {
  group: Group
  user: User
}
const pair = (): Pair => ({
  group: entra.state.addGroup('Production readers'),
  user: entra.state.addUser({ userPrincipalName: `${randomUUID()}@northwind.example` }),
})
const args = ({ group, user }: Pair) => ({
  grantId: 'g1',
  entitlement: { id: group.id, name: group.displayName },
  account: { id: user.id, name: user.userPrincipalName },
})
const grant = (of: Pair, config?: EntraConfig, more: Partial<GrantArgs> = {}) =>
  call((ctx) => connector.grant(ctx, { ...args(of), endsAt: null, ...more }), { effect: 'change', config })
const revoke = (of: Pair, config?: EntraConfig) =>
  call((ctx) => connector.revoke(ctx, args(of)), { effect: 'change', config })
const check = (of: Pair, config?: EntraConfig) => call((ctx) => connector.check(ctx, args(of)), { config })
const poll = (token: string, config: EntraConfig) =>
  call((ctx) => connector.poll!(ctx, { token, grantId: 'g1' }), { config })
const holds = ({ group, user }: Pair) => entra.state.members.get(group.id)!.has(user.id)
const isUser = (id: string) => entra.state.users.has(id)

describe('every DELETE ends in /$ref, or the person would be deleted', () => {
  const suffix = /^\/v1\.0\/groups\/[0-9a-f-]{36}\/members\/[0-9a-f-]{36}\/\$ref$/
  const deletes = () => entra.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path)

  test('the fake does delete the person without it', async () => {
    const of = pair()
    await grant(of)
    const { authorization } = entra.requests.at(-1)!.headers
    const path = `/v1.0/groups/${of.group.id}/members/${of.user.id}`
    await egress.fetch(`${entra.url}${path}`, {
      method: 'DELETE',
      headers: { authorization: authorization! },
    })
    expect(isUser(of.user.id)).toBe(false)
  })

  test.each(['membership', 'pim'] as const)('whatever is taken (%s)', async (mode) => {
    const config = settings({ mode })
    const of = pair()
    await grant(of, settings())
    await revoke(of, config)
    await revoke(of, config)
    expect(deletes().length).toBeGreaterThan(0)
    for (const path of deletes()) expect(path).toMatch(suffix)
    expect(isUser(of.user.id)).toBe(true)
    expect(holds(of)).toBe(false)
  })

  test.each(['', '/', '?', '#', '..', '%2e%2e', `${randomUUID()}?`, `${randomUUID()}#`, `${randomUUID()}/x`])(
    'and nothing is sent for an id such as "%s"',
    async (id) => {
      const of = pair()
      await grant(of)
      for (const wrong of [
        { ...of, user: { ...of.user, id } },
        { ...of, group: { ...of.group, id } },
      ])
        await expect(revoke(wrong)).rejects.toMatchObject({ code: 'misconfigured' })
      expect(deletes()).toEqual([])
      expect(isUser(of.user.id)).toBe(true)
    },
  )

  test('nor for any other address, whoever asks', async () => {
    const { group, user } = pair()
    const at = `/groups/${group.id}/members/${user.id}`
    for (const path of [
      at,
      `${at}/`,
      `${at}/$ref?x=1`,
      `/users/${user.id}`,
      `${entra.url}/v1.0${at}/$ref`,
      `${at}/%24ref`,
    ])
      await expect(
        call((ctx) => request(ctx, { method: 'DELETE', path }), { effect: 'change' }),
      ).rejects.toMatchObject({ code: 'misconfigured' })
    expect(entra.requests).toEqual([])
  })
})

describe('copies that lag', () => {
  test('a look is believed only when its reads agree', async () => {
    expect(READS).toBeGreaterThan(1)
    const of = pair()
    await grant(of)
    entra.state.stale = 1
    expect(await check(of)).toEqual({ state: 'unknown', detail: 'Entra’s copies do not agree yet.' })
    entra.state.stale = READS
    // Both reads lag, the next question does not: a member through nothing is no answer either.
    expect((await check(of)).state).toBe('unknown')
    expect((await check(of)).state).toBe('direct')
  })

  test('"already exist" and "does not exist" are decided by looking', async () => {
    const of = pair()
    await grant(of)
    expect(await grant(of)).toEqual({ state: 'done', changed: false })
    entra.state.stale = 1
    await expect(grant(of)).rejects.toMatchObject({ code: 'retryable' })
    await revoke(of)
    expect(await revoke(of)).toEqual({ state: 'done', changed: false })
    entra.state.stale = 1
    await expect(revoke(of)).rejects.toMatchObject({ code: 'retryable' })
  })
})

test('a missing permission is never absence', async () => {
  const of = pair()
  const reply = {
    status: 403,
    body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } },
  }
  for (const run of [check, grant, revoke]) {
    entra.fault({ kind: 'reply', reply })
    await expect(run(of)).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('Insufficient privileges.'),
    })
  }
})

test('groups whose members are not ours to set are refused with the reason, in the catalogue and when tried', async () => {
  const kinds: [Partial<Group>, RegExp | null][] = [
    [{ groupTypes: ['DynamicMembership'] }, /rule/],
    [{ groupTypes: ['Unified', 'DynamicMembership'], mailEnabled: true }, /rule/],
    [{ onPremisesSyncEnabled: true }, /on premises/],
    [{ isAssignableToRole: true }, /roles of the directory/],
    [{ mailEnabled: true }, /mail-enabled security group/],
    [{ mailEnabled: true, securityEnabled: false }, /distribution list/],
    [{ groupTypes: ['Unified'], mailEnabled: true, visibility: 'HiddenMembership' }, /hidden/],
    [{ groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false }, null],
    [{ onPremisesSyncEnabled: false, isAssignableToRole: false }, null],
  ]
  entra.state.pageSize = 100
  for (const [more, reason] of kinds) {
    const { user } = pair()
    const group = entra.state.addGroup('kind', more)
    const { items } = await call((ctx) => connector.listEntitlements(ctx, { cursor: null }))
    const listed = items.find(({ id }) => id === group.id)!
    expect(listed.requestable).toBe(reason === null)
    if (reason === null) expect(await grant({ group, user })).toMatchObject({ changed: true })
    else {
      expect(listed.reason).toMatch(reason)
      for (const mode of ['membership', 'pim'] as const)
        await expect(grant({ group, user }, settings({ mode }))).rejects.toMatchObject({
          code: 'entitlement_unmanaged',
          message: listed.reason,
        })
      expect(holds({ group, user })).toBe(false)
    }
  }
})

test('a disabled account is said to be one, and of two only the enabled one is found', async () => {
  const resolve = (email: string) =>
    call((ctx) => connector.resolveAccount(ctx, { person: { email, name: 'Ana' } }))
  const old = entra.state.addUser({ userPrincipalName: 'ana@northwind.example', accountEnabled: false })
  await expect(resolve('ana@northwind.example')).rejects.toMatchObject({
    code: 'principal_missing',
    message: 'The account ana@northwind.example is disabled in Entra.',
  })
  expect(await call((ctx) => connector.findAccount!(ctx, { text: old.id }))).toEqual([])
  const now = entra.state.addUser({
    userPrincipalName: 'ana.lima@northwind.example',
    mail: 'Ana@northwind.example',
  })
  expect(await resolve('ana@northwind.example')).toMatchObject({ kind: 'found', account: { id: now.id } })
})

test('a page on another host is not followed', async () => {
  const body = { value: [], '@odata.nextLink': 'https://graph.example.com/v1.0/groups' }
  entra.fault({ kind: 'reply', reply: { status: 200, body } })
  await expect(call((ctx) => connector.listEntitlements(ctx, { cursor: null }))).rejects.toMatchObject({
    code: 'rejected',
  })
  await expect(
    call((ctx) => connector.listEntitlements(ctx, { cursor: 'https://graph.example.com/x' })),
  ).rejects.toMatchObject({ code: 'rejected' })
})

test('who is in a group directly and through others is listed once, as direct', async () => {
  const of = pair()
  const other = pair()
  for (const { id } of [of.user, other.user]) entra.state.add(other.group.id, id)
  entra.state.add(of.group.id, of.user.id)
  entra.state.add(of.group.id, other.group.id)
  const items: Holder[] = []
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page: Page<Holder> = await call((ctx) => connector.listHolders!(ctx, { ...args(of), cursor }))
    items.push(...page.items)
    cursor = page.next
  }
  expect(items.map(({ account, state, via }) => [account.id, state, via])).toEqual([
    [of.user.id, 'direct', undefined],
    [other.user.id, 'indirect', 'Production readers'],
  ])
})

test('sign-ins are ended only where that was chosen', async () => {
  const of = pair()
  const end = (config?: EntraConfig) =>
    call((ctx) => connector.endSessions!(ctx, args(of)), { effect: 'change', config })
  expect(await end()).toEqual({ ended: 0 })
  expect(entra.requests).toEqual([])
  expect(await end(settings({ endsSessions: true }))).toEqual({ ended: 1 })
  expect(entra.signedOut).toEqual([of.user.id])
  expect(connector.capabilities(settings({ endsSessions: true })).sessionKill).toBe(true)
  entra.state.removeUser(of.user.id)
  await expect(end(settings({ endsSessions: true }))).rejects.toMatchObject({ code: 'principal_missing' })
})

describe('PIM', () => {
  const pim = () => settings({ mode: 'pim' })
  const kept = ({ group, user }: Pair) => entra.state.assignmentOf(group.id, user.id)

  test('keeps an end a quarter of an hour after the latest the lease may last to, or none', async () => {
    const of = pair()
    const endsAt = new Date('2030-01-02T03:00:00.000Z')
    const latestEnd = new Date('2030-01-07T03:00:00.000Z')
    expect(await grant(of, pim(), { endsAt, latestEnd })).toMatchObject({ state: 'done', changed: true })
    expect(kept(of)?.end).toBe('2030-01-07T03:15:00.000Z')
    // An extension calls nothing. Without a bound there is no end of ours that could come too early.
    const unbounded = pair()
    await grant(unbounded, pim(), { endsAt, latestEnd: null })
    expect(kept(unbounded)).toMatchObject({ end: null })
    expect(connector.capabilities(pim())).toMatchObject({ nativeExpiry: true, asyncGrant: true })
    expect(connector.capabilities(settings())).toMatchObject({ nativeExpiry: false, asyncGrant: false })
  })

  test('puts no end over a membership that has none', async () => {
    const of = pair()
    entra.state.add(of.group.id, of.user.id)
    const latestEnd = new Date('2030-01-07T03:00:00.000Z')
    expect(await grant(of, pim(), { latestEnd })).toEqual({ state: 'done', changed: false })
    expect(entra.state.requests.size).toBe(0)
  })

  test('follows a request to its end', async () => {
    const of = pair()
    entra.state.status = 'PendingProvisioning'
    const given = await grant(of, pim())
    if (given.state !== 'pending') throw new Error('expected a pending request')
    expect((await check(of)).state).toBe('absent')
    expect(await poll(given.token, pim())).toMatchObject({ state: 'pending', token: given.token })
    await expect(grant(of, pim())).rejects.toMatchObject({ code: 'retryable' })
    await expect(revoke(of, pim())).rejects.toMatchObject({ code: 'retryable' })
    entra.state.settle()
    expect(await poll(given.token, pim())).toMatchObject({ state: 'done', changed: true })
    expect((await check(of)).state).toBe('direct')
    const taken = await revoke(of, pim())
    if (taken.state !== 'pending') throw new Error('expected a pending request')
    entra.state.settle()
    expect(await poll(taken.token, pim())).toMatchObject({ state: 'done', changed: true })
    expect(holds(of)).toBe(false)
  })

  test.each([
    ['Denied', 'rejected'],
    ['Failed', 'rejected'],
    ['TimedOut', 'rejected'],
    ['FailedAsResourceIsLocked', 'retryable'],
  ])('a request that ends as %s is %s', async (status, code) => {
    const of = pair()
    entra.state.status = status
    await expect(grant(of, pim())).rejects.toMatchObject({ code })
  })

  test('leaves what became of a forgotten request to the look', async () => {
    expect(await poll(`adminAssign:${randomUUID()}`, pim())).toEqual({ state: 'done', changed: false })
  })

  test('takes standing access that PIM does not know as the membership it is', async () => {
    const of = pair()
    entra.state.add(of.group.id, of.user.id)
    expect(await revoke(of, pim())).toEqual({ state: 'done', changed: true })
    expect(holds(of)).toBe(false)
    expect(isUser(of.user.id)).toBe(true)
  })

  test.each([
    ['ActiveDurationTooShort', 'retryable', 60_000],
    ['RoleAssignmentRequestPolicyValidationFailed', 'rejected', undefined],
  ])('%s is %s', async (code, expected, retryAfterMs) => {
    const of = pair()
    await grant(of, pim())
    const message = 'The following policy rules failed: ["ExpirationRule"]'
    entra.fault({ kind: 'reply', reply: { status: 400, body: { error: { code, message } } } })
    await expect(revoke(of, pim())).rejects.toMatchObject({ code: expected, retryAfterMs })
  })
})

describe('the credential', () => {
  const tested = (config?: EntraConfig) => call((ctx) => connector.testConnection(ctx), { config })

  test('says which permission is missing, by mode and setting', async () => {
    const names = (report: Awaited<ReturnType<typeof tested>>) =>
      report.checks.filter(({ ok }) => !ok).map(({ name }) => name)
    expect(await tested()).toMatchObject({ ok: true, identity: 'Leasehold' })
    expect(names(await tested(settings({ endsSessions: true })))).toEqual(['May end sign-ins'])
    entra.roles.splice(0, entra.roles.length, 'GroupMember.Read.All')
    const config = settings({
      mode: 'pim',
      clientId: entra.clientId,
      tenant: entra.tenant,
      endsSessions: true,
    })
    // A token is kept for an hour, so what it carries is read from a fresh one.
    forgetToken(credentialsOf(config))
    expect(names(await tested(config))).toEqual([
      'May change members',
      'May assign in PIM',
      'May end sign-ins',
    ])
  })

  test('a secret’s end is told where the application may read it, and only if it is surely ours', async () => {
    entra.secrets.push(
      { hint: 'c4n', endDateTime: '2027-05-06T07:08:09Z' },
      { hint: 'zzz', endDateTime: '2026-12-01T00:00:00Z' },
    )
    expect(await tested()).not.toHaveProperty('credentialExpiresAt')
    entra.roles.push('Application.Read.All')
    forgetToken(credentialsOf(settings()))
    expect(await tested()).toMatchObject({ credentialExpiresAt: new Date('2027-05-06T07:08:09Z') })
    entra.secrets.push({ hint: 'c4n', endDateTime: '2028-01-01T00:00:00Z' })
    expect(await tested()).not.toHaveProperty('credentialExpiresAt')
  })

  // Making keys takes a while on a busy machine.
  test('a certificate signs as Entra wants it, and tells its own end', { timeout: 30_000 }, async ({
    skip,
  }) => {
    const made = makeCertificates()
    if (!made) return skip('there is no openssl to make a certificate with')
    const certificate = readFileSync(made.files.cert, 'utf8')
    const privateKey = readFileSync(made.files.key, 'utf8')
    const other = made.authority
    made.remove()
    const config = settings({ auth: 'certificate', certificate, privateKey, clientSecret: undefined })
    const { validTo, fingerprint256, publicKey } = new X509Certificate(certificate)
    expect(await tested(config)).toMatchObject({ ok: true, credentialExpiresAt: new Date(validTo) })
    const [assertion] = entra.assertions
    const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
    expect(decodeProtectedHeader(assertion!)).toEqual({ alg: 'PS256', 'x5t#S256': thumbprint })
    const { payload } = await jwtVerify(assertion!, publicKey, {
      audience: `${entra.url}/${entra.tenant}/oauth2/v2.0/token`,
      issuer: entra.clientId,
      subject: entra.clientId,
    })
    expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(600)
    expect(
      connector.configSchema
        .safeParse({ ...config, certificate: other })
        .error?.issues.map(({ path, message }) => [path.join('.'), message]),
    ).toEqual([['privateKey', 'This is not the certificate’s own private key.']])
  })
})

test('each cloud has its own addresses', () => {
  const at = (cloud: EntraConfig['cloud']) => {
    const config = settings({ cloud, address: '' })
    const { tokenUrl, scope } = credentialsOf(config)
    return [new URL(tokenUrl).host, graphBase(config), scope]
  }
  expect(at('global')).toEqual([
    'login.microsoftonline.com',
    'https://graph.microsoft.com/v1.0',
    'https://graph.microsoft.com/.default',
  ])
  expect(at('us-government')[0]).toBe('login.microsoftonline.us')
  expect(at('us-government-dod')[1]).toBe('https://dod-graph.microsoft.us/v1.0')
  expect(at('china')[1]).toBe('https://microsoftgraph.chinacloudapi.cn/v1.0')
})

test('settings that cannot work are refused at the field', () => {
  const fields = (values: object) =>
    connector.configSchema.safeParse(values).error?.issues.map((issue) => issue.path.join('.'))
  const clientId = randomUUID()
  expect(fields({ tenant: 'a b', clientId: 'x', address: 'https://x.example/y' })).toEqual([
    'tenant',
    'clientId',
    'address',
    'certificate',
    'privateKey',
  ])
  expect(fields({ tenant: 'northwind.example', clientId, auth: 'secret' })).toEqual(['clientSecret'])
  expect(fields({ tenant: 'northwind.example', clientId, certificate: 'no', privateKey: 'no' })).toEqual([
    'certificate',
    'privateKey',
  ])
  expect(fields({ tenant: 'northwind.example', clientId, auth: 'secret', clientSecret: 'x' })).toBeUndefined()
})
