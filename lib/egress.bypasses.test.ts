import type { lookup } from 'node:dns'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEgress, EgressError } from './egress'
import { readSources } from './testing/architecture'

/** A service of this machine that nobody outside may reach; whatever gets here got past the guard. */
let inside: Server
let port: number
let reached = 0

beforeAll(async () => {
  inside = createServer((request, response) => {
    reached += 1
    if (request.url === '/to-metadata')
      return response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
    response.end('the crown jewels')
  })
  await new Promise<void>((resolve) => inside.listen(0, resolve))
  port = (inside.address() as AddressInfo).port
})
afterAll(async () => {
  inside.closeAllConnections()
  await new Promise((resolve) => inside.close(resolve))
})

/** A name server that gives these answers, one after the other, the last one for ever. */
function answering(...answers: string[][]): typeof lookup {
  let asked = 0
  return ((_name: string, _options: unknown, callback: (error: null, found: unknown[]) => void) => {
    const found = answers[Math.min(asked++, answers.length - 1)] ?? []
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as typeof lookup
}

async function kindOf(
  ask: (egress: ReturnType<typeof createEgress>) => Promise<unknown>,
  resolve?: typeof lookup,
) {
  const egress = createEgress([], resolve)
  try {
    const answer = await ask(egress)
    throw new Error(`it got through: ${answer}`)
  } catch (error) {
    if (error instanceof EgressError) return error.kind
    throw error
  } finally {
    await egress.close()
  }
}

/** Ways to write this machine, the metadata service of a cloud, or a network behind the firewall. */
const addresses: [what: string, url: string][] = [
  ['the loopback address', 'http://127.0.0.1'],
  ['another loopback address', 'http://127.127.127.127'],
  ['the name of this machine', 'http://localhost'],
  ['the same with a trailing dot', 'http://localhost.'],
  ['a subdomain that resolvers send to this machine', 'http://inside.localhost'],
  ['one decimal number', 'http://2130706433'],
  ['one hexadecimal number', 'http://0x7f000001'],
  ['octal parts', 'http://0177.0.0.01'],
  ['hexadecimal parts', 'http://0x7f.0x0.0x0.0x1'],
  ['parts of three kinds', 'http://0x7f.0.01'],
  ['the short form', 'http://127.1'],
  ['the address that means any', 'http://0.0.0.0'],
  ['one zero', 'http://0'],
  ['a trailing dot after a number', 'http://127.0.0.1.'],
  ['digits in circles', 'http://①②⑦.⓪.⓪.①'],
  ['full-width digits and dots', 'http://１２７。０。０。１'],
  ['letters in circles', 'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ'],
  ['percent-encoded digits', 'http://%31%32%37.0.0.1'],
  ['IPv6 loopback', 'http://[::1]'],
  ['IPv6 any', 'http://[::]'],
  ['IPv4 mapped into IPv6', 'http://[::ffff:127.0.0.1]'],
  ['the same in hexadecimal', 'http://[::ffff:7f00:1]'],
  ['IPv4-compatible IPv6', 'http://[::127.0.0.1]'],
  ['IPv4 translated', 'http://[::ffff:0:127.0.0.1]'],
  ['NAT64', 'http://[64:ff9b::127.0.0.1]'],
  ['NAT64 of a network', 'http://[64:ff9b:1::127.0.0.1]'],
  ['6to4', 'http://[2002:7f00:1::]'],
  ['Teredo', 'http://[2001:0:7f00:1::1]'],
  ['ISATAP', 'http://[2606:4700::5efe:7f00:1]'],
  ['an IPv6 network of one’s own', 'http://[fd00::1]'],
  ['the metadata service', 'http://169.254.169.254'],
  ['the same as a number', 'http://2852039166'],
  ['the same over IPv6', 'http://[fd00:ec2::254]'],
  ['a network behind the firewall', 'http://10.0.0.1'],
  ['carrier-grade NAT, where one cloud keeps its metadata', 'http://100.100.100.200'],
  ['a friendly name before an @', 'http://api.example.com@127.0.0.1'],
  ['the same with a password and a #', 'http://api.example.com:80#@127.0.0.1'],
  ['a backslash', 'http://127.0.0.1\\@api.example.com'],
  ['a tab in the middle', 'http://127.0.\t0.1'],
]

describe('every way in that is known', () => {
  test.each(addresses)('%s', async (_what, url) => {
    const before = reached
    const at = new URL(url)
    at.port = String(port)
    const kind = await kindOf((egress) => egress.fetch(at.href)).catch((error: unknown) => {
      // A name that no resolver knows leads nowhere either.
      const code = (error as { cause?: { code?: string } }).cause?.code
      if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return code
      throw error
    })
    expect(['refused', 'ENOTFOUND', 'EAI_AGAIN'], String(kind)).toContain(kind)
    expect(reached, 'nothing was sent').toBe(before)
  })

  test.each(addresses)('%s, where it cannot even be written: a socket', async (_what, url) => {
    const { hostname } = new URL(url)
    const before = reached
    const host = hostname.replace(/^\[|\]$/g, '')
    const kind = await kindOf((egress) => egress.connect({ host, port })).catch(
      (error: { code?: string }) => error.code,
    )
    expect(['refused', 'ENOTFOUND', 'EAI_AGAIN']).toContain(kind)
    expect(reached).toBe(before)
  })

  test.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:11211/_stats',
    'ftp://127.0.0.1/',
    'data:text/plain,x',
    'ws://127.0.0.1/',
  ])('another protocol: %s', async (url) =>
    expect(await kindOf((egress) => egress.fetch(url))).toBe('insecure'),
  )
})

describe('a name server that lies', () => {
  test('a public name that is this machine is judged by the address', async () => {
    const url = `https://api.example.com:${port}/`
    expect(await kindOf((egress) => egress.fetch(url), answering(['127.0.0.1']))).toBe('refused')
  })

  test('the address that was judged is the one that is connected to: a second answer is never asked for', async () => {
    const lies = answering(['203.0.113.9'], ['127.0.0.1'])
    // The first answer is no public address either: were the check and the connection two questions, the second
    // answer would be connected to.
    expect(await kindOf((egress) => egress.fetch(`https://api.example.com:${port}/`), lies)).toBe('refused')
    let asked = 0
    const counting = ((name: string, options: object, callback: () => void) => {
      asked += 1
      return answering(['127.0.0.1'])(name, options, callback)
    }) as unknown as typeof lookup
    await kindOf((egress) => egress.connect({ host: 'api.example.com', port }), counting)
    expect(asked).toBe(1)
  })

  test('a rebinding name is judged anew for every connection', async () => {
    const before = reached
    // `loopback` stands for the public side here, so that the first connection has somewhere to go.
    const egress = createEgress(['127.0.0.1'], answering(['127.0.0.1'], ['127.0.0.2']))
    const ask = () =>
      egress.fetch(`http://rebinding.example.com:${port}/`, { headers: { connection: 'close' } })
    expect(await (await ask()).text()).toBe('the crown jewels')
    await expect(ask()).rejects.toMatchObject({ kind: 'refused' })
    expect(reached - before, 'the second answer was not connected to').toBe(1)
    await egress.close()
  })

  test('one private address among public ones is left out', async () => {
    const before = reached
    const egress = createEgress(['127.0.0.3'], answering(['127.0.0.1', '127.0.0.3']))
    await egress.fetch(`http://mixed.example.com:${port}/`).catch(() => null)
    const socket = await egress.connect({ host: 'mixed.example.com', port }).catch(() => null)
    expect(socket?.remoteAddress ?? '127.0.0.3').toContain('127.0.0.3')
    socket?.destroy()
    expect(reached - before).toBeLessThanOrEqual(1)
    await egress.close()
  })

  test('an answer without an address is no way around', async () => {
    expect(await kindOf((egress) => egress.fetch('https://api.example.com/'), answering([]))).toBe('refused')
  })

  test('a redirect to the metadata service is not followed', async () => {
    const egress = createEgress(['loopback'])
    await expect(egress.fetch(`http://127.0.0.1:${port}/to-metadata`)).rejects.toMatchObject({
      kind: 'redirect',
    })
    await egress.close()
  })
})

/** Who may name such a module, and what for. */
const exempt: Readonly<Record<string, string>> = {
  'lib/egress.ts': 'the guard itself',
  'lib/connectors/contract.ts': 'names the type of a socket',
  'lib/connectors/ldap/client.ts': 'speaks TLS over a socket that the guard connected',
  'lib/connectors/postgres/client.ts': 'speaks TLS over a socket that the guard connected',
}

test('nothing of the product goes out but through the guard', () => {
  const doors =
    /(?<![.\w])fetch\(|from ['"](?:node:)?(?:http|https|http2|net|tls|dgram|undici)['"]|new WebSocket\(/
  const own = readSources(join(import.meta.dirname, '..')).filter(
    ({ path, text }) =>
      /^(app|lib|inngest|emails|db)\//.test(path) &&
      !/\.test\.tsx?$|\/testing[./]/.test(path) &&
      // In the browser a fetch goes to our own pages: the content policy says so.
      !/^['"]use client['"]/.test(text),
  )
  const out = own.filter(({ path, text }) => doors.test(text) && !(path in exempt)).map(({ path }) => path)
  expect(out, 'use the Egress that the context hands in, or say in this list why not').toEqual([])
})
