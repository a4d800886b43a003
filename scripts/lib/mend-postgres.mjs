import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @typedef {{ file: string, before: string, after: string }} Change */

/** @type {Change[]} */
const CHANGES = [
  {
    // A small message waits for the next turn of the event loop; the socket may be gone by then.
    file: 'connection.js',
    before: `  function nextWrite(fn) {
    const x = socket.write(chunk, fn)`,
    after: `  function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      return false
    }
    const x = socket.write(chunk, fn)`,
  },
  {
    // What was still to be written and whoever waits for an answer belong to the connection that is lost, never to
    // the next one. The query that asked for the new one goes on waiting for it.
    file: 'connection.js',
    before: `    socket = null

    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))`,
    after: `    socket = null
    chunk = nextWriteTimer = errorResponse = null

    const asking = initial
    initial = null
    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = null
    if (asking) {
      initial = asking
      return reconnect()
    }
`,
  },
  {
    // Nobody waits for this promise: the query that asked for the connection is told in another way.
    file: 'connection.js',
    before: 'return fetchArrayTypes()',
    after: 'return fetchArrayTypes().catch(noop)',
  },
  {
    // The rest of a transaction whose connection is lost must not go over the next one, into another transaction.
    file: 'index.js',
    before: `        new Promise((_, reject) => connection.onclose = reject)
      ])
    } catch (error) {`,
    after: `        new Promise((_, reject) => connection.onclose = (e) => {
          lost = e
          while (queries.length)
            queries.shift().reject(e)
          reject(e)
        })
      ])
    } catch (error) {`,
  },
  {
    file: 'index.js',
    before: `      , connection
      , prepare = null
`,
    after: `      , connection
      , lost = null
      , prepare = null
`,
  },
  {
    file: 'index.js',
    before: `        q.catch(e => uncaughtError || (uncaughtError = e))
`,
    after: `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (lost)
          return q.reject(lost)
`,
  },
]

/**
 * Mends the database driver where it was installed: when a connection is lost, postgres 3.4.9 may end the process, leave
 * whoever asked waiting for ever, never use that place of the pool again, and send the rest of a transaction into
 * another one (porsager/postgres, issues 1154, 1208 and 1216).
 * @param {string} [folder] where the driver is
 * @throws {Error} when the driver is another than the one this is for: look whether it is still needed
 */
export function mendPostgres(folder = path.join(root, 'node_modules/postgres')) {
  if (!existsSync(folder)) return
  for (const sources of ['src', 'cjs/src']) {
    for (const name of new Set(CHANGES.map(({ file }) => file))) {
      const file = path.join(folder, sources, name)
      const text = readFileSync(file, 'utf8')
      const mended = CHANGES.filter((change) => change.file === name).reduce(mendOne(file), text)
      if (mended === text) continue
      // Never in place: the file may be shared with other folders by a hard link.
      const beside = `${file}.${process.pid}`
      writeFileSync(beside, mended)
      renameSync(beside, file)
    }
  }
}

const mendOne =
  (file) =>
  (text, { before, after }) => {
    if (text.includes(after)) return text
    if (!text.includes(before))
      throw new Error(`${file} is not the driver that scripts/lib/mend-postgres.mjs mends.`)
    return text.replace(before, () => after)
  }

if (process.argv[1] === fileURLToPath(import.meta.url)) mendPostgres()
