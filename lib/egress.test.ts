import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEgress, EgressError, parseEgressAllow, refusalOf } from './egress'

let server: Server
let hits = 0
let port: number

beforeAll(async () => {
  server = createServer((request, response) => {
    hits += 1
    if (request.url === '/redirect') return response.writeHead(302, { location: '/' }).end()
    if (request.url === '/large') return response.end(Buffer.alloc(2 * 1024 * 1024))
    if (request.url === '/bomb') {
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000)))
    }
    if (request.url === '/empty') return response.writeHead(204).end()
    response.writeHead(200, { 'x-test': 'yes' }).end('hello')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const refuses = (address: string, ...allow: string[]) =>
  refusalOf('target.example.com', address, parseEgressAllow(allow)) !== null

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'rubbish',
    '',
  ])('%s is refused unless allowed', (address) => {
    expect(refuses(address)).toBe(true)
  })

  test.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => {
      expect(refuses(address)).toBe(false)
    },
  )

  test('a range opens itself and nothing beside it', () => {
    expect(refuses('10.1.2.3', '10.1.0.0/16')).toBe(false)
    expect(refuses('::ffff:10.1.2.3', '10.1.0.0/16')).toBe(false)
    expect(refuses('10.2.2.3', '10.1.0.0/16')).toBe(true)
    expect(refuses('fd00::1', '10.1.0.0/16', 'fd00::/8')).toBe(false)
    expect(refuses('192.168.1.5', '192.168.1.5')).toBe(false)
    expect(refuses('192.168.1.6', '192.168.1.5')).toBe(true)
  })

  test('a name opens private ranges for itself, never loopback or link-local', () => {
    const allow = parseEgressAllow(['DB.internal'])
    expect(refusalOf('db.internal', '10.0.0.5', allow)).toBeNull()
    expect(refusalOf('Db.Internal', 'fd12::5', allow)).toBeNull()
    expect(refusalOf('other.internal', '10.0.0.5', allow)).not.toBeNull()
    expect(refusalOf('db.internal', '127.0.0.1', allow)).not.toBeNull()
    expect(refusalOf('db.internal', '169.254.169.254', allow)).not.toBeNull()
  })

  test('loopback opens loopback only', () => {
    expect(refuses('127.0.0.1', 'loopback')).toBe(false)
    expect(refuses('::1', 'loopback')).toBe(false)
    expect(refuses('0.0.0.0', 'loopback')).toBe(true)
    expect(refuses('10.0.0.1', 'loopback')).toBe(true)
  })

  test.each(['10.0.0.0/99', 'a b', 'http://x', '999.1.1.1'])('the entry %s is refused by name', (entry) => {
    expect(() => parseEgressAllow([entry])).toThrow(entry)
  })
})

describe('fetch', () => {
  const fails = async (allow: string[], url: string) => {
    const egress = createEgress(allow)
    const error = await egress.fetch(url).catch((caught: unknown) => caught)
    await egress.close()
    expect(error).toBeInstanceOf(EgressError)
    return (error as EgressError).kind
  }

  test('reaches loopback where that is allowed', async () => {
    const egress = createEgress(['loopback'])
    const response = await egress.fetch(`http://127.0.0.1:${port}/`)
    expect([response.status, response.headers.get('x-test'), await response.text()]).toEqual([
      200,
      'yes',
      'hello',
    ])
    expect((await egress.fetch(`http://127.0.0.1:${port}/empty`)).status).toBe(204)
    await egress.close()
  })

  test('judges names by their address and odd spellings by what they mean, before anything is sent', async () => {
    const before = hits
    expect(await fails([], `http://127.0.0.1:${port}/`)).toBe('refused')
    expect(await fails([], `http://localhost:${port}/`)).toBe('refused')
    expect(await fails(['localhost'], `http://localhost:${port}/`)).toBe('refused')
    expect(await fails([], `http://2130706433:${port}/`)).toBe('refused')
    expect(await fails([], `http://0x7f.1:${port}/`)).toBe('refused')
    expect(await fails([], `http://[::ffff:127.0.0.1]:${port}/`)).toBe('refused')
    expect(await fails([], `https://127.0.0.1:${port}/`)).toBe('refused')
    expect(hits).toBe(before)
  })

  test('asks nobody but loopback without https', async () => {
    expect(await fails(['10.0.0.0/8'], 'http://10.0.0.1/')).toBe('insecure')
    expect(await fails(['loopback'], 'ftp://127.0.0.1/')).toBe('insecure')
    expect(await fails(['loopback'], 'file:///etc/passwd')).toBe('insecure')
  })

  test('follows no redirect', async () => {
    expect(await fails(['loopback'], `http://127.0.0.1:${port}/redirect`)).toBe('redirect')
  })

  test('reads no more than the cap, also when it came compressed', async () => {
    expect(await fails(['loopback'], `http://127.0.0.1:${port}/large`)).toBe('too_large')
    expect(await fails(['loopback'], `http://127.0.0.1:${port}/bomb`)).toBe('too_large')
  })
})

describe('connect', () => {
  test('gives a connected socket where allowed', async () => {
    const socket = await createEgress(['loopback']).connect({ host: 'localhost', port })
    expect(socket.remotePort).toBe(port)
    socket.destroy()
  })

  test.each(['127.0.0.1', 'localhost', '0177.0.0.1', '2130706433', '::ffff:127.0.0.1'])(
    'refuses %s',
    async (host) => {
      await expect(createEgress([]).connect({ host, port })).rejects.toMatchObject({ kind: 'refused' })
    },
  )

  test('stops when told', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(createEgress(['loopback']).connect({ host: '127.0.0.1', port, signal })).rejects.toThrow(
      'enough',
    )
  })
})
