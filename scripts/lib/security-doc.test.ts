import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inRoot } from './root.mjs'

const page = readFileSync(inRoot('docs/security.md'), 'utf8')
const tables = page
  .split('\n')
  .filter((line) => /^\| .* \|$/.test(line) && !/^\| (---|promise|who) /.test(line))
const files = [
  ...new Set([...page.matchAll(/`([\w./[\]-]+\.(?:test\.tsx?|spec\.ts|sql))`/g)].map(([, file]) => file!)),
]
const steps = readFileSync(inRoot('scripts/test.mjs'), 'utf8')

/** The step of `npm test` that runs a file. */
function stepOf(file: string): RegExp {
  if (file.startsWith('e2e/served/')) return /tests\('served'/
  if (file.endsWith('.spec.ts')) return /\bstories,/
  return file.includes('.db.test.') ? /tests\('database\*'/ : /tests\('unit\*'/
}

it('docs/security.md names tests that are there and that `npm test` runs', () => {
  expect(files.length).toBeGreaterThan(30)
  expect(files.filter((file) => !existsSync(inRoot(file)))).toEqual([])
  expect(files.filter((file) => !file.endsWith('.sql') && !stepOf(file).test(steps))).toEqual([])
})

it('docs/security.md names a test for each promise', () => {
  const promises = tables.map((line) => line.split(' | ').at(-1) ?? '')
  const held = promises.slice(promises.findIndex((by) => by.includes('authorize.test.ts')))
  expect(held.length).toBeGreaterThan(30)
  expect(held.filter((by) => !/`[^`]+\.(test|spec)\.ts`|the same/.test(by))).toEqual([])
})
