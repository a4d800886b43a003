import { expect, it } from 'vitest'
import type { Crawl } from './crawl'
import { sealingKey, secrets } from './plant'

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
function showing(
  seen: ReadonlyMap<string, string>,
  values: Iterable<string>,
  where: (place: string) => boolean = () => true,
): string[] {
  const forms = [...new Set(formsOf(values))]
  return [...seen]
    .filter(([name, text]) => where(name) && forms.some((form) => text.includes(form)))
    .map(([name]) => name)
}

export function canaries(crawl: () => Crawl): void {
  it('enough was looked at to say anything', () => {
    const { seen, people, mails } = crawl()
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
    expect(showing(seen, [secrets.oidc])).toEqual(['a leak'])
    seen.delete('a leak')
  })

  it.each(Object.keys(secrets) as (keyof typeof secrets)[])('%s: the secret shows nowhere', (name) => {
    const bare = secrets[name].replace(/^whsec_/, '')
    expect(
      showing(
        crawl().seen,
        [secrets[name], bare, Buffer.from(bare, 'base64').toString()].filter((one) => one.length > 12),
      ),
    ).toEqual([])
  })

  it('the keys that seal show nowhere', () => {
    const keys = [sealingKey, String(process.env.LEASEHOLD_SECRET_KEYS).split(':')[1] ?? '']
    const forms = keys.flatMap((key) => [key, Buffer.from(key, 'base64').toString('hex')])
    expect(showing(crawl().seen, forms)).toEqual([])
  })

  it('the sealed secret is in the database and is not the secret', () => {
    expect(crawl().seen.get('table connection')).toMatch(/"secrets": "v1\.test\./)
  })

  it('the token of a session shows nowhere, least of all in the database', () => {
    const tokens = Object.values(crawl().people).flatMap(({ cookie }) => cookie?.split('=')[1] ?? [])
    expect(tokens).toHaveLength(8)
    expect(showing(crawl().seen, tokens)).toEqual([])
  })

  it('the token of a provisioning client shows nowhere, but once to whoever made it', () => {
    const { seen, scimToken } = crawl()
    expect(scimToken).toMatch(/^lhscim_[\w-]{43}$/)
    expect(seen.get('what a client is told at Users')).toContain('"totalResults"')
    expect(showing(seen, [scimToken])).toEqual([])
  })

  it('the links of mails are in the mails and nowhere else', () => {
    const { mails } = crawl()
    const links = mails.flatMap(({ html }) =>
      [...html.matchAll(/\/(?:decide|extend)\/([A-Za-z0-9_-]{43})/g)].map((m) => m[1] as string),
    )
    const signIn = mails.flatMap(({ html }) =>
      [...html.matchAll(/[?&](?:amp;)?token=([A-Za-z0-9_-]{20,})/g)].map((m) => m[1] as string),
    )
    expect(links.length).toBeGreaterThan(0)
    expect(signIn.length).toBeGreaterThan(0)
    expect(showing(crawl().seen, [...links, ...signIn], (name) => !name.startsWith('mail '))).toEqual([])
  })
}
