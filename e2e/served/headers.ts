import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { APP_URL, COOKIE, type Crawl } from './crawl'
import { type Somebody, signedInPeople } from './people'
import { actionNamed, knock, knockForPayload, sendAction } from './replay'
import { serve } from './server'

let looked = 0

/** What is wrong with the headers of an answer that may differ from person to person. */
function problems(response: Response, text: string): string[] {
  looked++
  const { headers } = response
  const wrong: string[] = []
  const wants = (name: string, value: RegExp) => {
    const is = headers.get(name) ?? ''
    if (!value.test(is)) wrong.push(`${name}: "${is}"`)
  }
  wants('x-content-type-options', /^nosniff$/)
  wants('strict-transport-security', /^max-age=(\d{8,}); includeSubDomains$/)
  wants('referrer-policy', /^strict-origin(-when-cross-origin)?$/)
  wants('cache-control', /no-store/)
  wants('permissions-policy', /camera=\(\)/)
  wants('cross-origin-opener-policy', /^same-origin$/)
  wants('content-security-policy', /frame-ancestors 'none'/)
  for (const name of ['x-powered-by', 'server', 'access-control-allow-origin'])
    if (headers.has(name)) wrong.push(`${name}: "${headers.get(name)}"`)
  if (headers.get('content-type')?.startsWith('text/html')) wrong.push(...pageProblems(headers, text))
  return wrong
}

function pageProblems(headers: Headers, html: string): string[] {
  const policy = headers.get('content-security-policy') ?? ''
  const directives = new Map(policy.split('; ').map((one) => [one.split(' ')[0], one]))
  const wrong: string[] = []
  const scripts = directives.get('script-src') ?? ''
  const nonce = /'nonce-([A-Za-z0-9_-]{22,})'/.exec(scripts)?.[1]
  if (!nonce) wrong.push(`no nonce: ${scripts}`)
  if (/unsafe|\*|https?:/.test(scripts)) wrong.push(`scripts from anywhere: ${scripts}`)
  for (const name of [
    'default-src',
    'object-src',
    'base-uri',
    'form-action',
    'frame-ancestors',
    'connect-src',
  ])
    if (!directives.has(name)) wrong.push(`no ${name}`)
  if (!directives.has('upgrade-insecure-requests')) wrong.push('no upgrade-insecure-requests')
  for (const [tag] of html.matchAll(/<script\b[^>]*>/g))
    if (!tag.includes(`nonce="${nonce}"`)) wrong.push(`a script without the nonce: ${tag.slice(0, 120)}`)
  for (const [tag] of html.matchAll(/<[a-z][^>]*\son[a-z]+="[^>]*>/g))
    wrong.push(`a handler in the markup: ${tag.slice(0, 120)}`)
  return wrong
}

export function headers(crawl: () => Crawl): void {
  afterAll(() => console.log(`Header crawl: ${looked} answers`))

  describe('the headers of every answer', () => {
    it('of every page and route, as everybody hears it', () => {
      const { answers } = crawl()
      expect(answers.length).toBeGreaterThan(500)
      const wrong = answers.flatMap(({ name, who, payload, response, text }) => {
        const found = problems(response, text)
        if (payload && response.status === 200 && response.headers.get('content-type') !== 'text/x-component')
          found.push('no payload')
        return found.map((what) => `${name} as ${who}${payload ? ', its payload' : ''}: ${what}`)
      })
      expect(wrong).toEqual([])
    })

    it.each([
      '/there/is/no/such/page',
      '/settings/there-is-none',
      '/icon.svg/more',
      '/_next/image?url=%2Ficon.svg&w=64&q=75',
      '/favicon.ico',
      '/%c0%af',
      '/_next/staticky',
      '/api/none',
      `/${'a'.repeat(4_000)}`,
    ])('nothing at %s', async (path) => {
      const { response, text } = await knock(crawl().served, path, crawl().people.admin)
      expect([400, 404, 414]).toContain(response.status)
      // A request that is refused before it is one has nothing in it that could be read or framed.
      if (response.status === 404) expect(problems(response, text)).toEqual([])
    })

    it('a method that a route does not have', async () => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { response, text } = await knock(
          crawl().served,
          '/settings/access-management/grants/export',
          crawl().people.admin,
          { method },
        )
        expect(problems(response, text), method).toEqual([])
        if (method !== 'OPTIONS') expect(response.status, method).toBe(405)
      }
    })

    it('the page of an accident, and its payload', async () => {
      const path = '/settings/access-management/policies'
      await crawl().served.world.db.execute(sql`alter table policy rename to policy_away`)
      try {
        // A payload has begun by then, and says it in its own words.
        for (const [ask, status] of [
          [knock, 500],
          [knockForPayload, 200],
        ] as const) {
          const { response, text } = await ask(crawl().served, path, crawl().people.admin)
          expect(response.status).toBe(status)
          expect(problems(response, text)).toEqual([])
          expect(text, 'what went wrong stays in the log').not.toMatch(
            /policy_away|does not exist|drizzle|at .+\.js:\d+/,
          )
        }
      } finally {
        await crawl().served.world.db.execute(sql`alter table policy_away rename to policy`)
      }
    })

    it('the answer of a form, and of one that was refused', async () => {
      const door = actionNamed('settings/organisation#edit')
      for (const origin of [crawl().served.origin, 'https://elsewhere.example']) {
        const body = new FormData()
        body.append('0', '[{"status":"idle"},"$K1"]')
        const { response, text } = await knock(crawl().served, door.path, crawl().people.admin, {
          method: 'POST',
          headers: { 'next-action': door.id, origin },
          body,
        })
        expect(problems(response, text), origin).toEqual([])
      }
    })

    it('a page’s own files are cached for ever, and taken for nothing else', async () => {
      const { text } = await knock(crawl().served, '/sign-in', crawl().people.anonymous)
      const files = [...text.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(
        ([, path]) => path as string,
      )
      expect(files.length).toBeGreaterThan(2)
      for (const path of [...new Set(files), '/icon.svg']) {
        const { response } = await knock(crawl().served, path, crawl().people.anonymous)
        looked++
        expect(response.status, path).toBe(200)
        expect(response.headers.get('x-content-type-options'), path).toBe('nosniff')
        expect(response.headers.get('cross-origin-resource-policy'), path).toBe('same-origin')
        if (path.startsWith('/_next/'))
          expect(response.headers.get('cache-control'), path).toContain('immutable')
        expect(response.headers.has('set-cookie'), path).toBe(false)
      }
    })

    it('the nonce is another one every time', async () => {
      const nonces = new Set<string>()
      for (let i = 0; i < 5; i++) {
        const { response } = await knock(crawl().served, '/sign-in', crawl().people.anonymous)
        nonces.add(/'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '')
      }
      expect(nonces.size).toBe(5)
    })
  })

  describe('cookies', () => {
    it('of a session are bound to this host, out of reach of scripts, and not sent from elsewhere', async () => {
      const door = actionNamed('sign-in#asDemoPerson')
      const body = new FormData()
      body.append('_1_personId', crawl().place.requester)
      body.append('0', '[{"status":"idle"},"$K1"]')
      const { response } = await knock(crawl().served, door.path, crawl().people.anonymous, {
        method: 'POST',
        headers: { 'next-action': door.id, origin: crawl().served.origin },
        body,
      })
      const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith(COOKIE))
      expect(session).toMatch(/^__Host-leasehold\.session=[A-Za-z0-9_-]{43};/)
      for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=lax'])
        expect(session?.toLowerCase(), attribute).toContain(attribute.toLowerCase())
      expect(session).not.toMatch(/domain=/i)
    })
  })

  describe('bodies', () => {
    const door = () => actionNamed('settings/organisation#edit')

    it('of more than 64 Ki characters are refused in words', async () => {
      const answer = await sendAction(
        crawl().served,
        door(),
        { name: 'x'.repeat(70_000), version: '1' },
        crawl().people.admin,
      )
      expect(answer).toMatchObject({ letter: '?', words: expect.stringContaining('too much text') })
    })

    it.each([
      ['300 KB', 300_000],
      ['2 MB', 2_000_000],
    ])('of %s are not read to the end', async (_size, bytes) => {
      await expect.poll(() => crawl().served.written(), { timeout: 20_000 }).toEqual({})
      const answer = await sendAction(
        crawl().served,
        door(),
        { name: 'x'.repeat(bytes), version: '1' },
        crawl().people.admin,
      )
      expect(answer.letter).toBe('!')
      expect(answer.words).toMatch(/^(413|500) /)
      expect(await crawl().served.written()).toEqual({})
    })

    it('of more than 4 MB are turned away at every door, before anything reads them', async () => {
      for (const path of [
        '/',
        '/api/inngest',
        '/api/demo/clock',
        '/api/none',
        '/settings/access-management/grants/export',
      ]) {
        const { response } = await knock(crawl().served, path, crawl().people.admin, {
          method: 'POST',
          body: 'x'.repeat(4_300_000),
        })
        expect(response.status, path).toBe(413)
      }
    })
  })

  describe('what is done too often', () => {
    it('asking for sign-in links: five in a quarter of an hour for one address', async () => {
      const ask = () =>
        sendAction(
          crawl().served,
          actionNamed('sign-in#sendLink'),
          { email: 'nobody@elsewhere.example' },
          crawl().people.anonymous,
        )
      for (let i = 0; i < 5; i++) expect((await ask()).letter).not.toBe('~')
      expect(await ask()).toMatchObject({
        letter: '~',
        words: expect.stringMatching(/^limit: That was too often/),
      })
      // Another address is not held up by it.
      const other = { email: 'somebody@elsewhere.example' }
      expect(
        (await sendAction(crawl().served, actionNamed('sign-in#sendLink'), other, crawl().people.anonymous))
          .letter,
      ).not.toBe('~')
    })

    it('asking for access: sixty in ten minutes for one person', async () => {
      const ask = (who: Somebody) =>
        sendAction(
          crawl().served,
          actionNamed('catalogue/[entitlement]/request#ask'),
          { entitlementId: 'none', zone: 'UTC' },
          who,
        )
      for (let i = 0; i < 60; i++) expect((await ask(crawl().people.member)).letter).toBe('?')
      expect(await ask(crawl().people.member)).toMatchObject({
        letter: '~',
        words: expect.stringMatching(/^limit: /),
      })
      expect((await ask(crawl().people.holder)).letter).toBe('?')
    })
  })

  it('in production there is no outbox, no clock to move and nobody to choose', async () => {
    const production = await serve('production', {
      LEASEHOLD_MODE: 'production',
      APP_URL,
      MAIL_FROM: 'l@halden.example',
      SMTP_URL: 'smtp://127.0.0.1:1',
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    })
    try {
      const there = await signedInPeople(production.world, COOKIE)
      for (const path of ['/dev/mail', `/dev/mail/${crawl().place.grant}`, '/dev/mail/x/attachments/0'])
        expect((await knock(production, path, there.admin)).response.status, path).toBe(404)
      const bearer = { authorization: `Bearer ${production.cronSecret}`, 'content-type': 'application/json' }
      const moved = { method: 'POST', headers: bearer, body: '{"advance":"1h"}' }
      expect((await knock(production, '/api/demo/clock', there.admin, moved)).response.status).toBe(404)
      const refused = /^[34?~]$/
      expect(
        (await sendAction(production, actionNamed('shell#moveClock'), { advance: '1h' }, there.admin)).letter,
      ).toMatch(refused)
      const chosen = await sendAction(
        production,
        actionNamed('sign-in#asDemoPerson'),
        { personId: there.admin.id },
        there.anonymous,
      )
      expect(chosen.letter).toBe('3')
      const { text } = await knock(production, '/sign-in', there.anonymous)
      expect(text).toContain('Work e-mail')
      expect(text).not.toMatch(new RegExp(`${there.admin.name}|Demo clock`))
    } finally {
      await production.close()
    }
  })
}
