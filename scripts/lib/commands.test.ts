import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseEnv } from '@/lib/env'
import { cast, emailOf, loginOf } from '../seed/people.mjs'
import { demoSecrets, onlyThese, runningDemo } from './demo-settings.mjs'
import { holds, requireNode } from './install.mjs'
import { isFree, loopbackPort } from './ports.mjs'
import { sonameOf } from './postgres-binaries.mjs'
import { inRoot } from './root.mjs'

const dir = mkdtempSync(path.join(tmpdir(), 'leasehold-scripts-'))
afterAll(() => rmSync(dir, { recursive: true }))

describe('the links a library is looked up by', () => {
  test.each([
    ['libpq.so.5.18', 'libpq.so.5'],
    ['libicudata.so.60.2', 'libicudata.so.60'],
    ['libicudata.77.1.dylib', 'libicudata.77.dylib'],
    ['libpq.so.5', undefined],
    ['libpq.so', undefined],
    ['libpq.5.dylib', undefined],
    ['libpgcommon.a', undefined],
  ])('%s is found as %s', (file, link) => expect(sonameOf(file)).toBe(link))
})

describe('the demo’s settings', () => {
  test('leave nothing of the checkout’s .env files, nor of the shell, to be picked up', () => {
    writeFileSync(path.join(dir, '.env'), 'RESEND_API_KEY=re_1\nINNGEST_EVENT_KEY=e\nOWN_NAME=x\n')
    writeFileSync(path.join(dir, '.env.local'), 'VERCEL=1\nAPP_URL=https://leasehold.example.com\n')
    const settings = onlyThese({ APP_URL: 'http://localhost:3000' }, dir)
    expect(settings).toMatchObject({ APP_URL: 'http://localhost:3000', RESEND_API_KEY: '', SMTP_URL: '' })
    expect(settings).toMatchObject({ INNGEST_EVENT_KEY: '', OWN_NAME: '', VERCEL: '', OIDC_ISSUER: '' })
    expect(settings).not.toHaveProperty('PATH')
  })
})

describe('whether the packages of the lock file are there', () => {
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  }

  test.each([
    ['all of them', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } }, true],
    ['without one of another platform', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['one in another version', { 'node_modules/a': { version: '0.9.0' } }, false],
    [
      'an optional one in another version',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
      false,
    ],
    ['one missing', {}, false],
  ])('%s', (_, installed, answer) => expect(holds(installed, wanted)).toBe(answer))
})

describe('the demo’s secrets', () => {
  test('are made once, kept for their owner alone, and good enough to start with', () => {
    const file = path.join(dir, 'demo.env')
    const made = demoSecrets(file)
    expect(demoSecrets(file)).toEqual(made)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const settings = {
      ...made,
      LEASEHOLD_MODE: 'demo',
      APP_URL: 'http://localhost:3000',
      DATABASE_URL: 'postgres://db/x',
    }
    expect(parseEnv(settings).CRON_SECRET).toBe(made.CRON_SECRET)
  })

  test('are completed when a later version needs one more', () => {
    const file = path.join(dir, 'older.env')
    writeFileSync(file, 'AUTH_SECRET=kept-from-an-older-version-of-the-demo\n')
    const made = demoSecrets(file)
    expect(made.AUTH_SECRET).toBe('kept-from-an-older-version-of-the-demo')
    expect(readFileSync(file, 'utf8')).toContain(`CRON_SECRET=${made.CRON_SECRET}`)
  })
})

describe('a Node.js that is too old', () => {
  test('is told so', () => {
    expect(() => requireNode('18.20.4')).toThrow(
      /^Leasehold needs Node\.js 20\.19 or newer, and this is 18\.20\.4\.$/,
    )
    expect(() => requireNode('20.18.9')).toThrow()
    expect(() => requireNode('20.19.0')).not.toThrow()
    expect(() => requireNode('24.1.0')).not.toThrow()
  })

  test.each(['demo', 'test', 'check', 'test-inngest', 'test-long'])('gets that far in npm run %s', (name) => {
    for (const file of importedBy(inRoot(`scripts/${name}.mjs`))) {
      const source = readFileSync(file, 'utf8')
      // Missing in Node.js 18: what is imported by name fails before any line of ours runs.
      expect(source, file).not.toMatch(/import\.meta\.dirname|from 'node:util'|loadEnvFile/)
    }
  })
})

/** A module and all it imports statically. */
function importedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, path_] of readFileSync(file, 'utf8').matchAll(/^import .* from '(\.[^']+)'$/gm))
    importedBy(path.resolve(path.dirname(file), path_ ?? ''), seen)
  return seen
}

describe('word of a running demo', () => {
  const file = path.join(dir, 'demo.json')
  const left = (text: string) => {
    writeFileSync(file, text)
    return runningDemo(file)
  }

  test('is believed only when it answers', async () => {
    const server = createHttpServer((_, response) => response.end('{"ok":true}'))
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
    const url = `http://127.0.0.1:${port}`
    expect(await left(JSON.stringify({ url, pid: process.ppid }))).toMatchObject({ url })
    expect(await left(JSON.stringify({ url, pid: process.pid }))).toBeUndefined()
    expect(await left(JSON.stringify({ url, pid: 2 ** 22 + 1 }))).toBeUndefined()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await left(JSON.stringify({ url, pid: process.ppid }))).toBeUndefined()
  })

  test('that was cut short is none', async () => {
    for (const text of ['', '{"url":"http://local', 'null', '{}']) expect(await left(text)).toBeUndefined()
    expect(await runningDemo(path.join(dir, 'nothing.json'))).toBeUndefined()
  })
})

test('a taken port is noticed, and a free one is found instead', async () => {
  const server = createServer()
  const taken = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  expect(await isFree(taken, ['127.0.0.1'])).toBe(false)
  const other = await loopbackPort(taken)
  expect(other).not.toBe(taken)
  expect(await isFree(other, ['127.0.0.1'])).toBe(true)
  server.close()
})

test('everybody at Halden has a manager who stands before them, an address and a login of their own', () => {
  const keys = cast.map(({ key }) => key)
  for (const [place, { manager }] of cast.entries()) {
    if (manager) expect(keys.indexOf(manager)).toBeLessThan(place)
  }
  expect(new Set(keys.map(emailOf)).size).toBe(cast.length)
  expect(emailOf('tomas')).toBe('tomas.rivera@halden.example')
  expect(loginOf('tomas')).toBe('tomas_rivera')
})
