import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const FILES = ['src/connection.js', 'cjs/src/connection.js']
const BEFORE = `  function nextWrite(fn) {
    const x = socket.write(chunk, fn)`
const AFTER = `  function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      return false
    }
    const x = socket.write(chunk, fn)`

/**
 * Mends the database driver where it was installed: postgres 3.4.9 writes to a connection that the server has closed
 * meanwhile, outside of every promise, which ends the process, or leaves whoever asked waiting for ever
 * (porsager/postgres, issues 1154 and 1208). With this the query is refused like every other on a lost connection.
 * @param {string} [folder] where the driver is
 * @throws {Error} when the driver is another than the one this is for: look whether it is still needed
 */
export function mendPostgres(folder = path.join(root, 'node_modules/postgres')) {
  if (!existsSync(folder)) return
  for (const name of FILES) {
    const file = path.join(folder, name)
    const text = readFileSync(file, 'utf8')
    if (text.includes(AFTER)) continue
    if (!text.includes(BEFORE))
      throw new Error(`${file} is not the driver that scripts/lib/mend-postgres.mjs mends.`)
    // Never in place: the file may be shared with other folders by a hard link.
    const mended = `${file}.${process.pid}`
    writeFileSync(mended, text.replace(BEFORE, AFTER))
    renameSync(mended, file)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) mendPostgres()
