import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive } from './processes.mjs'
import { Stop } from './stop.mjs'

const BEAT_MS = 1_000
const STALE_MS = 15_000

/**
 * Runs `work` while holding the lock file, so that starts, stops and builds in one folder do not cross. The
 * holder touches the file every second; one whose holder is gone or silent for 15 s is taken over, so neither
 * a killed process nor a reused process id blocks the next start.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {number} [waitMs] how long to wait for another holder
 * @returns {Promise<T>}
 */
export async function withStartLock(file, work, waitMs = 60_000) {
  const giveUpAt = Date.now() + waitMs
  while (!take(file)) {
    if (isStale(file)) {
      rmSync(file, { force: true })
    } else if (Date.now() > giveUpAt) {
      throw new Stop(
        `Another start has been holding ${file} for ${waitMs / 1000} s: end it, or delete the file.`,
      )
    } else {
      await delay(50)
    }
  }
  const beat = setInterval(() => touch(file), BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new Stop(`Cannot write ${file} (${error.code}): the folder belongs to another user.`)
  }
}

function isStale(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'))
    const silentMs = Date.now() - statSync(file).mtimeMs
    return silentMs > STALE_MS || (holder > 0 && !isAlive(holder))
  } catch {
    return false
  }
}

function touch(file) {
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // Taken over by another start after a long pause of this machine: nothing to keep alive.
  }
}
