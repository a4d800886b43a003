import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { mendPostgres } from './mend-postgres.mjs'
import { inRoot } from './root.mjs'

const copy = mkdtempSync(path.join(tmpdir(), 'leasehold-driver-'))
afterAll(() => rmSync(copy, { recursive: true }))
const driver = (file: string) => path.join(copy, file)

it('is for the driver that is installed, which is mended', () => {
  mendPostgres()
  for (const file of ['src/connection.js', 'cjs/src/connection.js'])
    expect(readFileSync(inRoot(`node_modules/postgres/${file}`), 'utf8')).toContain('if (socket === null) {')
})

it('mends once, and refuses another driver', () => {
  cpSync(inRoot('node_modules/postgres'), copy, { recursive: true })
  const mended = readFileSync(driver('src/connection.js'), 'utf8')
  mendPostgres(copy)
  expect(readFileSync(driver('src/connection.js'), 'utf8')).toBe(mended)
  writeFileSync(
    driver('src/connection.js'),
    mended.replaceAll('socket.write(chunk, fn)', 'socket.send(chunk)'),
  )
  expect(() => mendPostgres(copy)).toThrow('is not the driver that scripts/lib/mend-postgres.mjs mends')
})
