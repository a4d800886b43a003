import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { loopbackPort } from './ports.mjs'
import { Stop } from './stop.mjs'

const START_TIMEOUT_MS = 30_000

const PROGRAMS = [
  ...(process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'slapd')),
  ...['/usr/sbin/slapd', '/usr/local/sbin/slapd', '/usr/lib/openldap/slapd', '/usr/libexec/slapd'],
  ...['/opt/homebrew/opt/openldap/libexec/slapd', '/usr/local/opt/openldap/libexec/slapd'],
]
const SCHEMAS = ['/etc/ldap/schema', '/etc/openldap/schema', '/opt/homebrew/etc/openldap/schema']
const MODULES = ['/usr/lib/ldap', '/usr/lib/openldap', '/usr/lib64/openldap', '/usr/libexec/openldap']

/** The server program, its schemas and its modules, as far as this machine has them. */
function installation() {
  return {
    program: PROGRAMS.find((file) => existsSync(file)),
    schema: SCHEMAS.find((folder) => existsSync(path.join(folder, 'core.schema'))),
    modules: MODULES.find((folder) => existsSync(folder)),
  }
}

/**
 * Why an OpenLDAP server cannot be started here, in one sentence; null when it can. It is asked to read
 * the very configuration the tests use, since some systems forbid it any folder but its own.
 * @returns {string | null}
 */
export function slapdTrouble() {
  const found = installation()
  if (!found.program) return 'OpenLDAP’s server (slapd) is not installed.'
  if (!found.schema) return 'OpenLDAP’s server (slapd) is here, but its schemas are not.'
  const dir = mkdtempSync(path.join(os.tmpdir(), 'leasehold-slapd-'))
  try {
    const file = writeSettings(dir, found, {})
    const { status, stderr } = spawnSync(found.program, ['-Tt', '-u', '-f', file], { encoding: 'utf8' })
    if (status === 0) return null
    const why = (stderr ?? '').trim().split('\n').at(-1)
    return `OpenLDAP’s server (slapd) is here, but cannot be used: ${why}.`
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * Installs the server from the distribution where that can be done without asking anybody. Without it the
 * tests that need it are skipped and say so.
 * @param {(line: string) => void} log
 */
export function ensureSlapd(log) {
  if (!slapdTrouble()) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && !installation().program) {
    log("Installing the system's OpenLDAP server …")
    withoutService(() => {
      install('apt-get', ['update', '-qq'])
      install('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'slapd'])
    })
  }
  const trouble = slapdTrouble()
  if (trouble) log(`${trouble} The tests that need it are skipped.`)
}

function install(file, args, input) {
  spawnSync(file, args, {
    input,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
    timeout: 10 * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

const POLICY = '/usr/sbin/policy-rc.d'

/** Only the program is wanted: no directory of the machine's own, and no service. Source: invoke-rc.d(8). */
function withoutService(work) {
  install('debconf-set-selections', [], 'slapd slapd/no_configuration boolean true\n')
  const ours = !existsSync(POLICY)
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    work()
  } finally {
    if (ours) rmSync(POLICY, { force: true })
  }
}

export const suffix = 'dc=halden,dc=example'
export const peopleBase = `ou=people,${suffix}`
export const groupsBase = `ou=groups,${suffix}`
/** May read everything and change the members of groups, nothing else. */
export const operator = { dn: `cn=leasehold,ou=services,${suffix}`, password: 'op€ rator/only for the tests' }
/** May do everything. */
export const administrator = { dn: `cn=admin,${suffix}`, password: 'administrator only for the tests' }

/** The operator's rights, word for word the example in docs/connectors/ldap.md. */
export const rights = `access to dn.subtree="${groupsBase}" attrs=member,uniqueMember,memberUid
  by dn.exact="${operator.dn}" write
  by users read
access to attrs=userPassword
  by anonymous auth
  by * none
access to *
  by users read
limits dn.exact="${operator.dn}" size=unlimited`

function writeSettings(dir, { schema, modules }, options) {
  const { tls } = options
  const data = path.join(dir, 'data')
  mkdirSync(data, { recursive: true })
  const module = (name) => modules && ['.so', '.la'].some((end) => existsSync(path.join(modules, name + end)))
  const lines = [
    ...['core', 'cosine', 'nis', 'inetorgperson', 'dyngroup'].map(
      (name) => `include ${path.join(schema, `${name}.schema`)}`,
    ),
    ...(modules ? [`modulepath ${modules}`] : []),
    ...['back_mdb', 'memberof', 'refint', 'ppolicy'].filter(module).map((name) => `moduleload ${name}`),
    ...(tls
      ? [
          `TLSCACertificateFile ${tls.ca}`,
          `TLSCertificateFile ${tls.cert}`,
          `TLSCertificateKeyFile ${tls.key}`,
        ]
      : []),
    'database mdb',
    `suffix "${suffix}"`,
    `rootdn "${administrator.dn}"`,
    `rootpw "${administrator.password}"`,
    `directory ${data}`,
    'maxsize 1073741824',
    // A crash of the machine may lose the last moments of a test.
    'dbnosync',
    'index objectClass,entryUUID,member,uniqueMember,memberUid,uid,mail,cn,gidNumber eq',
    'overlay ppolicy',
    'overlay memberof',
    'overlay refint',
    'refint_attributes member uniqueMember memberOf',
    options.rights ?? rights,
    '',
  ]
  const file = path.join(dir, 'slapd.conf')
  writeFileSync(file, lines.join('\n'), { mode: 0o600 })
  return file
}

/**
 * Starts an OpenLDAP server of our own on free loopback ports, with its configuration and data in a temporary
 * folder and the overlays that keep memberships in step with renames and deletions.
 * @param {{ rights?: string, tls?: { ca: string, cert: string, key: string } }} [options] `rights`: access rules
 *   instead of the usual; `tls`: files of a certificate for it
 * @returns {Promise<Slapd>}
 * @throws {Stop} with the server's own words when it cannot be started
 */
export async function startSlapd(options = {}) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'leasehold-slapd-'))
  const found = installation()
  if (!found.program || !found.schema) throw new Stop(slapdTrouble() ?? 'slapd is not installed.')
  const settings = writeSettings(dir, found, options)
  const slapd = new Slapd({
    dir,
    program: found.program,
    settings,
    port: await loopbackPort(0),
    tlsPort: options.tls ? await loopbackPort(0) : null,
  })
  await slapd.start()
  return slapd
}

class Slapd {
  #child
  #files
  host = '127.0.0.1'

  constructor({ port, tlsPort, ...files }) {
    this.port = port
    this.tlsPort = tlsPort
    this.#files = files
  }

  /** Starts it, again too, and waits until it answers. */
  async start() {
    const { dir, program, settings } = this.#files
    const addresses = [`ldap://127.0.0.1:${this.port}/`]
    if (this.tlsPort) addresses.push(`ldaps://127.0.0.1:${this.tlsPort}/`)
    const log = path.join(dir, 'slapd.log')
    const output = openSync(log, 'a')
    const child = spawn(program, ['-f', settings, '-h', addresses.join(' '), '-d', '0'], {
      stdio: ['ignore', output, output],
    })
    this.#child = child
    const leave = () => child.kill('SIGKILL')
    process.once('exit', leave)
    child.once('exit', () => process.off('exit', leave))
    const until = performance.now() + START_TIMEOUT_MS
    while (!(await answers(this.port))) {
      if (child.exitCode !== null || performance.now() > until) {
        const words = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' ')
        await this.stop()
        throw new Stop(`slapd could not be started: ${words}`)
      }
      await delay(20)
    }
  }

  /** Ends it as a power cut would; its data stay. */
  kill() {
    return this.#end('SIGKILL')
  }

  /** Ends it and removes what it kept. */
  async stop() {
    await this.#end('SIGTERM')
    rmSync(this.#files.dir, { recursive: true, force: true })
  }

  async #end(signal) {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port })
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
