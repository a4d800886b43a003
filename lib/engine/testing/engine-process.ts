import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import { loopbackPort } from '@/scripts/lib/ports.mjs'
import type { Act } from './act'

const root = path.resolve(import.meta.dirname, '../../..')
let built: Promise<string> | undefined

/** The engine as one file: reading every module anew for each process takes most of its start. */
function engineFile(): Promise<string> {
  built ??= bundle(path.join(root, '.data', `engine-${process.pid}.mjs`))
  return built
}

/** Removes that file, where it was made; at the end of a file of tests. */
export async function forgetEngine(): Promise<void> {
  const file = await built
  if (file !== undefined) await rm(file, { force: true })
  built = undefined
}

async function bundle(outfile: string): Promise<string> {
  await build({
    absWorkingDir: root,
    entryPoints: ['lib/engine/testing/process.ts'],
    outfile,
    tsconfig: 'scripts/tsconfig.json',
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    jsx: 'automatic',
    // Half of a start is reading the file.
    minify: true,
    keepNames: true,
    // Some bundled packages are CommonJS and ask for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    logLevel: 'error',
  })
  return outfile
}

/** An engine in a process of its own. */
export interface EngineProcess {
  readonly pid: number
  /** It is up: its loop begins. Where the whole server is started, nothing says so, and this is at once. */
  readonly up: Promise<void>
  /** The signal that killed it; null where it ended by itself. */
  readonly died: Promise<NodeJS.Signals | null>
  /** Asks it to end, unless it is dead already; it does what it has in hand first. */
  stop(): void
  /** kill -9, unless it is dead already. */
  kill(): Promise<void>
}

interface Settings {
  readonly url: string
  readonly env?: Record<string, string>
}

/** Starts the engine alone; somebody may act in it first. */
export async function startEngine({ url, env, act }: Settings & { act?: Act }): Promise<EngineProcess> {
  const acts: Record<string, string> = act ? { ACT: JSON.stringify(act) } : {}
  const { child, ...started } = start([await engineFile()], { url, env: { ...acts, ...env } }, 'inherit')
  return { ...started, up: Promise.race([once(child, 'message'), started.died]).then(() => {}) }
}

/** Starts the whole server on the production build, which has to be there. */
export async function startServer({ url, env }: Settings): Promise<EngineProcess> {
  const port = await loopbackPort(0)
  const args = ['node_modules/next/dist/bin/next', 'start', '-p', String(port), '-H', '127.0.0.1']
  const own = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', APP_URL: `http://localhost:${port}` }
  const { child: _, ...started } = start(args, { url, env: { ...own, ...env } }, 'ignore')
  return { ...started, up: Promise.resolve() }
}

function start(args: string[], { url, env }: Settings, output: 'inherit' | 'ignore') {
  const child = spawn(
    process.execPath,
    // It ends with whoever started it, also where that was killed.
    ['--import', path.join(root, 'scripts/lib/follow-parent.mjs'), ...args],
    {
      cwd: root,
      env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: process.env.TEST_LOG ?? 'fatal', ...env },
      stdio: ['ignore', output, output, 'ipc'],
    },
  )
  const alive = () => child.exitCode === null && child.signalCode === null
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  return {
    child,
    pid: child.pid ?? 0,
    died: exit.then(([, signal]) => signal),
    stop() {
      if (alive()) child.kill('SIGTERM')
    },
    async kill() {
      if (alive()) child.kill('SIGKILL')
      await exit
    },
  }
}
