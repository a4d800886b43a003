import { spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { tail } from './child.mjs'
import { inRoot, root } from './root.mjs'
import { Stop } from './stop.mjs'

const READY_TIMEOUT_MS = 60_000
// The engine may take 30 s to finish or give back what it holds.
const STOP_TIMEOUT_MS = 35_000

/**
 * Serves the production build and waits until it says that it is ready; `closers` stop it.
 * @param {object} options
 * @param {number} options.port
 * @param {string} [options.host]
 * @param {Record<string, string>} options.env
 * @param {string} options.logFile
 * @param {import('./closers.mjs').Closers} options.closers
 * @returns {Promise<{ url: string, pid: number, exited: Promise<number | null> }>}
 * @throws {Stop} when it ends or is not ready within a minute
 */
export async function serveBuild({ port, host = '127.0.0.1', env, logFile, closers }) {
  const log = openSync(logFile, 'w')
  const next = inRoot('node_modules/next/dist/bin/next')
  // Not through npx, which does not pass signals on; detached, so that a Ctrl-C reaches it once, from us.
  const child = spawn(
    process.execPath,
    ['--import', inRoot('scripts/lib/follow-parent.mjs'), next, 'start', '-p', String(port), '-H', host],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    },
  )
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)))
  let running = true
  void exited.then(() => {
    running = false
  })
  closers.add(async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await exited
    clearTimeout(late)
  })
  const address = host === '0.0.0.0' ? '127.0.0.1' : host
  await ready(`http://${address}:${port}/api/health?ready`, () => running, logFile)
  return { url: `http://localhost:${port}`, pid: child.pid ?? 0, exited }
}

async function ready(url, isRunning, logFile) {
  const giveUpAt = Date.now() + READY_TIMEOUT_MS
  let answer = 'it did not answer'
  while (isRunning() && Date.now() < giveUpAt) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      if (response.ok) return
      answer = `it answered ${response.status} ${tail(await response.text(), 1)}`
    } catch (error) {
      if (error.cause?.message === 'bad port') {
        throw new Stop(`Browsers refuse to open port ${new URL(url).port}: choose another.`)
      }
      // Not listening yet.
    }
    await delay(100)
  }
  const why = isRunning() ? `after a minute ${answer}` : 'the server ended'
  throw new Stop(
    `${tail(readFileSync(logFile, 'utf8'))}\n\nLeasehold did not start: ${why}; its log is ${logFile}.`,
  )
}
