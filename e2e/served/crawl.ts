import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { startMailCapture } from '../../scripts/e2e/mail-capture.mjs'
import { loopbackPort } from '../../scripts/lib/ports.mjs'
import { doors } from './doors'
import { type Kind, type Somebody, signedInPeople } from './people'
import { createPlace } from './place'
import { type Planted, plant, sealingKey, secrets } from './plant'
import { knock, knockForPayload } from './replay'
import { holdWork, type Served, serve } from './server'

/** An install on https; the requests reach it over plain http, as from a proxy in front that ends TLS. */
export const APP_URL = 'https://leasehold.halden.example'
export const COOKIE = '__Host-leasehold.session'

/** One answer of a page or a route, or of the payload of a page. */
export interface Looked {
  readonly name: string
  readonly who: Kind
  readonly payload: boolean
  readonly response: Response
  readonly text: string
}

/** Everything the product says, as four people hear it, with a secret in every place of one. */
export interface Crawl extends Planted {
  readonly answers: readonly Looked[]
  readonly mails: readonly { to: string[]; html: string; text: string; subject: string }[]
  /** Of a provisioning client; shown once, in the answer of the form that made it. */
  readonly scimToken: string
  close(): Promise<void>
}

/** Who looks: somebody who sees everything, two who see some of it, and nobody. */
const lookers = ['admin', 'owner', 'holder', 'anonymous'] as const

export async function crawl(): Promise<Crawl> {
  const [smtpPort, httpPort] = [await loopbackPort(0), await loopbackPort(0)]
  const closeMails = await startMailCapture({ smtpPort, httpPort })
  const served = await serve('crawl', {
    APP_URL,
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
  const people = await signedInPeople(served.world, COOKIE)
  const place = await createPlace(served.world, served.target, people)
  const seen = new Map<string, string>()
  const planted = { served, people, place, seen }
  const scimToken = await plant(planted)
  const mails = await (await fetch(`http://127.0.0.1:${httpPort}/`)).json()
  for (const [i, mail] of mails.entries()) seen.set(`mail ${i}: ${mail.subject}`, JSON.stringify(mail))
  const answers = (await Promise.all(lookers.map((who) => lookAs(who, planted)))).flat()
  for (const { name, who, payload, text } of answers)
    seen.set(`${payload ? 'the payload of ' : ''}${name} as ${who}`, text)
  const exports = [
    ...['csv', 'jsonl'].map((format) => `/settings/access-management/grants/export?format=${format}`),
    ...['csv', 'jsonl', 'ocsf'].map((format) => `/settings/audit/export?format=${format}`),
  ]
  for (const path of exports) seen.set(path, (await knock(served, path, people.admin)).text)
  await dump(served, seen)
  seen.set('the log', readFileSync(served.logFile, 'utf8'))
  // What could not be sent is not tried again while others look at what is written.
  await holdWork(served)
  return {
    ...planted,
    ...{ answers, mails, scimToken },
    async close() {
      await served.close()
      closeMails()
    },
  }
}

/** Opens every page and every route as somebody, and each page once more as its own scripts ask for it. */
async function lookAs(who: Kind, { served, people, place }: Planted): Promise<Looked[]> {
  const answers: Looked[] = []
  const somebody: Somebody = people[who]
  for (const [name, { send }] of Object.entries(doors)) {
    const what = send(place)
    const { path, ...init } = typeof what === 'string' ? { path: what, method: 'GET' } : what
    const { response, text } = await knock(served, path, somebody, init)
    answers.push({ name, who, payload: false, response, text })
    if (!name.startsWith('/')) continue
    const flight = await knockForPayload(served, path, somebody)
    answers.push({ name, who, payload: true, response: flight.response, text: flight.text })
  }
  return answers
}

/** Every row of every table, as a dump would hold it. */
async function dump(served: Served, seen: Map<string, string>): Promise<void> {
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
