import { spawn } from 'node:child_process'
import { root } from './root.mjs'

/**
 * Runs a program of the checkout to its end.
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, show?: boolean, closers?: import('./closers.mjs').Closers }} [options]
 *   `show` passes its output through, otherwise it is kept
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runChild(file, args, { env = {}, show = false, closers } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    const forget = closers?.add(() => child.kill('SIGTERM'))
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk) => {
        output += chunk
      })
    }
    child.once('error', reject)
    child.once('close', (code, signal) => {
      forget?.()
      resolve({ code: code ?? (signal ? 1 : 0), output })
    })
  })
}

/** Runs one of our TypeScript commands; it resolves `@/…` and `server-only` as the tests do. */
export function runTypeScript(script, args = [], options = {}) {
  const flags = ['node_modules/tsx/dist/cli.mjs', '--tsconfig', 'scripts/tsconfig.json']
  return runChild(process.execPath, [...flags, script, ...args], options)
}

/** The last lines of a program's output, for an error message. */
export function tail(text, lines = 15) {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}
