// `npm run test:inngest -- --url http://127.0.0.1:8288`: the lease stories, driven by a real Inngest server that
// runs on this machine, such as `npx inngest-cli dev` or `inngest start`. For a server with keys, set
// INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY to its own. Each story waits for the server's cron, so the four take
// some ten minutes. `npm test` runs the same stories, and those about what may go wrong, on an in-memory driver.
import { runChild } from './lib/child.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/root.mjs'
import { command, Stop } from './lib/stop.mjs'

const STORIES = 'inngest/lease.db.test.ts'
/** One story moves the clock a few times, and the server's cron takes up to a minute each time. */
const PATIENCE_MS = 15 * 60_000

await command(async () => {
  process.chdir(root)
  requireNode()
  const { parseArgs } = await import('node:util')
  ensureInstalled((line) => console.log(line))
  const url = address(parseArgs, process.argv.slice(2))
  await expectServer(url)
  const hasKeys = Boolean(process.env.INNGEST_SIGNING_KEY && process.env.INNGEST_EVENT_KEY)
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'database', STORIES]
  const { code } = await runChild(process.execPath, [...args, `--testTimeout=${PATIENCE_MS}`], {
    show: true,
    env: { TEST_INNGEST_URL: url, INNGEST_BASE_URL: url, ...(hasKeys ? {} : { INNGEST_DEV: '1' }) },
  })
  return code
})

function address(parseArgs, args) {
  const sentence = 'Say where the Inngest server is: npm run test:inngest -- --url http://127.0.0.1:8288'
  let url
  try {
    url = parseArgs({ args, options: { url: { type: 'string' } } }).values.url
  } catch {
    throw new Stop(sentence)
  }
  if (!url || !URL.canParse(url)) throw new Stop(sentence)
  return new URL(url).origin
}

async function expectServer(url) {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5000) })
    if (answer.ok) return
  } catch {
    // Said below: whatever the reason, nothing there answers.
  }
  throw new Stop(`No Inngest server answers at ${url}/health. Start one and try again.`)
}
