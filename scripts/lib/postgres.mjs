import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { databaseUrlIfGiven } from './database-url.mjs'
import { loopbackPort } from './ports.mjs'
import { postgresBinaries } from './postgres-binaries.mjs'
import { isAlive, isZombie } from './processes.mjs'
import { runAs } from './run-as.mjs'
import { withStartLock } from './start-lock.mjs'
import { Stop } from './stop.mjs'

const USER = 'leasehold'
const START_TIMEOUT_MS = 30_000
// Every launcher holds this lock shared; whoever gets it exclusively is the last one and stops the server.
const IN_USE_LOCK = 7_153_004

// Commits may wait for the disk in groups (a crash of the machine can lose the last moments of a demo or a
// test), but fsync stays on so that it cannot corrupt the data.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  synchronous_commit: 'off',
  fsync: 'on',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
}
// For data that is made anew by every run: making and dropping a database waits for no disk. A crash of the machine
// may spoil it, a crash of PostgreSQL may not.
// Several crowds may be at it at once.
const THROWAWAY = { ...SETTINGS, max_connections: '400', fsync: 'off', full_page_writes: 'off' }

/**
 * Makes sure a PostgreSQL server is there. With a `url` (by default DATABASE_URL) it starts nothing and only
 * derives addresses from it. Otherwise it starts the server that npm installed, keeping its data in `dir`, or
 * joins the one already running there; the last to leave stops it.
 * @param {{ dir?: string, url?: string, throwaway?: boolean, log?: (line: string) => void }} [options]
 *   `throwaway`: speed before safety, for tests
 * @returns {Promise<{ adminUrl: string, urlFor: (database: string) => string, stop: () => Promise<void> }>}
 *   `adminUrl` is a superuser's address of the `postgres` database (with a `url`: that address itself);
 *   `stop` may be called more than once
 * @throws {Stop} with one sentence when there can be no server
 */
export async function ensurePostgres({
  dir = '.data/postgres',
  url = process.env.DATABASE_URL,
  throwaway = false,
  log = () => {},
} = {}) {
  const given = databaseUrlIfGiven(url, 'DATABASE_URL')
  if (given)
    return { adminUrl: given, urlFor: (database) => withDatabase(given, database), stop: async () => {} }

  const home = path.resolve(dir)
  try {
    mkdirSync(home, { recursive: true })
  } catch (error) {
    throw new Stop(`The database folder ${home} cannot be made (${error.code}).`)
  }
  const server = await withStartLock(lockFile(home), () =>
    startOrJoin(home, throwaway ? THROWAWAY : SETTINGS, log),
  )
  const leave = once(() => withStartLock(lockFile(home), () => leaveOrStop(server, log)))
  return { adminUrl: server.adminUrl, urlFor: (name) => withDatabase(server.adminUrl, name), stop: leave }
}

/** The same server and user, another database. */
export function withDatabase(url, database) {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(database)}`
  return changed.href
}

const lockFile = (home) => path.join(home, 'start.lock')

function once(work) {
  let result
  return () => {
    result ??= work()
    return result
  }
}

async function startOrJoin(home, settings, log) {
  const data = path.join(home, 'data')
  const binaries = postgresBinaries()
  const as = runAs(binaries.postgres, home, data)
  const context = { home, data, binaries, as, settings, logFile: path.join(home, 'postgres.log') }
  if (!existsSync(path.join(data, 'PG_VERSION'))) await createCluster(context, log)
  refuseOtherMajor(context)
  const password = readPassword(context)
  const address = (port) => `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`

  const running = runningServer(data)
  if (running) {
    // The file may be left over and its process id taken by somebody else: only an answer proves a server.
    const session = await openSession(address(running.port), data).catch(() => undefined)
    if (session) {
      log(`PostgreSQL is already running on port ${running.port}`)
      return { ...context, adminUrl: address(running.port), session }
    }
  }
  const port = await launch(context)
  log(`PostgreSQL started on port ${port}`)
  try {
    return { ...context, adminUrl: address(port), session: await openSession(address(port), data) }
  } catch (error) {
    shutDown(context)
    throw new Stop(`PostgreSQL started in ${home} but cannot be reached (${error.message}).`)
  }
}

/** Into a temporary folder, then renamed: a start that was killed leaves nothing that looks like a database. */
async function createCluster({ home, data, binaries, as }, log) {
  const unfinished = path.join(home, 'data.new')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  as.own(unfinished)
  const passwordFile = path.join(home, 'password')
  rmSync(passwordFile, { force: true })
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  as.own(passwordFile)
  // The built-in provider knows every letter's upper and lower case whatever locales the machine has.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8']
  // The password is long and random: to hash it four thousand times for each connection protects nothing.
  const cheap = ['-c', 'scram_iterations=1']
  const access = ['--username', USER, '--pwfile', passwordFile, '--auth=scram-sha-256', ...cheap]
  const result = await run(as, binaries.initdb, ['--pgdata', unfinished, ...access, ...locale], home)
  if (result.code !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    throw new Stop(`The database in ${home} could not be created: ${lastLine(result.stderr)}`)
  }
  renameSync(unfinished, data)
  log('A new database folder was created')
}

function refuseOtherMajor({ data, binaries }) {
  let made
  try {
    made = Number(readFileSync(path.join(data, 'PG_VERSION'), 'utf8'))
  } catch (error) {
    throw new Stop(`The database folder ${data} cannot be read (${error.code}): it belongs to another user.`)
  }
  if (made === binaries.major) return
  throw new Stop(
    `The database in ${data} was made by PostgreSQL ${made} and this is PostgreSQL ${binaries.major}: ` +
      'move the folder away to start with an empty one, or dump it with the old version and load it again.',
  )
}

function readPassword({ home }) {
  try {
    return readFileSync(path.join(home, 'password'), 'utf8').trim()
  } catch (error) {
    throw new Stop(`The password of the database in ${home} cannot be read (${error.code}).`)
  }
}

/** What postmaster.pid says about the server that uses, or last used, this folder. */
function serverFile(data) {
  try {
    const lines = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

function runningServer(data) {
  const server = serverFile(data)
  return server?.ready && isAlive(server.pid) ? server : undefined
}

async function launch({ home, data, binaries, as, settings, logFile }) {
  // PostgreSQL overwrites the file of a dead server, but takes a zombie for a live one.
  if (isZombie(serverFile(data)?.pid)) rmSync(path.join(data, 'postmaster.pid'), { force: true })
  // A stable port per folder keeps the address the same from one start to the next.
  const preferred = 20_000 + (createHash('sha256').update(home).digest().readUInt16BE(0) % 20_000)
  const port = await loopbackPort(preferred)
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [cmd, args] = as.wrap(binaries.postgres, ['-D', data, '-p', String(port), ...flags])
  const logged = openSync(logFile, 'w')
  // Detached: a Ctrl-C in the terminal must reach the server through us, after the application has stopped.
  const child = spawn(cmd, args, {
    ...as.options,
    cwd: home,
    detached: true,
    stdio: ['ignore', logged, logged],
    env: cleanEnv(),
  })
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  child.once('error', () => {
    ended = true
  })
  child.unref()
  const giveUpAt = Date.now() + START_TIMEOUT_MS
  while (runningServer(data)?.pid !== child.pid) {
    if (ended || Date.now() > giveUpAt) {
      if (!ended) child.kill('SIGKILL')
      const log = readFileSync(logFile, 'utf8')
      throw new Stop(
        `PostgreSQL did not start: ${lastLine(log, /FATAL|PANIC|ERROR/)} (the whole log is in ${logFile})`,
      )
    }
    await delay(20)
  }
  return port
}

/** One connection per launcher, open until it leaves: its shared lock says that the server is in use. */
async function openSession(url, data) {
  const sql = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: 'leasehold launcher' },
  })
  try {
    const [row] = await sql`select current_setting('data_directory') as folder`
    if (row.folder !== data) throw new Error(`another database answers on this port: ${row.folder}`)
    await sql`select pg_advisory_lock_shared(${IN_USE_LOCK}::bigint)`
    return sql
  } catch (error) {
    await sql.end({ timeout: 1 })
    throw error
  }
}

async function leaveOrStop(server, log) {
  const { session } = server
  let last = true
  try {
    await session`select pg_advisory_unlock_shared(${IN_USE_LOCK}::bigint)`
    const [row] = await session`select pg_try_advisory_lock(${IN_USE_LOCK}::bigint) as last`
    last = row.last
  } catch {
    // The server is gone or going: stopping it once more does no harm.
  }
  await session.end({ timeout: 2 })
  if (!last) return
  shutDown(server)
  log('PostgreSQL stopped')
}

function shutDown({ home, data, binaries, as }) {
  if (!existsSync(path.join(data, 'postmaster.pid'))) return
  const [cmd, args] = as.wrap(binaries.pgCtl, ['stop', '-D', data, '-m', 'fast', '-w', '-t', '30'])
  spawnSync(cmd, args, { ...as.options, cwd: home, env: cleanEnv(), stdio: 'ignore' })
}

function run(as, binary, binaryArgs, cwd) {
  const [cmd, args] = as.wrap(binary, binaryArgs)
  return new Promise((resolve, reject) => {
    const child = spawn(cmd, args, {
      ...as.options,
      cwd,
      env: cleanEnv(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stderr }))
  })
}

// PGPORT, PGDATA and their kin in the caller's environment would change what the server does.
const cleanEnv = () => ({ PATH: process.env.PATH, LC_ALL: 'C' })

function lastLine(text, pattern = /./) {
  const lines = text.split('\n').filter((line) => line.trim())
  return (lines.findLast((line) => pattern.test(line)) ?? lines.at(-1) ?? 'it said nothing').trim()
}
