import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mendPostgres } from './mend-postgres.mjs'
import { inRoot, root } from './root.mjs'
import { Stop } from './stop.mjs'

/** @throws {Stop} when this Node.js is older than package.json asks for */
export function requireNode(version = process.versions.node) {
  const wanted = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).engines.node.replace('>=', '')
  const [major, minor] = wanted.split('.').map(Number)
  const [ourMajor, ourMinor] = version.split('.').map(Number)
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return
  throw new Stop(`Leasehold needs Node.js ${wanted} or newer, and this is ${version}.`)
}

/**
 * Installs the packages unless those of the lock file are already there.
 * @param {(line: string) => void} log
 * @throws {Stop} when npm fails
 */
export function ensureInstalled(log) {
  if (isInstalled()) return mendPostgres()
  log('Installing packages (about a minute) …')
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const ran = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (ran.status !== 0)
    throw new Stop('The packages could not be installed: npm ci failed, its message is above.')
}

/** npm writes down what it put into node_modules. */
function isInstalled() {
  const installedFile = inRoot('node_modules/.package-lock.json')
  if (!existsSync(installedFile)) return false
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  return holds(packagesOf(installedFile), packagesOf(inRoot('package-lock.json')))
}

/**
 * Whether every package of a lock file is installed, in its version. Optional ones are those of other platforms
 * as well, so they may be missing.
 * @param {Record<string, { version?: string }>} installed
 * @param {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} wanted
 */
export function holds(installed, wanted) {
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '') return true
    const found = installed[place]
    return found ? found.version === entry.version : Boolean(entry.optional || entry.devOptional)
  })
}
