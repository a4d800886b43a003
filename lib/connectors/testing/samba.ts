/**
 * A Samba domain controller of the tests' own, in a network of its own: its ports are fixed, and nobody's machine
 * should answer on them. A relay inside that network is reached over a Unix socket, which networks share.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'ldapts'

const START_TIMEOUT_MS = 60_000
/** From the schema: the attribute `member`, the class `group`. */
const MEMBER = 'bf9679c0-0de6-11d0-a285-00aa003049e2'
const GROUP = 'bf967a9c-0de6-11d0-a285-00aa003049e2'

export const domain = 'DC=halden,DC=example'
export const peopleOu = `OU=People,${domain}`
export const groupsOu = `OU=Leased,${domain}`
export const administrator = {
  dn: `CN=Administrator,CN=Users,${domain}`,
  password: 'Adm1n only for the tests',
}
export const operator = { dn: `CN=leasehold,CN=Users,${domain}`, password: 'Op€ rator/0nly for the tests' }

/** Why there can be no domain controller here, in one sentence; null when there can. */
export function sambaTrouble(): string | null {
  if (process.env.LEASEHOLD_TEST_SAMBA !== '1')
    return 'A Samba domain controller is only started with LEASEHOLD_TEST_SAMBA=1.'
  if (process.getuid?.() !== 0) return 'A Samba domain controller needs root and a network of its own.'
  const missing = ['/usr/sbin/samba', '/usr/bin/samba-tool', '/usr/bin/unshare'].filter(
    (file) => !existsSync(file),
  )
  return missing.length > 0
    ? `A Samba domain controller needs Debian’s samba-ad-dc and samba-ad-provision (no ${missing.join(', ')}).`
    : null
}

export interface Samba {
  port: number
  /** Runs one of its administrator's commands on its files. */
  tool: (...args: string[]) => string
  close: () => Promise<void>
}

const RELAY = `
  const net = require('node:net')
  net.createServer((near) => {
    const far = net.connect(389, '127.0.0.1')
    near.pipe(far).pipe(near)
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  }).listen(process.argv[1])`

/** Provisions and starts it; half a minute. The operator may change members in one unit, nothing else. */
export async function startSamba(): Promise<Samba> {
  const dir = mkdtempSync(path.join(tmpdir(), 'leasehold-samba-'))
  const file = (...parts: string[]) => path.join(dir, ...parts)
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('/usr/bin/samba-tool', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`samba-tool ${args.slice(0, 2).join(' ')}: ${stderr || stdout}`)
    return stdout
  }
  run(
    ...['domain', 'provision', '--realm=HALDEN.EXAMPLE', '--domain=HALDEN', '--server-role=dc'],
    ...['--dns-backend=NONE', '--host-name=dc1', '--host-ip=127.0.0.1', `--targetdir=${dir}`],
    `--adminpass=${administrator.password}`,
  )
  const settings = file('smb.conf')
  writeFileSync(settings, settingsOf(dir))
  const sam = ['-H', file('private', 'sam.ldb'), '-s', settings]
  const tool: Samba['tool'] = (...args) => run(...args, ...sam)
  tool('ou', 'create', peopleOu)
  tool('ou', 'create', groupsOu)
  tool('user', 'create', 'leasehold', operator.password)
  const sid = /objectSid: (\S+)/.exec(tool('user', 'show', 'leasehold', '--attributes=objectSid'))?.[1]
  tool('dsacl', 'set', `--objectdn=${groupsOu}`, `--sddl=(OA;CIIO;RPWP;${MEMBER};${GROUP};${sid})`)

  const socket = file('relay.sock')
  const inside =
    'ip link set lo up && "$1" -e "$2" "$3" & exec samba -F --no-process-group -M single -s "$4" --debug-stdout'
  const server = spawn(
    'unshare',
    ['-n', 'sh', '-c', inside, 'sh', process.execPath, RELAY, socket, settings],
    { stdio: 'ignore', detached: true },
  )
  const leave = () => void (server.pid && process.kill(-server.pid, 'SIGKILL'))
  process.once('exit', leave)
  server.once('exit', () => process.off('exit', leave))
  const door = net.createServer((near) => {
    const far = net.connect(socket)
    near.pipe(far).pipe(near)
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const { port } = door.address() as AddressInfo
  const close = async () => {
    await end(server)
    await new Promise((resolve) => door.close(resolve))
    rmSync(dir, { recursive: true, force: true })
  }
  const until = performance.now() + START_TIMEOUT_MS
  while (!(await answers(port))) {
    if (performance.now() > until || server.exitCode !== null) {
      await close()
      throw new Error('The Samba domain controller did not start.')
    }
    await delay(100)
  }
  return { port, tool, close }
}

function settingsOf(dir: string): string {
  const at = (name: string) => {
    mkdirSync(path.join(dir, name), { recursive: true })
    return path.join(dir, name)
  }
  return `[global]
  realm = HALDEN.EXAMPLE
  workgroup = HALDEN
  netbios name = DC1
  server role = active directory domain controller
  server services = ldap
  interfaces = lo
  bind interfaces only = yes
  ldap server require strong auth = no
  tls enabled = no
  ldb:nosync = true
  private dir = ${path.join(dir, 'private')}
  state directory = ${at('state')}
  cache directory = ${at('cache')}
  lock directory = ${dir}
  pid directory = ${at('run')}
  ncalrpc dir = ${at('ncalrpc')}
  ntp signd socket directory = ${at('ntp')}
  winbindd socket directory = ${at('winbindd')}
  logging = file
  log file = ${path.join(dir, 'log')}
[sysvol]
  path = ${path.join(dir, 'state', 'sysvol')}
[netlogon]
  path = ${path.join(dir, 'state', 'sysvol', 'halden.example', 'scripts')}
`
}

/** It and its relay: they are one process group. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  process.kill(-server.pid, 'SIGTERM')
  await ended
}

/** Whether the controller itself answers; the relay alone would only hang up. */
async function answers(port: number): Promise<boolean> {
  const client = new Client({ url: `ldap://127.0.0.1:${port}`, timeout: 2_000, connectTimeout: 2_000 })
  try {
    await client.search('', { scope: 'base', attributes: ['defaultNamingContext'] })
    return true
  } catch {
    return false
  } finally {
    await client.unbind()
  }
}
