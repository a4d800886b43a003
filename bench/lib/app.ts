import { request } from 'node:http'
import { type Db, schema } from '@/db/client'
import { hashToken, newId, newToken } from '@/lib/ids'
import { ensureBuilt } from '@/scripts/lib/build.mjs'
import { loopbackPort } from '@/scripts/lib/ports.mjs'
import { inRoot } from '@/scripts/lib/root.mjs'
import { serveBuild } from '@/scripts/lib/serve.mjs'
import type { Bench } from './part'

/** The production build at work on one database. */
export interface App {
  readonly url: string
  readonly pid: number
  /** The cookie of somebody who is signed in. */
  readonly cookie: string
  /** Asks for a path and reads the answer to its end. @throws where it is not 200 */
  get(path: string): Promise<Answer>
}

export interface Answer {
  readonly body: string
  /** Until the first byte of the body, and until its last; milliseconds. */
  readonly firstMs: number
  readonly lastMs: number
  readonly bytes: number
}

const PORT = 3231
const COOKIE = 'leasehold.session'

interface Settings {
  readonly databaseUrl: string
  readonly db: Db
  readonly personId: string
  readonly name: string
  /** Whether the engine runs in it. */
  readonly loop?: boolean
}

/** Serves the build, made now if its sources changed, to somebody who is signed in. */
export async function serveApp(
  bench: Bench,
  { databaseUrl, db, personId, name, loop = false }: Settings,
): Promise<App> {
  await ensureBuilt({ log: bench.say, closers: bench.closers })
  const port = await loopbackPort(PORT)
  const { url, pid } = await serveBuild({
    port,
    closers: bench.closers,
    logFile: inRoot(`.data/bench-${name}.log`),
    env: {
      DATABASE_URL: databaseUrl,
      APP_URL: `http://localhost:${port}`,
      LEASEHOLD_LOOP: loop ? 'on' : 'off',
    },
  })
  const cookie = `${COOKIE}=${await signedIn(db, personId)}`
  return { url, pid, cookie, get: (path) => get(port, path, cookie) }
}

/** A session of somebody's, that begins now; its token. */
async function signedIn(db: Db, personId: string): Promise<string> {
  const token = newToken()
  const now = new Date()
  await db.insert(schema.session).values({
    id: newId(),
    sessionToken: hashToken(token),
    userId: personId,
    expires: new Date(now.getTime() + 86_400_000),
    way: 'demo',
    device: 'The bench',
    signedInAt: now,
    provenAt: now,
    lastSeenAt: now,
  })
  return token
}

interface Options {
  readonly headers: Record<string, string>
  readonly onData: (chunk: Buffer) => void
  readonly signal?: AbortSignal
}

interface Answered {
  readonly status: number
  readonly firstMs: number
  readonly lastMs: number
  readonly bytes: number
}

/** Not fetch, whose own work would count as the server's. */
function ask(port: number, path: string, { headers, onData, signal }: Options): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    let [firstMs, bytes] = [0, 0]
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      headers: { host: `localhost:${port}`, ...headers },
      signal,
    })
    asked.on('response', (response) => {
      const end = () =>
        resolve({ status: response.statusCode ?? 0, firstMs, lastMs: performance.now() - began, bytes })
      response.on('data', (chunk: Buffer) => {
        firstMs ||= performance.now() - began
        bytes += chunk.length
        onData(chunk)
      })
      response.on('end', end)
      response.on('error', (error) => (signal?.aborted ? end() : reject(error)))
    })
    asked.on('error', (error) => {
      if (!signal?.aborted) reject(error)
    })
    asked.end()
  })
}

async function get(port: number, path: string, cookie: string): Promise<Answer> {
  const chunks: Buffer[] = []
  const { status, firstMs, lastMs, bytes } = await ask(port, path, {
    headers: { cookie },
    onData: (chunk) => chunks.push(chunk),
  })
  const body = Buffer.concat(chunks).toString('utf8')
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body.slice(0, 500)}`)
  return { body, firstMs, lastMs, bytes }
}

/** Downloads a file up to so many lines, keeps none of it, and then hangs up. */
export async function downloadOf(
  { url, cookie }: App,
  path: string,
  most: number,
): Promise<Answered & { readonly lines: number }> {
  const full = new AbortController()
  let lines = 0
  const answered = await ask(Number(new URL(url).port), path, {
    headers: { cookie },
    signal: full.signal,
    onData(chunk) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
      if (lines >= most) full.abort()
    },
  })
  if (answered.status !== 200) throw new Error(`${path} answered ${answered.status}.`)
  return { ...answered, lines }
}
