import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Driver, startDriver } from './testing/driver'
import { byMethod, type Host, host } from './testing/host'
import { canonical, isSigned, sign } from './testing/protocol'
import { testKeys } from './testing/stage'

let driver: Driver
let app: Host
let door: string

async function open(): Promise<void> {
  vi.resetModules()
  app = await host(byMethod(await import('@/app/api/inngest/route')))
  door = `${app.url}/api/inngest`
}

const call = (method: string, body: string | undefined, headers: Record<string, string> = {}, query = '') =>
  fetch(`${door}${query}`, { method, body, headers })

const turn = canonical({
  event: { id: 'e', name: 'inngest/scheduled.timer', data: {}, ts: 0 },
  events: [],
  steps: {},
  ctx: { run_id: 'r', attempt: 0, stack: { stack: [], current: 0 } },
  version: 2,
})
const toSweep = '?fnId=leasehold-sweep-v1&stepId=step'
const signed = (body: string, key = testKeys.signingKey, at = Date.now()) => ({
  'x-inngest-signature': sign(body, key, at),
})

describe('the job engine’s door', () => {
  beforeAll(async () => {
    driver = await startDriver(testKeys)
    vi.stubEnv('INNGEST_SIGNING_KEY', testKeys.signingKey)
    vi.stubEnv('INNGEST_EVENT_KEY', testKeys.eventKey)
    vi.stubEnv('INNGEST_BASE_URL', driver.url)
    await open()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await app.close()
    await driver.close()
  })

  it.each([
    ['without a signature', () => ({})],
    ['signed with another key', () => signed(turn, `signkey-test-${'beef'.repeat(16)}`)],
    ['signed for another body', () => signed(canonical({ event: {} }))],
    ['signed ten minutes ago', () => signed(turn, testKeys.signingKey, Date.now() - 600_000)],
    ['with rubbish for a signature', () => ({ 'x-inngest-signature': 'let me in' })],
  ])('refuses to do a step %s', async (_, headers) => {
    const answer = await call('POST', turn, headers(), toSweep)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ message: 'Unauthorized' })
    expect(answer.headers.get('x-inngest-signature')).toBeNull()
  })

  it('refuses a POST that is no JSON, and one that is empty', async () => {
    expect((await call('POST', '{"event":', {}, toSweep)).status).toBe(400)
    expect((await call('POST', '', {}, toSweep)).status).toBe(401)
  })

  it('names a function that it does not have', async () => {
    const answer = await call('POST', turn, signed(turn), '?fnId=leasehold-nothing&stepId=step')
    expect(answer.status).toBe(500)
    expect(await answer.text()).toContain('was not found in this app')
  })

  it('registers nothing for a stranger, in-band or out', async () => {
    const body = canonical({ url: door })
    expect((await call('PUT', undefined)).status).toBe(401)
    expect((await call('PUT', body, { 'x-inngest-sync-kind': 'in_band' })).status).toBe(401)
    const forged = signed(body, `signkey-test-${'beef'.repeat(16)}`)
    expect((await call('PUT', body, { 'x-inngest-sync-kind': 'in_band', ...forged })).status).toBe(401)
    expect(driver.strays).toEqual([])
  })

  it('gives its functions to who has the key, and signs what it says', async () => {
    const body = canonical({ url: door })
    const answer = await call('PUT', body, { 'x-inngest-sync-kind': 'in_band', ...signed(body) })
    const text = await answer.text()
    expect(answer.status).toBe(200)
    expect(isSigned(text, answer.headers.get('x-inngest-signature'), testKeys.signingKey)).toBe(true)
    expect(JSON.parse(text).functions).toHaveLength(3)
  })

  it('tells nothing on GET without the key, and changes nothing with it', async () => {
    expect((await call('GET', undefined)).status).toBe(401)
    const answer = await call('GET', undefined, signed(''))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ function_count: 3, mode: 'cloud' })
    expect(driver.strays).toEqual([])
    expect(driver.received).toEqual([])
  })

  it.each(['DELETE', 'PATCH', 'OPTIONS'])('has no %s', async (method) => {
    expect((await call(method, undefined)).status).toBe(405)
  })
})

describe('without a job engine', () => {
  afterEach(async () => {
    vi.unstubAllEnvs()
    await app.close()
  })

  it.each(['', '0', 'false'])('has no door at all (INNGEST_DEV=%s)', async (value) => {
    vi.stubEnv('INNGEST_DEV', value)
    await open()
    for (const method of ['GET', 'POST', 'PUT'])
      expect((await call(method, method === 'GET' ? undefined : '{}')).status).toBe(404)
  })
})
