import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { isAlive } from './processes.mjs'
import { inRoot } from './root.mjs'

const FILE = inRoot('.data/demo.env')
const RUNNING = inRoot('.data/demo.json')

/** What `next start` reads. */
const ENV_FILES = ['.env', '.env.local', '.env.production', '.env.production.local']

const MAKE = {
  AUTH_SECRET: () => randomBytes(33).toString('base64'),
  LEASEHOLD_SECRET_KEYS: () => `k1:${randomBytes(32).toString('base64')}`,
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: () => randomBytes(32).toString('base64'),
  CRON_SECRET: () => randomBytes(24).toString('base64url'),
  // Of the people's login roles in the warehouse.
  WAREHOUSE_PASSWORD: () => randomBytes(12).toString('hex'),
}

/** Fresh secrets for one install. */
export function newSecrets() {
  return Object.fromEntries(Object.entries(MAKE).map(([name, make]) => [name, make()]))
}

/**
 * The demo's own secrets, made at its first start and kept, so that sessions and sealed credentials outlive a
 * restart. The file is readable by its owner alone.
 * @returns {Record<string, string>}
 */
export function demoSecrets(file = FILE) {
  const kept = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const secrets = { ...newSecrets(), ...kept }
  if (Object.keys(MAKE).some((name) => !kept[name])) {
    mkdirSync(path.dirname(file), { recursive: true })
    const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`)
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  }
  return secrets
}

/**
 * The settings and nothing else: every other setting of the product, and every name in an `.env` of the checkout,
 * comes out empty. Next.js reads those files but overrides nothing that is set, and the product takes an empty
 * value as not set; so neither the shell nor an `.env` made for production sends real mail from a demo.
 * @param {Record<string, string>} settings
 * @param {string} [folder] of the `.env` files
 * @returns {Record<string, string>}
 */
export function onlyThese(settings, folder = inRoot()) {
  const known = [...readFileSync(inRoot('.env.example'), 'utf8').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)]
  const inFiles = ENV_FILES.map((name) => path.join(folder, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => Object.keys(parseEnv(readFileSync(file, 'utf8'))))
    .filter((name) => process.env[name] === undefined)
  const empty = [...known.map(([, name]) => name), ...inFiles].map((name) => [name, ''])
  return { ...Object.fromEntries(empty), ...settings }
}

/** Leaves word of the running demo for `npm run clock`. */
export function noteRunning(url) {
  writeFileSync(RUNNING, JSON.stringify({ url, pid: process.pid }))
}

/**
 * Where the demo runs, if it does. After a kill -9 the word it left is still there and its process id may be
 * somebody else's, even our own, so only its answer is believed.
 * @returns {Promise<{ url: string, pid: number } | undefined>}
 */
export async function runningDemo(file = RUNNING) {
  const left = readRunning(file)
  if (!left || left.pid === process.pid || !isAlive(left.pid)) return undefined
  try {
    const answer = await fetch(`${left.url}/api/health?live`, { signal: AbortSignal.timeout(3_000) })
    return answer.ok && (await answer.json()).ok === true ? left : undefined
  } catch {
    return undefined
  }
}

/** A file that was cut short says nothing. */
function readRunning(file) {
  try {
    const left = JSON.parse(readFileSync(file, 'utf8'))
    return typeof left?.url === 'string' && Number.isInteger(left.pid) ? left : undefined
  } catch {
    return undefined
  }
}

export { RUNNING as runningFile }
