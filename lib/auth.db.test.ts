import { desc, eq, sql } from 'drizzle-orm'
import { NextRequest } from 'next/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET } from '@/app/api/auth/callback/[provider]/route'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { readSession } from './services/sessions'
import { forgetIdentities } from './services/sign-in'
import { askForLink, confirmLink, signInWithProvider } from './sign-in'
import { type IdentityProvider, type ProviderAccount, startProvider } from './testing/identity-provider'
import { must } from './testing/lease-world'

const APP = 'http://localhost:3999'
/** One browser: what it keeps for us, and what for the identity providers. */
const browser = vi.hoisted(() => ({ ours: new Map<string, string>(), theirs: new Map<string, string>() }))
vi.mock('next/headers', () => ({
  headers: async () => new Headers({ host: 'localhost:3999', 'user-agent': 'Firefox/127.0 on Linux' }),
  cookies: async () => ({
    get: (name: string) => {
      const value = browser.ours.get(name)
      return value === undefined ? undefined : { name, value }
    },
    set(one: string | { name: string; value: string }, value?: string) {
      const [name, kept] = typeof one === 'string' ? [one, value ?? ''] : [one.name, one.value]
      if (kept) browser.ours.set(name, kept)
      else browser.ours.delete(name)
    },
  }),
}))

/** What is done once the answer is out. */
const afterwards = vi.hoisted(() => [] as Promise<unknown>[])
vi.mock('next/server', async (original) => ({
  ...(await original<typeof import('next/server')>()),
  after: (task: () => Promise<unknown>) => void afterwards.push(task()),
}))

const shared = globalThis as { leaseholdDatabase?: World['database'] }
const providers = new Map<string, IdentityProvider>()
let world: World
let ana: TestPerson

beforeAll(async () => {
  for (const [place, prefix] of [
    ['oidc', 'OIDC'],
    ['oidc-2', 'OIDC_2'],
  ] as const) {
    const provider = await startProvider(`${APP}/api/auth/callback/${place}`)
    providers.set(place, provider)
    Object.assign(process.env, {
      [`${prefix}_ISSUER`]: provider.url,
      [`${prefix}_CLIENT_ID`]: 'leasehold',
      [`${prefix}_CLIENT_SECRET`]: 'only-for-tests',
      [`${prefix}_NAME`]: place === 'oidc' ? 'Halden ID' : 'Partner ID',
    })
  }
})
afterAll(() => Promise.all([...providers.values()].map((provider) => provider.close())))
beforeEach(async () => {
  browser.ours.clear()
  browser.theirs.clear()
  world = await createWorld()
  shared.leaseholdDatabase = world.database
  ana = await world.person('Ana Oliveira')
})
afterEach(async () => {
  shared.leaseholdDatabase = undefined
  await world.close()
})

const header = (jar: Map<string, string>) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

function keep(jar: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value && !/expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) jar.set(name, value)
    else jar.delete(name)
  }
}

/** Goes to a provider and comes back, as a browser does; where it ends up at our place. */
async function come(place: string, account: ProviderAccount, again = false): Promise<string> {
  const provider = providers.get(place)
  provider?.typesHere(account)
  const start = { provider: place, next: '/catalogue', ...(again && { again: 'yes' }) }
  let { to } = must(await signInWithProvider({ db: world.db }, start))
  while (!to.startsWith(APP)) {
    const answer = await fetch(to, { redirect: 'manual', headers: { cookie: header(browser.theirs) } })
    keep(browser.theirs, answer)
    const next = answer.headers.get('location')
    if (!next) throw new Error(`${to} answers ${answer.status} ${await answer.text()}`)
    to = new URL(next, to).href
  }
  const cookie = header(browser.ours)
  const request = new NextRequest(to, { headers: { cookie, 'user-agent': 'Firefox/127.0 on Linux' } })
  const answer = await GET(request, { params: Promise.resolve({ provider: place }) })
  keep(browser.ours, answer)
  const end = new URL(answer.headers.get('location') ?? '', APP)
  return `${end.pathname}${end.search}`
}

const here = async () => {
  const token = browser.ours.get('leasehold.session')
  return token ? readSession(world.db, token) : null
}
const identities = () => world.db.select().from(schema.identity)
const verified = (sub: string, email = ana.email): ProviderAccount => ({ sub, email, email_verified: true })

describe('identity providers', () => {
  it('let in whom they vouch for, each by its own binding of issuer and subject', async () => {
    expect(await come('oidc', verified('7'))).toBe('/catalogue')
    expect(await here()).toMatchObject({ person: { id: ana.id }, session: { way: 'oidc', fresh: true } })
    expect(await come('oidc-2', verified('7'))).toBe('/catalogue')
    expect((await identities()).map((row) => [row.provider, row.providerAccountId]).sort()).toEqual(
      [...providers.values()].map(({ url }) => [`${url}/`, '7']).sort(),
    )
    const sessions = await world.db.select().from(schema.session)
    expect(sessions, 'the second took the place of the first').toMatchObject([
      { issuer: `${providers.get('oidc-2')?.url}/`, device: 'Firefox on Linux' },
    ])
  })

  it.each([
    ['unverified', false],
    ['not vouched for', undefined],
  ])('hand nobody over by an address that is %s at another issuer', async (_, email_verified) => {
    await come('oidc', verified('7'))
    browser.ours.clear()
    const thief = { sub: '666', email: ana.email, email_verified }
    expect(await come('oidc-2', thief)).toBe('/sign-in?error=unverified')
    expect(await here()).toBeNull()
    expect(await identities()).toHaveLength(1)
  })

  it('do not let the subject of one issuer in as the person who has that subject at another', async () => {
    await come('oidc', verified('7'))
    browser.ours.clear()
    const mallory = { sub: '7', email: 'mallory@elsewhere.example', email_verified: true }
    expect(await come('oidc-2', mallory)).toBe('/sign-in?error=unknown')
    expect(await here()).toBeNull()
  })

  it('know a person by their subject, whatever their address has become', async () => {
    await come('oidc', verified('7'))
    browser.ours.clear()
    expect(await come('oidc', { sub: '7', email: 'ana@married.example', email_verified: false })).toBe(
      '/catalogue',
    )
    expect(await here()).toMatchObject({ person: { id: ana.id } })
  })

  it('give an address that went to somebody new no way to what the old one holds, until it is forgotten', async () => {
    await come('oidc', verified('7'))
    browser.ours.clear()
    browser.theirs.clear()
    expect(await come('oidc', verified('8'))).toBe('/sign-in?error=taken')
    expect(await here()).toBeNull()
    const ines = await world.person('Ines Albrecht', { admin: true })
    must(await forgetIdentities(world.as(ines), { personId: ana.id }))
    expect(await come('oidc', verified('8'))).toBe('/catalogue')
    expect(await identities()).toMatchObject([{ providerAccountId: '8' }])
  })

  it('answer at the places of the settings alone', async () => {
    for (const provider of ['oidc-3', 'email', 'credentials', '..']) {
      const request = new NextRequest(`${APP}/api/auth/callback/${provider}?email=x&token=y`)
      expect((await GET(request, { params: Promise.resolve({ provider }) })).status, provider).toBe(404)
    }
  })
})

describe('proving it once more', () => {
  it('asks for the password where the provider knows them still, and keeps the session until then', async () => {
    await come('oidc', verified('7'))
    const provider = providers.get('oidc')!
    const before = provider.typed
    await world.db.update(schema.session).set({ provenAt: sql`clock_timestamp() - interval '1 hour'` })
    expect(await here()).toMatchObject({ session: { fresh: false } })
    const first = browser.ours.get('leasehold.session')
    must(await signInWithProvider({ db: world.db }, { provider: 'oidc', next: '/signed-in', again: 'yes' }))
    expect(await here(), 'half way').toMatchObject({ person: { id: ana.id } })
    expect(await come('oidc', verified('7'), true)).toBe('/catalogue')
    expect(provider.typed).toBe(before + 1)
    expect(await here()).toMatchObject({ person: { id: ana.id }, session: { fresh: true } })
    expect(browser.ours.get('leasehold.session')).not.toBe(first)
    expect(await world.db.$count(schema.session)).toBe(1)
  })

  it('is not done by coming back unasked: the session is as old as the proof', async () => {
    await come('oidc', verified('7'))
    const provider = providers.get('oidc')!
    const typed = provider.typed
    const [before] = await world.db.select().from(schema.session)
    expect(await come('oidc', verified('7'))).toBe('/catalogue')
    expect(provider.typed, 'nobody typed anything').toBe(typed)
    const [after] = await world.db.select().from(schema.session)
    expect(after?.sessionToken).not.toBe(before?.sessionToken)
    // The provider lets them through and says since when it knows them; in seconds, so ours has no part of one.
    expect(after?.provenAt).toEqual(before?.provenAt)
    expect(after?.provenAt.getMilliseconds()).toBe(0)
  })

  it('is asked of nobody who is not signed in', async () => {
    const { to } = must(
      await signInWithProvider({ db: world.db }, { provider: 'oidc', next: '/', again: 'yes' }),
    )
    expect(new URL(to).searchParams.get('prompt')).toBeNull()
    expect(await world.db.select().from(schema.session).where(eq(schema.session.userId, ana.id))).toEqual([])
  })
})

describe('a link by mail', () => {
  /** Asks for one and reads the mail; what its page posts. */
  async function mailed(email = ana.email) {
    must(await askForLink({ db: world.db }, { email, next: '/catalogue' }))
    await Promise.all(afterwards.splice(0))
    const [mail] = await world.db.select().from(schema.mail).orderBy(desc(schema.mail.createdAt)).limit(1)
    const href = /href="([^"]*sign-in\/confirm[^"]*)"/.exec(mail?.html ?? '')?.[1] ?? ''
    const query = new URL(href.replaceAll('&amp;', '&'), APP).searchParams
    return {
      email: query.get('email') ?? '',
      token: query.get('token') ?? '',
      next: query.get('next') ?? '/',
    }
  }
  const confirm = async (link: Parameters<typeof confirmLink>[1]) =>
    must(await confirmLink({ db: world.db }, link)).to

  it('signs in once, freshly, and its token is stored hashed', async () => {
    const link = await mailed()
    expect(link.token).toMatch(/^[0-9a-f]{64}$/)
    const rows = await world.db.select().from(schema.verificationToken)
    expect(JSON.stringify(rows)).not.toContain(link.token)
    expect(await confirm(link)).toBe('/catalogue')
    expect(await here()).toMatchObject({ person: { id: ana.id }, session: { way: 'email', fresh: true } })
    browser.ours.clear()
    expect(await confirm(link), 'a second time').toBe('/sign-in?error=Verification')
    expect(await here()).toBeNull()
  })

  it('is over after 15 minutes of the real clock', async () => {
    const link = await mailed()
    const [row] = await world.db.select().from(schema.verificationToken)
    const seconds = ((row?.expires.getTime() ?? 0) - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(890)
    expect(seconds).toBeLessThanOrEqual(900)
    await world.db
      .update(schema.verificationToken)
      .set({ expires: sql`clock_timestamp() - interval '1 second'` })
    expect(await confirm(link)).toBe('/sign-in?error=Verification')
    await mailed()
    expect(await world.db.$count(schema.verificationToken), 'what is over is not kept').toBe(1)
  })

  it('is mailed five times in 15 minutes at most, and never to a stranger', async () => {
    for (let n = 0; n < 5; n++) await mailed()
    const sixth = await askForLink({ db: world.db }, { email: ana.email, next: '/' })
    expect(sixth).toMatchObject({ ok: false, code: 'limit' })
    const count = await world.db.$count(schema.mail)
    must(await askForLink({ db: world.db }, { email: 'mallory@elsewhere.example', next: '/' }))
    await Promise.all(afterwards.splice(0))
    expect(await world.db.$count(schema.mail)).toBe(count)
  })

  it('is neither mailed nor taken where single sign-on is required', async () => {
    const link = await mailed()
    await world.db.update(schema.organisation).set({ singleSignOnOnly: true })
    expect(await confirm(link)).toBe('/sign-in?error=links')
    expect(await here()).toBeNull()
    const refused = { ok: false, code: 'unavailable' }
    expect(await askForLink({ db: world.db }, { email: ana.email, next: '/' })).toMatchObject(refused)
    expect(await come('oidc', verified('7'))).toBe('/catalogue')
  })
})
