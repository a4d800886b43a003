import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createEgress } from '@/lib/egress'
import { callConnector } from './call'
import { type AnyConnector, ConnectorError } from './contract'
import { configFields, connectors, getConnector, joinConfig, pointsElsewhere, splitConfig } from './registry'
import { clampPause, parseRetryAfter } from './retry-after'

const postgres = getConnector('postgres')
const values = {
  host: 'db.example.com',
  port: '6432',
  database: 'warehouse',
  user: 'leasehold',
  password: 'pa ss/wörd',
  caCertificate: '',
}

test('every entry is filed under its own id', () => {
  for (const [id, connector] of Object.entries(connectors)) expect(connector.id).toBe(id)
  for (const id of ['nope', 'toString', '__proto__']) {
    expect(() => getConnector(id)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
  }
})

test('every field has a label, every secret is text, and what a field depends on can be chosen', () => {
  for (const connector of Object.values(connectors) as AnyConnector[]) {
    const fields = configFields(connector)
    for (const field of fields) {
      expect(field.label).not.toBe(field.name)
      if (field.secret) expect(field).toMatchObject({ target: false })
      if (field.secret) expect(['text', 'multiline']).toContain(field.kind)
      if (!field.when) continue
      const other = fields.find((one) => one.name === field.when?.field)
      const values = other?.kind === 'switch' ? ['true', 'false'] : (other?.options ?? [])
      expect(values, `${connector.id}.${field.name}`).toEqual(expect.arrayContaining(field.when.is))
      expect(field.required, `${connector.id}.${field.name} is judged by the schema as a whole`).toBe(false)
    }
  }
})

test('fields are read from the schema', () => {
  const fields = configFields(postgres)
  const named = (name: string) => fields.find((field) => field.name === name)
  expect(named('host')).toMatchObject({ kind: 'text', required: true, target: true, secret: false })
  expect(named('port')).toMatchObject({ kind: 'number', required: false, default: 5432 })
  expect(named('password')).toMatchObject({ kind: 'text', required: true, secret: true })
  expect(named('sslmode')).toMatchObject({
    kind: 'choice',
    options: ['verify-full', 'require', 'disable'],
    default: 'verify-full',
  })
  expect(named('caCertificate')).toMatchObject({ kind: 'multiline', required: false })
  expect(configFields(getConnector('webhook')).find((field) => field.name === 'endsSessions')?.kind).toBe(
    'switch',
  )
})

test('a field says what it depends on and where it stands', () => {
  const configSchema = z.object({
    auth: z.enum(['token', 'oauth']).default('token').meta({ label: 'Sign in with', group: 'Credential' }),
    token: z
      .string()
      .optional()
      .meta({ label: 'Token', secret: true, when: { field: 'auth', is: ['token'], required: true } }),
  })
  expect(configFields({ configSchema })).toEqual([
    expect.objectContaining({ name: 'auth', group: 'Credential', default: 'token' }),
    expect.objectContaining({ name: 'token', when: { field: 'auth', is: ['token'], required: true } }),
  ])
})

test('settings are parted and put together again', () => {
  const split = splitConfig(postgres, values)
  expect(split.secrets).toEqual({ password: 'pa ss/wörd' })
  expect(inspect(split.config)).not.toContain('pa ss')
  expect(split.config).toMatchObject({ host: 'db.example.com', port: 6432, sslmode: 'verify-full' })
  expect(joinConfig(postgres, split.config, split.secrets)).toEqual({ ...split.config, ...split.secrets })
  expect(() => joinConfig(postgres, { ...split.config, port: 0 }, {})).toThrow(
    expect.objectContaining({ code: 'misconfigured', message: expect.stringMatching(/port, password/) }),
  )
})

test('a name the server would cut off is refused at the field', () => {
  const wrong = postgres.configSchema.safeParse({ ...values, user: 'é'.repeat(32), host: 'a b' })
  expect(wrong.error?.issues.map((issue) => issue.path[0])).toEqual(['host', 'user'])
})

test('another host is another system, another password is not; an operator cannot take what another gave', () => {
  const before = splitConfig(postgres, values).config
  expect(pointsElsewhere(postgres, before, { ...before, user: 'other' })).toBe(true)
  expect(pointsElsewhere(postgres, before, { ...before, sslmode: 'require' })).toBe(false)
  expect(pointsElsewhere(postgres, before, { ...before, host: 'other.example.com' })).toBe(true)
})

test('a field left empty points nowhere else than one that is not there', () => {
  const jumpcloud = getConnector('jumpcloud')
  const before = { region: 'EU' }
  expect(pointsElsewhere(jumpcloud, before, { region: 'EU', organisationId: '', apiAddress: '' })).toBe(false)
  expect(pointsElsewhere(jumpcloud, before, { region: 'EU', organisationId: 'abc' })).toBe(true)
})

test('secrets are masked in every form, in messages and in logs', async () => {
  const egress = createEgress([])
  const config = joinConfig(postgres, splitConfig(postgres, values).config, { password: values.password })
  const secret = values.password
  const forms = [
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    'pa+ss%2Fw%C3%B6rd',
  ]
  const logged: string[] = []
  const run = (error: Error, effect: 'change' | 'look') =>
    callConnector(
      async (ctx) => {
        ctx.log(`trying ${secret}`, { deep: [{ secret }], error })
        throw error
      },
      {
        connector: postgres,
        config,
        operationId: 'o1',
        effect,
        egress,
        now: () => new Date(),
        log: (message, fields) => logged.push(message + inspect(fields, { depth: 9 })),
      },
    ).catch((caught: unknown) => caught)

  const told = await run(
    new ConnectorError('rejected', `no: ${forms.join(' | ')}`, { cause: new Error(secret) }),
    'change',
  )
  expect(told).toMatchObject({ code: 'rejected', message: `no: ${forms.map(() => '•••').join(' | ')}` })
  const unexpected = await run(new TypeError(forms.join(' ')), 'change')
  expect(unexpected).toMatchObject({ code: 'unknown_outcome' })
  expect(await run(new TypeError('x'), 'look')).toMatchObject({ code: 'retryable' })
  const all = inspect([told, unexpected], { depth: 9, showHidden: true }) + logged.join()
  for (const form of forms) expect(all.toLowerCase()).not.toContain(form.toLowerCase())
  await egress.close()
})

test('pauses come in every spelling and stay between 1 s and 15 min', () => {
  const now = new Date('2026-11-12T10:00:00Z')
  expect(parseRetryAfter('120', now)).toBe(120_000)
  expect(parseRetryAfter('1.5', now)).toBe(1500)
  expect(parseRetryAfter(String(now.getTime() / 1000 + 60), now)).toBe(60_000)
  expect(parseRetryAfter(String(now.getTime() + 60_000), now)).toBe(60_000)
  expect(parseRetryAfter('Thu, 12 Nov 2026 10:02:00 GMT', now)).toBe(120_000)
  expect(parseRetryAfter('2026-11-12T10:00:30Z', now)).toBe(30_000)
  expect(parseRetryAfter('Thu, 12 Nov 2026 09:00:00 GMT', now)).toBe(1000)
  expect(parseRetryAfter('99999', now)).toBe(900_000)
  for (const rubbish of [null, '', 'soon', '1e3', '12 monkeys'])
    expect(parseRetryAfter(rubbish, now)).toBe(30_000)
  expect(clampPause(Number.POSITIVE_INFINITY)).toBe(900_000)
})
