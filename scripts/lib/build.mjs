import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runChild, tail } from './child.mjs'
import { inRoot } from './root.mjs'
import { withStartLock } from './start-lock.mjs'
import { Stop } from './stop.mjs'

const SOURCES = [
  ...['app', 'components', 'db', 'emails', 'inngest', 'lib', 'public'],
  ...['instrumentation.ts', 'instrumentation-client.ts', 'proxy.ts'],
  ...['next.config.ts', 'package-lock.json', 'postcss.config.mjs', 'tsconfig.json'],
]
const BUILD_WAIT_MS = 10 * 60_000

/**
 * Makes the production build unless the one in `.next` was made from exactly these sources.
 * @param {{ log: (line: string) => void, closers?: import('./closers.mjs').Closers }} options
 * @throws {Stop} with the end of the compiler's output
 */
export async function ensureBuilt({ log, closers }) {
  mkdirSync(inRoot('.data'), { recursive: true })
  await withStartLock(inRoot('.data/build.lock'), () => build(log, closers), BUILD_WAIT_MS)
}

async function build(log, closers) {
  const stamp = inRoot('.next/leasehold-build.json')
  const sources = fingerprint()
  if (existsSync(stamp) && JSON.parse(readFileSync(stamp, 'utf8')).sources === sources) return
  rmSync(stamp, { force: true })
  log('Building (about half a minute) …')
  const startedAt = performance.now()
  const { code, output } = await runChild(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', BUILD_TYPES: 'off' },
    closers,
  })
  if (code !== 0) throw new Stop(`${tail(output, 40)}\n\nThe build failed, its last lines are above.`)
  writeFileSync(stamp, JSON.stringify({ sources }))
  log(`Built in ${Math.round((performance.now() - startedAt) / 1000)} s`)
}

function fingerprint() {
  const hash = createHash('sha256').update(process.env.BUILD_STANDALONE ? 'standalone' : '')
  for (const file of SOURCES.flatMap((name) => filesOf(inRoot(name))).sort()) {
    hash.update(path.relative(inRoot(), file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

function filesOf(place) {
  const found = statSync(place, { throwIfNoEntry: false })
  if (!found) return []
  if (found.isFile()) return [place]
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test\.tsx?|md)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
}
