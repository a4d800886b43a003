import { GRANTS_PATH } from '@/lib/grant-url'
import { type App, downloadOf, serveApp } from '../lib/app'
import { rounded } from '../lib/numbers'
import { seededOrganisation } from '../lib/organisation'
import { type Bench, type Figure, type Part, wholeOption } from '../lib/part'
import { memoryMb } from '../lib/processes'

const ROWS = 1_000_000
const SAMPLE_MS = 100
/** Asked for once before, so that what the process holds for good is not counted: a few pages, and the head of each file. */
const WARM = ['/', GRANTS_PATH, '/settings/audit']

const exports = [
  { words: 'Access grants as CSV', path: `${GRANTS_PATH}/export?format=csv`, lines: 1 },
  { words: 'The audit log as CSV', path: '/settings/audit/export?format=csv', lines: 1 },
  { words: 'The audit log as JSON Lines', path: '/settings/audit/export?format=jsonl', lines: 0 },
] as const

/** Downloads so many rows and hangs up, as most people's patience does not; memory is read all the while. */
async function measure(bench: Bench, app: App, one: (typeof exports)[number]): Promise<Figure[]> {
  const before = memoryMb(app.pid)
  let most = before
  const sampling = setInterval(() => {
    most = Math.max(most, memoryMb(app.pid))
  }, SAMPLE_MS)
  const wanted = wholeOption(bench, 'rows', Math.round(ROWS * bench.scale))
  const { firstMs, lastMs, lines, bytes } = await downloadOf(app, one.path, wanted + one.lines)
  clearInterval(sampling)
  const rows = lines - one.lines
  if (rows < wanted) throw new Error(`${one.words}: ${rows} rows came, ${wanted} are there.`)
  return [
    {
      what: `${one.words}: first byte`,
      measured: rounded(firstMs / 1000, 3),
      unit: 's',
      bound: { atMost: 0.3 },
    },
    { what: '… more memory', measured: rounded(most - before, 1), unit: 'MB', bound: { atMost: 50 } },
    { what: '… rows', measured: rows, unit: '', bound: null },
    { what: '… size', measured: rounded(bytes / 1e6, 1), unit: 'MB', bound: null },
    { what: '… took', measured: rounded(lastMs / 1000, 1), unit: 's', bound: null },
    { what: '… memory before', measured: rounded(before, 1), unit: 'MB', bound: null },
  ]
}

export const exportPart: Part = {
  name: 'export',
  what: 'a million rows as a file, while they are made',
  async run(bench) {
    const { url: databaseUrl, database, adminId: personId } = await seededOrganisation(bench)
    const app = await serveApp(bench, { databaseUrl, db: database.db, personId, name: 'export' })
    for (let round = 0; round < 20; round++) for (const path of WARM) await app.get(path)
    for (const { path } of exports) await downloadOf(app, path, 20_000)
    const figures: Figure[] = []
    for (const one of exports) figures.push(...(await measure(bench, app, one)))
    return figures
  },
}
