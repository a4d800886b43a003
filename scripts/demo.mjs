// `npm run demo`: from a fresh clone to the running product on a local port. What needs packages is loaded after they
// are installed, and what needs a newer Node.js than may be here after that was checked.
import { rmSync } from 'node:fs'
import { Closers } from './lib/closers.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { isFree } from './lib/ports.mjs'
import { inRoot, root } from './lib/root.mjs'
import { command, Stop } from './lib/stop.mjs'

const usage = 'npm run demo -- [--port 3000] [--host 127.0.0.1] [--grants 400] [--reset]'
const say = (line) => console.log(`  ${line}`)
const closers = new Closers().onSignals(() => console.log('\nStopped. The data is kept for next time.'))

await command(async () => {
  process.chdir(root)
  requireNode()
  const options = await readOptions()
  const { demoSecrets, noteRunning, onlyThese, runningDemo, runningFile } = await import(
    './lib/demo-settings.mjs'
  )
  await refuseTaken(options, await runningDemo())
  ensureInstalled(say)
  const { prepareDatabases } = await import('./lib/prepare.mjs')
  const { ensureBuilt } = await import('./lib/build.mjs')
  const { serveBuild } = await import('./lib/serve.mjs')

  const secrets = demoSecrets()
  const settings = onlyThese({
    ...secrets,
    LEASEHOLD_MODE: 'demo',
    APP_URL: `http://localhost:${options.port}`,
    EGRESS_ALLOW: ['loopback', process.env.EGRESS_ALLOW].filter(Boolean).join(','),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
  })
  try {
    const [databases] = await both([
      prepareDatabases({
        dir: '.data/postgres',
        url: process.env.DATABASE_URL,
        warehouseUrl: process.env.WAREHOUSE_URL,
        settings,
        grants: options.grants,
        reset: options.reset,
        log: say,
        closers,
      }),
      ensureBuilt({ log: say, closers }),
    ])
    const app = await serveBuild({
      port: options.port,
      host: options.host,
      env: { ...settings, DATABASE_URL: databases.url },
      logFile: inRoot('.data/demo.log'),
      closers,
    })
    noteRunning(app.url)
    closers.add(() => rmSync(runningFile, { force: true }))
    await introduce(app.url, databases.warehouseUrl, settings.WAREHOUSE_PASSWORD)
    const code = await app.exited
    throw new Stop(`Leasehold ended by itself (${code ?? 'killed'}); its log is .data/demo.log.`)
  } catch (error) {
    await closers.failed(error)
  }
})

/** Waits for all of it, also when one part fails: nothing may still be starting while the rest is closed. */
async function both(parts) {
  const results = await Promise.allSettled(parts)
  const failed = results.find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
  return results.map(({ value }) => value)
}

async function readOptions() {
  const { parseArgs } = await import('node:util')
  let values
  try {
    values = parseArgs({
      options: {
        port: { type: 'string', default: '3000' },
        host: { type: 'string', default: '127.0.0.1' },
        grants: { type: 'string', default: '400' },
        reset: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Stop(`${error.message}\nUsage: ${usage}`)
  }
  const port = wholeNumber(values.port, 1, 65_535, '--port')
  const grants = wholeNumber(values.grants, 0, 2_000_000, '--grants')
  return { ...values, port, grants }
}

function wholeNumber(value, min, max, name) {
  const number = Number(value)
  if (Number.isInteger(number) && number >= min && number <= max) return number
  throw new Stop(`${name} must be a whole number from ${min} to ${max}.`)
}

async function refuseTaken({ port }, running) {
  if (running) throw new Stop(`The demo is already running at ${running.url}.`)
  if (await isFree(port, ['127.0.0.1', '0.0.0.0', '::'])) return
  throw new Stop(
    `Port ${port} is taken: stop what uses it, or choose another with npm run demo -- --port ${port + 1}.`,
  )
}

async function introduce(url, warehouseUrl, password) {
  const { cast, loginOf } = await import('./seed/people.mjs')
  const warehouse = new URL(warehouseUrl)
  warehouse.username = loginOf('ana')
  warehouse.password = password
  warehouse.search = ''
  const people = cast
    .filter((person) => person.part)
    .map((person) => `${person.name.padEnd(18)} ${person.part}`)
  console.log(`
  Leasehold is running at ${url}

  Sign in as (choose a name on the sign-in page):
    ${people.join('\n    ')}

  Mails can be read at   ${url}/dev/mail
  Warehouse, as Ana      psql ${warehouse.href}
  Move the clock with    npm run clock -- +5h   (or from the banner on every page)
  Stop with              Ctrl-C; the data is kept, npm run demo -- --reset starts anew
`)
}
