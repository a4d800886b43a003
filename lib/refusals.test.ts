import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { doorOf } from './refusals'

it.each([
  ['/settings/people/018f0000-0000-7000-8000-000000000000?tab=held', '/settings/people/*'],
  ['/decide/Zk3vQ0', '/decide/*'],
  ['/', '/'],
  ['/settings/access-management/grants', '/settings/access-management/grants'],
  ['/requests/made-up/b\n/%0a', '/requests/*/*/*'],
  [`/${'x/'.repeat(500)}`, '/*/*/*/*/*/*'],
])('%s is the door %s', (path, door) => {
  expect(doorOf(path)).toBe(door)
})

it('knows every fixed part of every address', () => {
  const app = join(import.meta.dirname, '..', 'app')
  const places = readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(page\.tsx|route\.ts)$/.test(entry.name))
    .map((entry) => entry.parentPath.slice(app.length + 1).split('/'))
  const fixed = new Set(places.flat().filter((part) => part !== '' && !/^[([]/.test(part)))
  const unknown = [...fixed].filter((part) => doorOf(`/${part}`) !== `/${part}`)
  expect(unknown, 'add these to the words of lib/refusals.ts').toEqual([])
})
