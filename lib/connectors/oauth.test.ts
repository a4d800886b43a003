import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import type { HttpContext } from './http'
import { accessToken, type ClientCredentials, refusedToken } from './oauth'
import { startTokenEndpoint, type TokenEndpoint } from './testing/token-endpoint'

let target: TokenEndpoint
const egress = createEgress(['loopback'])
let asked = 0
let now = new Date()
const ctx: HttpContext = {
  fetch: (input, init) => {
    asked += 1
    return egress.fetch(input, init)
  },
  signal: new AbortController().signal,
  now: () => now,
  log: () => {},
}

beforeAll(async () => {
  target = await startTokenEndpoint()
})
afterAll(async () => {
  await target.close()
  await egress.close()
})

const by = (clientId: string, auth: ClientCredentials['auth']): ClientCredentials => ({
  tokenUrl: target.tokenUrl,
  clientId,
  scope: 'groups.manage',
  auth,
})

test('a secret works in the body and as HTTP Basic, odd characters and all', async () => {
  const body = await accessToken(ctx, by('body', { kind: 'secret', secret: target.secret }))
  expect(await target.knows(body.value)).toBe(true)
  expect(await target.knows('rubbish')).toBe(false)
  const basic = await accessToken(ctx, by('basic', { kind: 'secret', secret: target.secret, as: 'basic' }))
  expect(basic.value).not.toBe(body.value)
})

test('a token is kept until it ends, and asked for anew once it was refused', async () => {
  const credentials = by('body', { kind: 'secret', secret: target.secret })
  const first = await accessToken(ctx, credentials)
  const before = asked
  expect(await accessToken(ctx, credentials)).toEqual({ ...first, cached: true })
  expect(first.scope).toBe('groups.manage')
  expect(asked).toBe(before)
  expect(refusedToken('api', credentials, { ...first, cached: true }).code).toBe('retryable')
  const second = await accessToken(ctx, credentials)
  expect(second).toMatchObject({ cached: false })
  expect(second.value).not.toBe(first.value)
  expect(refusedToken('api', credentials, second).code).toBe('auth')
  await accessToken(ctx, credentials)
  now = new Date(now.getTime() + 24 * 3_600_000)
  expect((await accessToken(ctx, credentials)).cached).toBe(false)
  now = new Date()
})

test('a signed assertion works, with the right key only', async () => {
  const token = await accessToken(ctx, by('key', { kind: 'key', privateKey: target.privateKey, keyId: 'k1' }))
  expect(await target.knows(token.value)).toBe(true)
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const wrong = other.export({ type: 'pkcs8', format: 'pem' }).toString()
  await expect(
    accessToken(ctx, by('key', { kind: 'key', privateKey: wrong, keyId: 'k1' })),
  ).rejects.toMatchObject({ code: 'auth' })
  await expect(accessToken(ctx, by('key', { kind: 'key', privateKey: 'no key' }))).rejects.toMatchObject({
    code: 'misconfigured',
  })
})

test('a wrong secret is auth, and is not repeated in what is said', async () => {
  const error = await accessToken(ctx, by('body', { kind: 'secret', secret: 'wr0ng' })).catch((e) => e)
  expect(error).toMatchObject({ code: 'auth', message: expect.stringContaining('invalid_client') })
  expect(error.message).not.toContain('wr0ng')
})
