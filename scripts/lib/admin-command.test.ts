import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { databaseTrouble, databaseUrl, databaseUrlIfGiven } from './database-url.mjs'
import { inRoot } from './root.mjs'

const dir = mkdtempSync(path.join(tmpdir(), 'leasehold-command-'))
afterAll(() => rmSync(dir, { recursive: true }))

function migrate(DATABASE_URL?: string) {
  const { DATABASE_URL: _, ...env } = process.env
  const ran = spawnSync(process.execPath, [inRoot('scripts/migrate.mjs')], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...env, ...(DATABASE_URL !== undefined && { DATABASE_URL }) } as NodeJS.ProcessEnv,
  })
  return { code: ran.status, said: ran.stderr.trim() }
}

describe('a command on the database', () => {
  test.each([
    ['nothing is set', undefined, /^DATABASE_URL is not set/],
    ['it is empty', '', /^DATABASE_URL is not set/],
    ['it is no address', 'leasehold:hunter2', /^DATABASE_URL must look like postgres:\/\//],
    [
      'the database is down',
      'postgres://x@127.0.0.1:1/x',
      /^PostgreSQL at 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)\.$/,
    ],
  ])('says one sentence when %s', (_, url, sentence) => {
    const { code, said } = migrate(url)
    expect(code).toBe(1)
    expect(said).toMatch(sentence)
    expect(said.split('\n')).toHaveLength(1)
    expect(said).not.toContain('hunter2')
  })

  test('reads .env, which overrides nothing that is set', () => {
    writeFileSync(path.join(dir, '.env'), 'DATABASE_URL=postgres://x@127.0.0.1:2/x\n')
    expect(migrate().said).toContain('127.0.0.1:2 cannot be reached')
    expect(migrate('postgres://x@127.0.0.1:1/x').said).toContain('127.0.0.1:1 cannot be reached')
  })
})

test('an address of a database is one of PostgreSQL', () => {
  expect(databaseUrl(' postgresql://db/x ')).toBe('postgresql://db/x')
  expect(() => databaseUrl('mysql://db/x', 'WAREHOUSE_URL')).toThrow(/^WAREHOUSE_URL must look like/)
  expect(databaseUrlIfGiven(' ', 'DATABASE_URL')).toBeUndefined()
  expect(() => databaseUrlIfGiven('nonsense', 'DATABASE_URL')).toThrow(/^DATABASE_URL must look like/)
})

test('a database that was not migrated is told from one that is down', () => {
  const cause = Object.assign(new Error('relation "person" does not exist'), { code: '42P01' })
  const told = databaseTrouble('postgres://db/x', Object.assign(new Error('Failed query'), { cause }), 'No')
  expect(told).toBe('No: the database was not migrated yet.')
})
