import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { schema } from '@/db/client'
import { grantOrder } from '@/db/schema/grant-order'
import { GRANTS_PATH, type GrantView, grantsHref, plainView } from '@/lib/grant-url'
import { encodeCursor } from '@/lib/queries/grant-cursor'
import { grantsPage, PAGE_SIZE } from '@/lib/queries/grants'
import { type App, serveApp } from '../lib/app'
import { rounded } from '../lib/numbers'
import { type Organisation, seededOrganisation } from '../lib/organisation'
import type { Bench, Figure, Part } from '../lib/part'
import { type RawList, rawFilters, rawSearch } from '../lib/raw'
import { inTurns } from '../lib/turns'

/** How often each is asked, in turns, after it was asked so often to warm up. */
const often = { times: 30, warm: 4 }
/** Raw SQL takes seconds over a word that a hundred thousand grants have. */
const seldom = { times: 10, warm: 2 }
/** The page that counts as deep. */
const DEEP = 10_000
/** The floor: the same page of the same build, on an organisation so small that its database takes no time. */
const SMALL = 0.004

interface Set {
  readonly words: string
  readonly view: Partial<GrantView>
  readonly raw: RawList
}

const rows = (html: string) => (html.match(/<tr/g) ?? []).length - 1

async function filters(
  app: App,
  floor: App,
  organisation: Organisation,
  sets: readonly Set[],
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { words, view, raw } of sets) {
    const path = grantsHref({ ...plainView, ...view })
    const shown = rows((await app.get(path)).body)
    const found = (await raw(organisation.database.db)).length
    if (shown !== found)
      throw new Error(`${words}: the page shows ${shown} rows, and raw SQL finds ${found}.`)
    const took = await inTurns(
      {
        list: () => app.get(path),
        floor: () => floor.get(GRANTS_PATH),
        raw: () => raw(organisation.database.db),
      },
      often,
    )
    figures.push(
      {
        what: `${words}: p95 ÷ (floor + raw SQL)`,
        measured: rounded(took.list / (took.floor + took.raw)),
        unit: '',
        bound: { atMost: 1.3 },
      },
      { what: '… p95 of the page', measured: rounded(took.list, 1), unit: 'ms', bound: null },
      { what: '… p95 of the floor', measured: rounded(took.floor, 1), unit: 'ms', bound: null },
      { what: '… p95 of raw SQL', measured: rounded(took.raw, 1), unit: 'ms', bound: null },
    )
  }
  return figures
}

/** Where a page begins, that many pages on; read in SQL by counting through. */
async function cursorOf(db: Db, page: number): Promise<string> {
  const queue = grantOrder(schema.grant).queue
  const [row] = await db.execute<{ id: string; key: string }>(sql`
    select id, (${queue})::text as key from "grant" order by ${queue}, id offset ${(page - 1) * PAGE_SIZE - 1} limit 1`)
  if (!row) throw new Error(`There is no page ${page}.`)
  return encodeCursor('queue', false, { way: 'after', id: row.id, keys: [row.key] })
}

async function deep(app: App, { database, grants }: Organisation): Promise<Figure[]> {
  const page = Math.min(DEEP, Math.floor(grants / PAGE_SIZE / 2))
  const cursor = await cursorOf(database.db, page)
  const last = grantsHref({ ...plainView, cursor })
  // Both list what is over, so that the rows themselves are alike.
  const first = grantsHref({ ...plainView, tab: 'inactive' })
  const took = await inTurns(
    { first: () => app.get(first), deep: () => app.get(last), plain: () => app.get(GRANTS_PATH) },
    often,
  )
  return [
    {
      what: 'Page 10,000 ÷ page 1',
      measured: rounded(took.deep / took.plain),
      unit: '',
      bound: { atMost: 1.2 },
    },
    { what: '… ÷ page 1 of what is over', measured: rounded(took.deep / took.first), unit: '', bound: null },
    { what: '… p95 of page 10,000', measured: rounded(took.deep, 1), unit: 'ms', bound: null },
  ]
}

async function search(app: App, floor: App, { database, adminId }: Organisation): Promise<Figure[]> {
  const { db } = database
  const actor = { kind: 'person', id: adminId, admin: true, auditor: false, active: true } as const
  const ctx = { db, actor: { ...actor, session: { way: 'demo', fresh: true } as const } }
  const figures: Figure[] = []
  for (const q of ['HAL-51234', 'weiss', 'rotate a key', 'zzqqy']) {
    const view = { ...plainView, q }
    const look = { now: new Date(), zone: 'UTC' }
    const found = await grantsPage(ctx, view, look)
    const raw = await rawSearch(q)(db)
    if (found?.rows.length !== raw.length)
      throw new Error(`“${q}”: ${found?.rows.length} rows, raw SQL ${raw.length}.`)
    const took = await inTurns(
      {
        query: () => grantsPage(ctx, view, look),
        raw: () => rawSearch(q)(db),
        page: () => app.get(grantsHref(view)),
        floor: () => floor.get(GRANTS_PATH),
      },
      seldom,
    )
    figures.push(
      {
        what: `Searching “${q}” ÷ raw SQL`,
        measured: rounded(took.query / took.raw),
        unit: '',
        bound: { atMost: 2 },
      },
      {
        what: '… its page ÷ (floor + raw SQL)',
        measured: rounded(took.page / (took.floor + took.raw)),
        unit: '',
        bound: { atMost: 2 },
      },
      { what: '… p95 of the query', measured: rounded(took.query, 1), unit: 'ms', bound: null },
      { what: '… p95 of raw SQL', measured: rounded(took.raw, 1), unit: 'ms', bound: null },
      { what: '… p95 of its page', measured: rounded(took.page, 1), unit: 'ms', bound: null },
    )
  }
  return figures
}

async function serve(bench: Bench, organisation: Organisation, name: string): Promise<App> {
  const { url: databaseUrl, database, adminId: personId } = organisation
  return serveApp(bench, { databaseUrl, db: database.db, personId, name })
}

export const grantsPart: Part = {
  name: 'grants',
  what: 'the table of Access grants over a million, beside raw SQL and the same page over next to none',
  async run(bench) {
    const organisation = await seededOrganisation(bench)
    const small = await seededOrganisation({ ...bench, scale: Math.min(SMALL, bench.scale) })
    const app = await serve(bench, organisation, 'grants')
    const floor = await serve(bench, small, 'floor')
    return [
      ...(await filters(app, floor, organisation, await rawFilters(organisation.database.db))),
      ...(await deep(app, organisation)),
      ...(await search(app, floor, organisation)),
    ]
  },
}
