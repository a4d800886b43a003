import { spawnSync } from 'node:child_process'
import { chownSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Stop } from './stop.mjs'

const CAPABILITIES = '+dac_override,+dac_read_search'

/**
 * How to run PostgreSQL, which refuses to run as root. An ordinary user runs it as themselves. Root hands it
 * to the owner of the existing data folder, else to `postgres` or `nobody`; initdb wants a user that has a
 * name. When that user cannot reach the checkout (a root home of mode 0700), `setpriv` lends it the right to
 * read across folder permissions.
 * @param {string} binary the postgres executable
 * @param {string} dir folder the server will live in; must exist
 * @param {string} data its data folder; need not exist
 * @returns {{ wrap: (cmd: string, args: string[]) => [string, string[]], options: { uid?: number, gid?: number }, own: (file: string) => void }}
 */
export function runAs(binary, dir, data) {
  if (process.getuid?.() !== 0) return { wrap: (cmd, args) => [cmd, args], options: {}, own: () => {} }
  const { uid, gid } = ownerOf(data) ?? knownUser()
  const own = (file) => chownSync(file, uid, gid)
  own(dir)
  const reaches =
    spawnSync(binary, ['--version'], { uid, gid }).status === 0 &&
    spawnSync('/bin/sh', ['-c', 'test -x "$1" && test -w "$1"', 'sh', dir], { uid, gid }).status === 0
  if (reaches) return { wrap: (cmd, args) => [cmd, args], options: { uid, gid }, own }

  // Without the securebit, access(2) still judges by the plain uid and initdb calls its binaries invalid.
  const lend = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${CAPABILITIES}`,
    `--ambient-caps=${CAPABILITIES}`,
    '--',
  ]
  if (spawnSync('setpriv', [...lend, binary, '--version']).status !== 0) {
    throw new Stop(
      `PostgreSQL cannot run as root, and user ${uid} may not read ${path.dirname(binary)}: ` +
        'start as an ordinary user, or set DATABASE_URL to a database of your own.',
    )
  }
  return { wrap: (cmd, args) => ['setpriv', [...lend, cmd, ...args]], options: {}, own }
}

function ownerOf(folder) {
  const found = statSync(folder, { throwIfNoEntry: false })
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

function knownUser() {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!user) {
    throw new Stop(
      'PostgreSQL cannot run as root, and there is neither a user postgres nor nobody: ' +
        'start as an ordinary user, or set DATABASE_URL to a database of your own.',
    )
  }
  return { uid: Number(user[2]), gid: Number(user[3]) }
}
