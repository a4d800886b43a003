import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EnvError, envNames, parseEnv } from './env'

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64')
const production = {
  APP_URL: 'https://leasehold.example.com',
  DATABASE_URL: 'postgres://leasehold:secret@db:5432/leasehold',
  AUTH_SECRET: 'a'.repeat(32),
  LEASEHOLD_SECRET_KEYS: `k1:${key(1)}`,
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key(2),
  MAIL_FROM: 'Leasehold <leasehold@example.com>',
  SMTP_URL: 'smtps://user:password@mail.example.com:465',
}

const provider = (prefix: string, issuer: string) => ({
  [`${prefix}_ISSUER`]: issuer,
  [`${prefix}_CLIENT_ID`]: 'leasehold',
  [`${prefix}_CLIENT_SECRET`]: 'secret',
  [`${prefix}_NAME`]: prefix,
})

function problems(changes: Record<string, string | undefined>): string[] {
  try {
    parseEnv({ ...production, ...changes })
    return []
  } catch (error) {
    if (error instanceof EnvError) return error.problems
    throw error
  }
}

describe('a complete production environment', () => {
  test('is accepted, with defaults filled in', () => {
    expect(parseEnv(production)).toMatchObject({
      LEASEHOLD_MODE: 'production',
      LEASEHOLD_LOOP: 'auto',
      LOG_LEVEL: 'info',
      ADMIN_EMAILS: [],
      EGRESS_ALLOW: [],
    })
  })

  test('reads lists, and empty values as not set', () => {
    const env = parseEnv({
      ...production,
      APP_URL: 'https://leasehold.example.com/',
      ADMIN_EMAILS: 'Ines@halden.example, ben@halden.example,',
      EGRESS_ALLOW: 'loopback,10.0.0.0/8,db.internal',
      OIDC_ISSUER: '  ',
    })
    expect(env.APP_URL).toBe('https://leasehold.example.com')
    expect(env.ADMIN_EMAILS).toEqual(['ines@halden.example', 'ben@halden.example'])
    expect(env.EGRESS_ALLOW).toEqual(['loopback', '10.0.0.0/8', 'db.internal'])
    expect(env.OIDC_ISSUER).toBeUndefined()
  })

  test('may name several keys for secrets', () => {
    expect(problems({ LEASEHOLD_SECRET_KEYS: `k2:${key(2)},k1:${key(1)}` })).toEqual([])
  })
})

test('what Kubernetes adds beside a Service called leasehold is no misspelled setting', () => {
  const added = {
    LEASEHOLD_SERVICE_HOST: '10.0.0.7',
    LEASEHOLD_SERVICE_PORT: '3000',
    LEASEHOLD_SERVICE_PORT_HTTP: '3000',
    LEASEHOLD_PORT: 'tcp://10.0.0.7:3000',
    LEASEHOLD_PORT_3000_TCP_ADDR: '10.0.0.7',
    LEASEHOLD_DB_SERVICE_HOST: '10.0.0.8',
  }
  expect(problems(added)).toEqual([])
})

test('says how many proxies to believe, as a number', () => {
  expect(parseEnv({ ...production, TRUSTED_PROXIES: '2' }).TRUSTED_PROXIES).toBe(2)
  expect(problems({ TRUSTED_PROXIES: 'all' })).toEqual([
    'TRUSTED_PROXIES must be a number of proxies from 0 to 9.',
  ])
})

test.each<[string, Record<string, string | undefined>, string]>([
  ['an unknown mode', { LEASEHOLD_MODE: 'prod' }, 'LEASEHOLD_MODE must be production, demo or test.'],
  ['a misspelled name', { LEASEHOLD_LOOPS: 'on' }, 'LEASEHOLD_LOOPS is not a setting of Leasehold.'],
  [
    'no database',
    { DATABASE_URL: undefined },
    'DATABASE_URL is not set (the address of a PostgreSQL database).',
  ],
  ['another database', { DATABASE_URL: 'mysql://db/x' }, 'DATABASE_URL must look like postgres://'],
  [
    'an address with a path',
    { APP_URL: 'https://example.com/app' },
    'APP_URL must be an address without a path',
  ],
  ['plain http', { APP_URL: 'http://leasehold.example.com' }, 'APP_URL must use https in production.'],
  ['a short secret', { AUTH_SECRET: 'short' }, 'AUTH_SECRET must have at least 32 characters'],
  ['a short key', { LEASEHOLD_SECRET_KEYS: 'k1:c2hvcnQ=' }, 'The key "k1" must be 32 bytes'],
  [
    'a key without id',
    { LEASEHOLD_SECRET_KEYS: key(1) },
    'LEASEHOLD_SECRET_KEYS cannot be used: Key 1 needs the form',
  ],
  [
    'two keys of one id',
    { LEASEHOLD_SECRET_KEYS: `k1:${key(1)},k1:${key(2)}` },
    'The key id "k1" is given twice',
  ],
  ['an admin who is no address', { ADMIN_EMAILS: 'ines' }, 'ADMIN_EMAILS must be e-mail addresses'],
  [
    'half of a sign-in',
    { OIDC_ISSUER: 'https://id.example.com' },
    'needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET',
  ],
  [
    'a second sign-in without a name',
    { OIDC_2_ISSUER: 'https://id.example.com', OIDC_2_CLIENT_ID: 'a', OIDC_2_CLIENT_SECRET: 'b' },
    'Single sign-on needs OIDC_2_NAME as well',
  ],
  [
    'one identity provider twice',
    {
      ...provider('OIDC', 'https://id.example.com'),
      ...provider('OIDC_3', 'https://ID.example.com/'),
    },
    'OIDC_ISSUER and OIDC_3_ISSUER are the same identity provider',
  ],
  [
    'a second sign-in over plain http',
    provider('OIDC_2', 'http://id.example.com'),
    'OIDC_2_ISSUER must use https',
  ],
  [
    'a webhook’s secret without its service',
    { RESEND_WEBHOOK_SECRET: `whsec_${key(3)}` },
    'RESEND_WEBHOOK_SECRET is set but RESEND_API_KEY is not',
  ],
  [
    'a webhook’s secret that is none',
    { SMTP_URL: undefined, RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: 'whsec_short' },
    'RESEND_WEBHOOK_SECRET must be the signing secret',
  ],
  ['no way for mails', { SMTP_URL: undefined }, 'Set RESEND_API_KEY or SMTP_URL'],
  ['two ways for mails', { RESEND_API_KEY: 're_1' }, 'RESEND_API_KEY and SMTP_URL are both set'],
  ['no sender', { MAIL_FROM: undefined }, 'MAIL_FROM is not set'],
  [
    'a sender with a line break',
    { MAIL_FROM: 'a@b.example\nBcc: c@d.example' },
    'MAIL_FROM must be an address',
  ],
  [
    'no action key',
    { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: undefined },
    'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is not set',
  ],
  ['Inngest in dev mode', { INNGEST_DEV: '1' }, 'INNGEST_DEV turns signatures off'],
  ['Inngest unsigned', { INNGEST_EVENT_KEY: 'e' }, 'INNGEST_SIGNING_KEY is missing'],
  [
    'Inngest without events',
    { INNGEST_SIGNING_KEY: 's' },
    'INNGEST_SIGNING_KEY is set but INNGEST_EVENT_KEY is not',
  ],
  ['faults', { FAULTPOINT: 'give:before:kill' }, 'FAULTPOINT makes the server fail on purpose'],
  ['rubbish in the egress list', { EGRESS_ALLOW: 'http://x/' }, 'EGRESS_ALLOW must be host names'],
])('production refuses %s', (_, changes, sentence) => {
  const found = problems(changes)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(sentence)
})

test('all mistakes are told together', () => {
  expect(problems({ AUTH_SECRET: undefined, SMTP_URL: undefined, LOG_LEVEL: 'loud' })).toHaveLength(3)
})

test('no message repeats a value that may be secret', () => {
  const told = problems({
    AUTH_SECRET: 'hunter2',
    LEASEHOLD_SECRET_KEYS: 'k1:hunter2',
    DATABASE_URL: 'hunter2',
  })
  expect(told).toHaveLength(3)
  expect(told.join()).not.toContain('hunter2')
})

test('the demo needs neither mail nor https, and may fail on purpose', () => {
  const relaxed = {
    LEASEHOLD_MODE: 'demo',
    APP_URL: 'http://localhost:3000',
    SMTP_URL: undefined,
    MAIL_FROM: undefined,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: undefined,
    FAULTPOINT: 'give:before:kill',
    INNGEST_DEV: '1',
  }
  expect(problems(relaxed)).toEqual([])
})

test('.env.example explains exactly the settings there are, in the same order', () => {
  const example = readFileSync(`${import.meta.dirname}/../.env.example`, 'utf8')
  const explained = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1])
  expect(explained).toEqual(envNames)
})
