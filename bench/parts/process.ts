import { GRANTS_PATH } from '@/lib/grant-url'
import { ensureBuilt } from '@/scripts/lib/build.mjs'
import { Closers } from '@/scripts/lib/closers.mjs'
import { type App, serveApp } from '../lib/app'
import { quantile, rounded } from '../lib/numbers'
import { seededOrganisation } from '../lib/organisation'
import type { Part } from '../lib/part'
import { memoryMb } from '../lib/processes'

const STARTS = 5
const REQUESTS = 6_000
const HOUR_MS = 3_600_000
/** So many people click at the same time. */
const AT_ONCE = 4
/** After so many requests everything is loaded, and the heap has found its size. */
const WARM = 1_000
const PATHS = [
  ...['/', '/catalogue', '/approvals', '/requests', '/you', '/api/health?live', GRANTS_PATH],
  ...[`${GRANTS_PATH}?show=active`, `${GRANTS_PATH}?q=weiss`, `${GRANTS_PATH}?sort=-granted`],
  ...['/settings', '/settings/people', '/settings/audit', '/settings/organisation'],
  ...['policies', 'applications', 'overdue'].map((place) => `/settings/access-management/${place}`),
]

/** Asks for one path after the other until so many were asked for, or the time is over. How many. */
async function traffic(app: App, { requests, until }: { requests: number; until: number }): Promise<number> {
  let asked = 0
  const visitor = async () => {
    while (asked < requests && performance.now() < until) {
      await app.get(PATHS[asked++ % PATHS.length] ?? '/')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, visitor))
  return asked
}

export const processPart: Part = {
  name: 'process',
  what: 'the server: from its start to its first healthy answer, and its memory under traffic',
  async run(bench) {
    // A thousandth of it: what is measured here is the process and not its database.
    const { url, database, adminId } = await seededOrganisation({ ...bench, scale: bench.scale / 100 })
    await ensureBuilt({ log: bench.say, closers: bench.closers })
    const settings = { databaseUrl: url, db: database.db, personId: adminId, name: 'process' }
    const starts: number[] = []
    for (let start = 0; start < STARTS; start++) {
      const closers = new Closers()
      const began = performance.now()
      await serveApp({ ...bench, closers }, settings)
      starts.push(performance.now() - began)
      await closers.close()
    }
    const app = await serveApp(bench, { ...settings, loop: true })
    await traffic(app, { requests: WARM, until: Number.POSITIVE_INFINITY })
    const warm = memoryMb(app.pid)
    const long = bench.options.long !== undefined
    const began = performance.now()
    const asked = await traffic(app, {
      requests: long ? Number.POSITIVE_INFINITY : Math.round(REQUESTS * bench.scale),
      until: long ? began + HOUR_MS : Number.POSITIVE_INFINITY,
    })
    return [
      {
        what: 'Cold start, median of five',
        measured: rounded(quantile(starts, 0.5) / 1000),
        unit: 's',
        bound: null,
      },
      { what: 'Requests', measured: asked, unit: '', bound: null },
      { what: '… in', measured: rounded((performance.now() - began) / 60_000, 1), unit: 'min', bound: null },
      { what: `Memory after ${WARM} requests`, measured: rounded(warm, 1), unit: 'MB', bound: null },
      { what: 'Memory at the end', measured: rounded(memoryMb(app.pid), 1), unit: 'MB', bound: null },
    ]
  },
}
