import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEgress, type Egress } from '@/lib/egress'
import { callConnector } from './call'
import type { ConnectorContext } from './contract'
import { newSigningSecret, startTarget, type Target } from './testing/target'
import { webhookConnector as connector } from './webhook'
import type { WebhookConfig } from './webhook/config'

let target: Target
const egress = createEgress(['loopback'])

beforeEach(async () => {
  target = await startTarget()
})
afterEach(() => target.close())
afterAll(() => egress.close())

const settings = (overrides: Partial<WebhookConfig> = {}): WebhookConfig => ({
  url: target.url,
  secret: target.secret,
  effectDelaySeconds: 0,
  endsSessions: true,
  listsHolders: true,
  ...overrides,
})

const call = <Result>(
  attempt: (ctx: ConnectorContext<WebhookConfig>) => Promise<Result>,
  effect: 'change' | 'look',
  { config = settings(), operationId = randomUUID(), door = egress }: How = {},
) =>
  callConnector(attempt, {
    connector,
    config,
    operationId,
    effect,
    egress: door,
    now: () => new Date(),
    timeoutMs: 2000,
  })
interface How {
  config?: WebhookConfig
  operationId?: string
  door?: Egress
}

function pair() {
  const { id, name } = target.state.addEntitlement({ name: 'prod read' })
  const account = target.state.addAccount({ email: 'ana@example.com', name: 'Ana' })
  return { entitlement: { id, name }, account: { id: account.id, name: account.name, email: account.email } }
}
type Pair = ReturnType<typeof pair>
const endsAt = new Date('2030-01-02T03:04:05.000Z')
const grant = (args: Pair, how?: How) =>
  call((ctx) => connector.grant(ctx, { grantId: 'g1', endsAt, ...args }), 'change', how)
const check = (args: Pair, how?: How) => call((ctx) => connector.check(ctx, args), 'look', how)

test('a message says what it is about and is signed', async () => {
  const args = pair()
  const operationId = randomUUID()
  const first = await grant(args, { operationId })
  await grant(args, { operationId })
  expect(first).toMatchObject({ state: 'done', changed: true, externalRef: expect.any(String) })
  expect(target.calls.map((each) => each.id)).toEqual([operationId, operationId])
  expect(target.calls[0]).toMatchObject({
    type: 'grant.provision',
    status: 200,
    data: {
      grant: 'g1',
      entitlement: args.entitlement,
      account: args.account,
      endsAt: '2030-01-02T03:04:05.000Z',
    },
  })
  expect(target.state.effects).toHaveLength(1)
})

test('while secrets change, either one is accepted', async () => {
  const args = pair()
  const next = newSigningSecret()
  target.acceptSecret(next)
  const retired = newSigningSecret()
  expect(await check(args, { config: settings({ secret: retired, nextSecret: next }) })).toEqual({
    state: 'absent',
  })
  expect(await check(args, { config: settings({ nextSecret: retired }) })).toEqual({ state: 'absent' })
  await expect(check(args, { config: settings({ secret: retired }) })).rejects.toMatchObject({ code: 'auth' })
})

describe('what an answer means', () => {
  const cases: [status: number, body: unknown, give: string, look: string][] = [
    [400, {}, 'unknown_outcome', 'retryable'],
    [401, {}, 'auth', 'auth'],
    [403, {}, 'auth', 'auth'],
    [404, { error: 'principal_missing' }, 'principal_missing', 'principal_missing'],
    [404, { error: 'entitlement_missing' }, 'entitlement_missing', 'entitlement_missing'],
    [404, {}, 'unknown_outcome', 'retryable'],
    [404, '<html>', 'unknown_outcome', 'retryable'],
    [408, {}, 'retryable', 'retryable'],
    [409, {}, 'retryable', 'retryable'],
    [410, {}, 'misconfigured', 'misconfigured'],
    [418, {}, 'unknown_outcome', 'retryable'],
    [422, { error: 'rejected', message: 'Not on Fridays.' }, 'rejected', 'rejected'],
    [422, {}, 'unknown_outcome', 'retryable'],
    [429, {}, 'rate_limited', 'rate_limited'],
    [500, {}, 'retryable', 'retryable'],
    [503, {}, 'retryable', 'retryable'],
    [200, {}, 'unknown_outcome', 'retryable'],
    [200, 'not json', 'unknown_outcome', 'retryable'],
    [200, { state: 'perhaps' }, 'unknown_outcome', 'retryable'],
    [202, {}, 'unknown_outcome', 'retryable'],
    [201, { state: 'done', changed: true }, 'unknown_outcome', 'retryable'],
    [302, {}, 'unknown_outcome', 'retryable'],
  ]
  test.each(cases)('%i %j: a give is %s, a look is %s', async (status, body, give, look) => {
    const args = pair()
    const headers = status === 302 ? { location: target.url } : undefined
    target.fault({ kind: 'status', status, body, headers, times: 2 })
    await expect(grant(args)).rejects.toMatchObject({ code: give })
    await expect(check(args)).rejects.toMatchObject({ code: look })
    expect(target.calls).toHaveLength(2)
  })

  test('410 says that it is for good', async () => {
    target.fault({ kind: 'status', status: 410 })
    await expect(grant(pair())).rejects.toMatchObject({ disabled: true })
  })

  test('a refusal’s message is shown, as one short line', async () => {
    const message = `Not on\nFridays.\u0000${'x'.repeat(1000)}`
    target.fault({ kind: 'status', status: 422, body: { error: 'rejected', message } })
    const error = await grant(pair()).catch((caught: Error) => caught)
    expect((error as Error).message).toMatch(/^Not on Fridays\. x{280,}…$/)
  })

  test.each([
    ['2', 2000],
    ['0', 1000],
    ['-5', 1000],
    ['86400', 900_000],
    ['soon', 30_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1000],
    [undefined, 30_000],
  ])('429 with Retry-After %s waits %i ms', async (value, retryAfterMs) => {
    target.fault({
      kind: 'status',
      status: 429,
      headers: value === undefined ? {} : { 'retry-after': value },
    })
    await expect(grant(pair())).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs })
  })

  test('429 with a date waits until then', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    target.fault({ kind: 'status', status: 429, headers: { 'retry-after': date } })
    const error = await grant(pair()).catch((caught: { retryAfterMs: number }) => caught)
    expect(error).toMatchObject({ code: 'rate_limited' })
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000)
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  test('a reset before the effect is as unknown as one after it', async () => {
    const args = pair()
    target.fault({ kind: 'reset', at: 'before' })
    await expect(grant(args)).rejects.toMatchObject({ code: 'unknown_outcome' })
    expect(target.state.effects).toEqual([])
    expect(await check(args)).toEqual({ state: 'absent' })
  })

  test('rubbish after the effect is unknown, and the next look tells', async () => {
    const args = pair()
    target.fault({ kind: 'rubbish', at: 'after' })
    await expect(grant(args)).rejects.toMatchObject({ code: 'unknown_outcome' })
    expect(await check(args)).toEqual({ state: 'direct' })
  })

  test('an answer without an end is cut off', async () => {
    target.fault({ kind: 'rubbish', text: JSON.stringify({ pad: 'x'.repeat(1_100_000) }) })
    const error = await grant(pair()).catch((caught: Error) => caught)
    expect(error).toMatchObject({ code: 'unknown_outcome' })
    expect((error as Error).message).toContain('1024 KB')
  })
})

test('a change that takes its time is followed to its end', async () => {
  const args = pair()
  target.fault({ kind: 'pending', polls: 1, on: 'grant.provision' })
  const first = await grant(args)
  expect(first).toMatchObject({ state: 'pending', pollAfterMs: 1000 })
  const token = first.state === 'pending' ? first.token : ''
  const poll = () => call((ctx) => connector.poll!(ctx, { token, grantId: 'g1' }), 'look')
  expect(await poll()).toMatchObject({ state: 'pending', token })
  target.fault({ kind: 'rubbish' })
  await expect(poll()).rejects.toMatchObject({ code: 'retryable' })
  expect(await check(args)).toEqual({ state: 'absent' })
  expect(await poll()).toMatchObject({ state: 'done', changed: true })
  expect(await check(args)).toEqual({ state: 'direct' })
})

test('accounts that are switched off are nobody’s', async () => {
  target.state.addAccount({ email: 'ben@example.com', name: 'Ben', active: false })
  const person = { email: 'ben@example.com', name: 'Ben' }
  const found = await call((ctx) => connector.resolveAccount(ctx, { person }), 'look')
  expect(found).toEqual({ kind: 'missing' })
})

test('a target that cannot write fails its test by name', async () => {
  target.state.ping = { ok: true, canWrite: false }
  const report = await call((ctx) => connector.testConnection(ctx), 'look')
  expect(report.ok).toBe(false)
  expect(report.checks.filter((each) => !each.ok).map((each) => each.name)).toEqual(['May change access'])
})

test('sessions are ended and counted', async () => {
  const args = pair()
  target.state.sessions.set(args.account.id, 3)
  const end = () => call((ctx) => connector.endSessions!(ctx, args), 'change')
  expect(await end()).toEqual({ ended: 3 })
  expect(await end()).toEqual({ ended: 0 })
})

test('http is for loopback, and only where that is allowed', async () => {
  const strict = createEgress([])
  const named = createEgress(['10.0.0.0/8'])
  await expect(check(pair(), { door: strict })).rejects.toMatchObject({ code: 'misconfigured' })
  await expect(
    check(pair(), { door: named, config: settings({ url: 'http://10.0.0.1/hook' }) }),
  ).rejects.toMatchObject({ code: 'misconfigured', message: expect.stringContaining('https') })
  expect(target.calls).toEqual([])
  await Promise.all([strict.close(), named.close()])
})

test('a redirect is not followed', async () => {
  const trap = createServer((_, response) => response.writeHead(307, { location: target.url }).end())
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`
  await expect(grant(pair(), { config: settings({ url }) })).rejects.toMatchObject({
    code: 'unknown_outcome',
    message: expect.stringContaining('redirect'),
  })
  expect(target.calls).toEqual([])
  trap.closeAllConnections()
  await new Promise((resolve) => trap.close(resolve))
})

test('settings that cannot work are refused at the field', () => {
  const wrong = connector.configSchema.safeParse({
    url: 'ftp://user:pass@example.com/#x',
    secret: 'whsec_short',
    effectDelaySeconds: 'soon',
  })
  const fields = wrong.error?.issues.map((issue) => issue.path.join('.'))
  expect(fields).toEqual(['url', 'secret', 'effectDelaySeconds'])
})
