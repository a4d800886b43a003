import { type Browser, type CDPSession, chromium } from 'playwright'
import { GRANTS_PATH } from '@/lib/grant-url'
import { browserOptions } from '@/scripts/lib/browser.mjs'
import { type App, serveApp } from '../lib/app'
import { quantile, rounded } from '../lib/numbers'
import { seededOrganisation } from '../lib/organisation'
import type { Part } from '../lib/part'
import { inTurns } from '../lib/turns'

/** The page with least on it that somebody signed in can open: the shell, and a list of links. */
const TRIVIAL = '/settings'
const often = { times: 40, warm: 6 }
const VISITS = 7
const THROTTLE = 4

interface Visit {
  /** When the largest thing of the page was painted, milliseconds after it was asked for. */
  readonly paintedMs: number
  /** What was transferred of script, as it came over the wire. */
  readonly scriptBytes: number
}

/** A first visit: an empty cache, on a processor that is so many times slower than this one. */
async function visit(browser: Browser, app: App, path: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const [name = '', value = ''] = app.cookie.split('=')
  await context.addCookies([{ name, value, url: app.url }])
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
  const script = await countScript(session)
  await page.goto(`${app.url}${path}`, { waitUntil: 'networkidle' })
  const paintedMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      }),
  )
  await context.close()
  return { paintedMs, scriptBytes: script() }
}

async function countScript(session: CDPSession): Promise<() => number> {
  await session.send('Network.enable')
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  return () => bytes
}

async function visits(app: App): Promise<{ grants: Visit; trivial: Visit }> {
  const browser = await chromium.launch(browserOptions())
  try {
    const [grants, trivial]: [Visit[], Visit[]] = [[], []]
    for (let round = 0; round < VISITS; round++) {
      grants.push(await visit(browser, app, GRANTS_PATH))
      trivial.push(await visit(browser, app, TRIVIAL))
    }
    const median = (all: readonly Visit[], of: keyof Visit) =>
      quantile(
        all.map((one) => one[of]),
        0.5,
      )
    const middle = (all: readonly Visit[]): Visit => ({
      paintedMs: median(all, 'paintedMs'),
      scriptBytes: median(all, 'scriptBytes'),
    })
    return { grants: middle(grants), trivial: middle(trivial) }
  } finally {
    await browser.close()
  }
}

export const dashboardPart: Part = {
  name: 'dashboard',
  what: 'Access grants over a million, beside the page with least on it',
  async run(bench) {
    const { url: databaseUrl, database, adminId: personId } = await seededOrganisation(bench)
    const app = await serveApp(bench, { databaseUrl, db: database.db, personId, name: 'dashboard' })
    const html = await inTurns({ grants: () => app.get(GRANTS_PATH), trivial: () => app.get(TRIVIAL) }, often)
    const { grants, trivial } = await visits(app)
    const kb = (bytes: number) => Math.round(bytes / 1000)
    return [
      {
        what: 'HTML, p95 ÷ a trivial page’s',
        measured: rounded(html.grants / html.trivial),
        unit: '',
        bound: { atMost: 2 },
      },
      { what: '… p95', measured: rounded(html.grants, 1), unit: 'ms', bound: null },
      { what: '… p95 of the trivial page', measured: rounded(html.trivial, 1), unit: 'ms', bound: null },
      { what: 'Script transferred', measured: kb(grants.scriptBytes), unit: 'KB', bound: { atMost: 230 } },
      { what: '… of the trivial page', measured: kb(trivial.scriptBytes), unit: 'KB', bound: null },
      {
        what: 'Largest paint at a quarter of the processor ÷ a trivial page’s',
        measured: rounded(grants.paintedMs / trivial.paintedMs),
        unit: '',
        bound: { atMost: 1.5 },
      },
      { what: '… median', measured: Math.round(grants.paintedMs), unit: 'ms', bound: null },
      { what: '… of the trivial page', measured: Math.round(trivial.paintedMs), unit: 'ms', bound: null },
    ]
  },
}
