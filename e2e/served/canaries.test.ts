import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startMailCapture } from '../../scripts/e2e/mail-capture.mjs'
import { loopbackPort } from '../../scripts/lib/ports.mjs'
import { doors } from './doors'
import { type Kind, type Somebody, signedInPeople } from './people'
import { createPlace, type Place } from './place'
import { actionDoors, knock, knockForPayload, sendAction } from './replay'
import { type Served, serve } from './server'

/** A value that is nowhere but where somebody put it. */
const canary = (name: string) => `${name}-canary-${randomBytes(12).toString('hex')}`

const secrets = {
  cron: canary('cron'),
  oidc: canary('oidc'),
  auth: canary('auth-secret-of-at-least-thirty-two'),
  smtp: canary('smtp'),
  inngest: canary('inngest'),
  inngestSigning: `signkey-test-${randomBytes(32).toString('hex')}`,
  /** Typed into a form, and kept sealed. */
  connection: `whsec_${Buffer.from(canary('hook')).toString('base64')}`,
  /** The same, for a system that the audit log is sent to. */
  receiver: `whsec_${Buffer.from(canary('siem')).toString('base64')}`,
  /** Typed into a form that refuses it. */
  refused: `whsec_${Buffer.from(canary('lost')).toString('base64')}`,
}
const sealingKey = randomBytes(32).toString('base64')

let served: Served
let people: Record<Kind, Somebody>
let place: Place
/** Of a provisioning client; shown once, in the answer of the form that made it. */
let scimToken = ''
let mails: { to: string[]; html: string; text: string; subject: string }[]
const closers: (() => unknown)[] = []
/** What left the product, by where. */
const seen = new Map<string, string>()

/** The values as they are, and as they look inside of something else. */
function formsOf(values: Iterable<string>): string[] {
  return [...values].flatMap((value) => {
    const bytes = Buffer.from(value)
    return [
      value,
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('hex'),
      encodeURIComponent(value),
    ]
  })
}

/** Where any of these shows, by the place. */
function showing(values: Iterable<string>, where: (place: string) => boolean = () => true): string[] {
  const forms = [...new Set(formsOf(values))]
  return [...seen]
    .filter(([name, text]) => where(name) && forms.some((form) => text.includes(form)))
    .map(([name]) => name)
}

const action = (name: string) => {
  const door = actionDoors().find((one) => one.name === name)
  if (!door) throw new Error(`there is no action ${name}`)
  return { ...door, path: door.page.replaceAll(/\[[^\]]+\]/g, '01a20ad9-cb9b-7478-abea-000000000000') }
}

beforeAll(async () => {
  const [smtpPort, httpPort] = [await loopbackPort(0), await loopbackPort(0)]
  closers.push(await startMailCapture({ smtpPort, httpPort }))
  served = await serve('canaries', {
    LOG_LEVEL: 'trace',
    CRON_SECRET: secrets.cron,
    AUTH_SECRET: secrets.auth,
    LEASEHOLD_SECRET_KEYS: `${process.env.LEASEHOLD_SECRET_KEYS},spare:${sealingKey}`,
    MAIL_FROM: 'Leasehold <leasehold@halden.example>',
    SMTP_URL: `smtp://leasehold:${secrets.smtp}@127.0.0.1:${smtpPort}`,
    // Nobody listens there: what is said of a failure is looked at too.
    INNGEST_BASE_URL: 'http://127.0.0.1:9',
    INNGEST_EVENT_KEY: secrets.inngest,
    INNGEST_SIGNING_KEY: secrets.inngestSigning,
    OIDC_ISSUER: 'http://127.0.0.1:9/issuer',
    OIDC_CLIENT_ID: 'leasehold',
    OIDC_CLIENT_SECRET: secrets.oidc,
  })
  people = await signedInPeople(served.world, 'leasehold.session')
  const { requester, holder, approver, owner } = people
  place = await createPlace(served.world, served.target, { requester, holder, approver, owner })

  // A secret is replaced, once as it should be and twice with an input that comes back.
  const replace = action('settings/access-management/applications#replaceSecret')
  const typed = { applicationId: place.application, version: '1' }
  served.target.acceptSecret(secrets.connection)
  seen.set(
    'a form that was refused',
    await raw(replace, { ...typed, version: '99', 'secrets.secret': secrets.refused }),
  )
  seen.set(
    'a form that was not understood',
    await raw(replace, { ...typed, applicationId: 'none', 'secrets.secret': secrets.refused }),
  )
  seen.set(
    'a form with a field too many',
    await raw(replace, { ...typed, '!': 'x', 'secrets.secret': secrets.refused }),
  )
  seen.set('the form that was taken', await raw(replace, { ...typed, 'secrets.secret': secrets.connection }))
  // The target is asked, answers, and then answers with what it was sent.
  const test = action('settings/access-management/applications#test')
  seen.set('a test that passed', await raw(test, { applicationId: place.application }))
  served.target.fault({
    kind: 'status',
    status: 500,
    body: { error: `bad key ${secrets.connection}` },
    times: 20,
  })
  seen.set('a test that failed', await raw(test, { applicationId: place.application }))
  served.target.clear()
  // A token is made, shown once, and used; the log is sent to a system that knows the secret.
  const connected = await raw(action('settings/directory#connect'), { name: 'Okta' })
  scimToken = /lhscim_[\w-]+/.exec(connected)?.[0] ?? ''
  const bearer = { authorization: `Bearer ${scimToken}` }
  for (const path of ['Users', `Users/${people.member.id}`, 'Groups', 'Users?filter=nonsense'])
    seen.set(
      `what a client is told at ${path}`,
      (await knock(served, `/api/scim/v2/${path}`, people.anonymous, { headers: bearer })).text,
    )
  const receiver = { url: `${served.target.url}/audit`, format: 'jsonl', from: 'start' }
  const add = action('settings/audit/delivery#add')
  seen.set('a receiver that was refused', await raw(add, { ...receiver, url: 'x', secret: secrets.refused }))
  seen.set('the receiver that was added', await raw(add, { ...receiver, secret: secrets.receiver }))
  // Mails with links are sent: a request to decide on, and a link to sign in with.
  const ask = action('catalogue/[entitlement]/request#ask')
  const asked = { entitlementId: place.entitlement, seconds: '21600', reason: 'Month end', zone: 'UTC' }
  expect((await sendAction(served, ask, asked, people.member)).letter).toBe('+')
  expect(
    (await sendAction(served, action('sign-in#sendLink'), { email: people.member.email }, people.anonymous))
      .letter,
  ).toBe('+')
  seen.set(
    'an address at the provider',
    await raw(action('sign-in#withProvider'), { next: '/' }, people.anonymous),
  )
  const swept = await knock(served, '/api/cron/sweep', people.anonymous, {
    headers: { authorization: `Bearer ${secrets.cron}` },
  })
  seen.set('the sweep', swept.text)
  mails = await (await fetch(`http://127.0.0.1:${httpPort}/`)).json()
  for (const [i, mail] of mails.entries()) seen.set(`mail ${i}: ${mail.subject}`, JSON.stringify(mail))

  for (const [name, { send }] of Object.entries(doors)) {
    const what = send(place)
    if (typeof what !== 'string') continue
    for (const kind of ['admin', 'owner', 'holder', 'anonymous'] as const) {
      seen.set(`${name} as ${kind}`, (await knock(served, what, people[kind])).text)
      if (/^(GET|POST|PUT) /.test(name)) continue
      seen.set(`the payload of ${name} as ${kind}`, (await knockForPayload(served, what, people[kind])).text)
    }
  }
  for (const section of ['overview', 'accounts', 'entitlements', 'findings', 'connection'])
    seen.set(
      `the application’s ${section}`,
      (
        await knock(
          served,
          `/settings/access-management/applications/${place.application}?section=${section}`,
          people.admin,
        )
      ).text,
    )
  for (const format of ['csv', 'jsonl'])
    seen.set(
      `the export as ${format}`,
      (await knock(served, `/settings/access-management/grants/export?format=${format}`, people.admin)).text,
    )
  for (const format of ['csv', 'jsonl', 'ocsf'])
    seen.set(
      `the log as ${format}`,
      (await knock(served, `/settings/audit/export?format=${format}`, people.admin)).text,
    )
  await dump()
  seen.set('the log', readFileSync(served.logFile, 'utf8'))
}, 180_000)

afterAll(async () => {
  await served?.close()
  for (const close of closers) await close()
})

async function raw(
  door: { id: string; path: string },
  form: Record<string, string>,
  who = people.admin,
): Promise<string> {
  const body = new FormData()
  for (const [field, value] of Object.entries(form)) body.append(`_1_${field}`, value)
  body.append('0', '[{"status":"idle"},"$K1"]')
  const headers = { 'next-action': door.id, origin: served.origin }
  const { response, text } = await knock(served, door.path, who, { method: 'POST', headers, body })
  return `${text}\n${JSON.stringify([...response.headers])}`
}

/** Every row of every table, as a dump would hold it. */
async function dump(): Promise<void> {
  const sql = postgres(served.world.url, { max: 1, onnotice: () => {} })
  try {
    const tables = await sql<
      { name: string }[]
    >`select tablename as name from pg_tables where schemaname = 'public'`
    for (const { name } of tables) {
      const rows = await sql<{ row: string }[]>`select to_jsonb(t)::text as row from ${sql(name)} t`
      seen.set(`table ${name}`, rows.map(({ row }) => row).join('\n'))
    }
  } finally {
    await sql.end()
  }
}

it('enough was looked at to say anything', () => {
  const names = [...seen.keys()]
  console.log(`Canaries: ${names.length} answers, mails, tables and logs were searched`)
  expect(names.length).toBeGreaterThan(300)
  expect(seen.get('/ as admin')).toContain('<!DOCTYPE html>')
  expect(seen.get('the payload of / as admin')).toMatch(/^\d*:|^[0-9a-f]+:/m)
  expect(seen.get('table person')).toContain(people.admin.id)
  expect(seen.get('the log')?.length).toBeGreaterThan(200)
  expect(seen.get('the receiver that was added')).toContain('"status":"done"')
  expect(seen.get('table audit_receiver')).toContain('"secret": "v1.test.')
  expect(seen.get('the form that was taken')).toContain('"status":"done"')
  expect(seen.get('a form that was refused')).toContain('"status":"refused"')
  expect(mails.length).toBeGreaterThan(1)
  // What is searched for would be found.
  seen.set('a leak', `x${Buffer.from(secrets.oidc).toString('base64')}x`)
  expect(showing([secrets.oidc])).toEqual(['a leak'])
  seen.delete('a leak')
})

it.each(Object.keys(secrets) as (keyof typeof secrets)[])('%s: the secret shows nowhere', (name) => {
  const bare = secrets[name].replace(/^whsec_/, '')
  expect(
    showing([secrets[name], bare, Buffer.from(bare, 'base64').toString()].filter((one) => one.length > 12)),
  ).toEqual([])
})

it('the keys that seal show nowhere', () => {
  const keys = [sealingKey, String(process.env.LEASEHOLD_SECRET_KEYS).split(':')[1] ?? '']
  const forms = keys.flatMap((key) => [key, Buffer.from(key, 'base64').toString('hex')])
  expect(showing(forms)).toEqual([])
})

it('the sealed secret is in the database and is not the secret', () => {
  expect(seen.get('table connection')).toMatch(/"secrets": "v1\.test\./)
})

it('the token of a session shows nowhere, least of all in the database', () => {
  const tokens = Object.values(people).flatMap(({ cookie }) => cookie?.split('=')[1] ?? [])
  expect(tokens).toHaveLength(8)
  expect(showing(tokens)).toEqual([])
})

it('the token of a provisioning client shows nowhere, but once to whoever made it', () => {
  expect(scimToken).toMatch(/^lhscim_[\w-]{43}$/)
  expect(seen.get('what a client is told at Users')).toContain('"totalResults"')
  expect(showing([scimToken])).toEqual([])
})

it('the links of mails are in the mails and nowhere else', () => {
  const links = mails.flatMap(({ html }) =>
    [...html.matchAll(/\/(?:decide|extend)\/([A-Za-z0-9_-]{43})/g)].map((m) => m[1] as string),
  )
  const signIn = mails.flatMap(({ html }) =>
    [...html.matchAll(/[?&](?:amp;)?token=([A-Za-z0-9_-]{20,})/g)].map((m) => m[1] as string),
  )
  expect(links.length).toBeGreaterThan(0)
  expect(signIn.length).toBeGreaterThan(0)
  expect(showing([...links, ...signIn], (name) => !name.startsWith('mail '))).toEqual([])
})
