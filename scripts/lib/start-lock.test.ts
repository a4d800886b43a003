import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withStartLock } from './start-lock.mjs'
import { Stop } from './stop.mjs'

let dir: string
let file: string

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'leasehold-lock-'))
  file = path.join(dir, 'start.lock')
})

afterEach(() => rmSync(dir, { recursive: true }))

test('two holders never overlap, and the file is gone afterwards', async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
  }
  await Promise.all([withStartLock(file, work), withStartLock(file, work), withStartLock(file, work)])
  expect(most).toBe(1)
  expect(existsSync(file)).toBe(false)
})

test('a failure gives the lock back and is passed on', async () => {
  await expect(withStartLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withStartLock(file, async () => 'next')).toBe('next')
})

test('the lock of a process that is gone is taken over', async () => {
  const gone = spawnSync(process.execPath, ['-e', '0']).pid
  writeFileSync(file, String(gone))
  expect(await withStartLock(file, async () => 'mine', 1_000)).toBe('mine')
})

test('the lock of a live process that has been silent is taken over', async () => {
  writeFileSync(file, String(process.pid))
  const long = new Date(Date.now() - 60_000)
  utimesSync(file, long, long)
  expect(await withStartLock(file, async () => 'mine', 1_000)).toBe('mine')
})

test('a lock that is held and alive is waited for, then told in a sentence', async () => {
  writeFileSync(file, String(process.pid))
  await expect(withStartLock(file, async () => 'mine', 100)).rejects.toThrow(Stop)
  await expect(withStartLock(file, async () => 'mine', 100)).rejects.toThrow('Another start has been holding')
})
