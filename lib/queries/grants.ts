import 'server-only'
import { and, eq, gt, inArray, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import { QUEUE_DIVIDE } from '@/db/schema/grant-order'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { GrantTab, GrantView } from '@/lib/grant-url'
import { type GrantsPage, type LiveGrants, MOST_COUNTED, type TabCounts } from '@/lib/grant-views'
import { beyond, type Cursor, decodeCursor, encodeCursor, orderBy, sortKeys, sortTable } from './grant-cursor'
import {
  at,
  type FilterFacts,
  overdueCondition,
  overdueLimits,
  searchMatches,
  tabCondition,
  viewCondition,
} from './grant-filters'
import { fillRows, joinedRows } from './grant-rows'

const { grant, person, application, applicationOwner, entitlement } = schema

export const PAGE_SIZE = 50

/** Whose grants the actor may see in the table: everybody's, or those of the applications they own. */
export interface GrantScope {
  readonly applicationIds: readonly string[] | null
}

/** The scope of `grants.list`; null for whoever may not see the table at all. */
export async function grantScope(ctx: Ctx): Promise<GrantScope | null> {
  const { actor, db } = ctx
  if (can(actor, 'grants.list', {})) return { applicationIds: null }
  if (actor.kind !== 'person') return null
  const owned = await db
    .select({ id: applicationOwner.applicationId })
    .from(applicationOwner)
    .where(eq(applicationOwner.personId, actor.id))
  if (!can(actor, 'grants.list', { ownsAny: owned.length > 0 })) return null
  return { applicationIds: owned.map((row) => row.id) }
}

export function inScope(scope: GrantScope): SQL | undefined {
  return scope.applicationIds ? inArray(grant.applicationId, [...scope.applicationIds]) : undefined
}

/** Who looks and when; the zone turns days into moments. */
export interface Look {
  readonly now: Date
  readonly zone: string
}

/** One page of the table, in the actor's scope; null for whoever may not see the table. */
export async function grantsPage(
  ctx: Ctx,
  view: GrantView,
  look: Look,
  size = PAGE_SIZE,
): Promise<GrantsPage | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  const facts = await filterFacts(ctx.db, view, look)
  const where = and(inScope(scope), viewCondition(view, facts))
  const cursor = view.cursor ? decodeCursor(view.cursor, view.sort, view.descending) : null
  const tampered = view.cursor !== '' && !cursor
  const [page, matches] = await Promise.all([
    readPage(ctx.db, view, where, cursor, size),
    countUpTo(ctx.db, where, MOST_COUNTED),
  ])
  return {
    rows: await fillRows(ctx.db, page.rows, facts.limits),
    next: page.next,
    previous: page.previous,
    matches,
    note: tampered
      ? 'The address points to a place in the list that does not exist; this is the start.'
      : null,
  }
}

export async function filterFacts(db: Reader, view: GrantView, look: Look): Promise<FilterFacts> {
  const [limits, found] = await Promise.all([
    overdueLimits(db),
    view.q ? searchMatches(db, view.q) : Promise.resolve(null),
  ])
  return { ...look, limits, found }
}

type Raw = Awaited<ReturnType<typeof readRows>>[number]

async function readPage(
  db: Reader,
  view: GrantView,
  where: SQL | undefined,
  cursor: Cursor | null,
  size: number,
): Promise<{ rows: Raw[]; next: string | null; previous: string | null }> {
  const way = cursor?.way ?? 'after'
  const place = cursor ? beyond(cursor, view.sort, view.descending) : undefined
  const read = await readRows(db, view, and(where, place), way, size + 1)
  // Fewer before the cursor than fill a page: then this is the first page, and it is shown full.
  if (way === 'before' && read.length <= size) return readPage(db, view, where, null, size)
  const more = read.length > size
  const rows = read.slice(0, size)
  if (way === 'before') rows.reverse()
  const cursorAt = (row: Raw | undefined, to: Cursor['way']) =>
    row
      ? encodeCursor(view.sort, view.descending, { way: to, id: row.row.id, keys: Object.values(row.keys) })
      : null
  return {
    rows,
    next: way === 'before' || more ? cursorAt(rows.at(-1), 'after') : null,
    previous:
      way === 'before'
        ? more
          ? cursorAt(rows[0], 'before')
          : null
        : cursor
          ? cursorAt(rows[0], 'before')
          : null,
  }
}

/** The ids are found first, over as few tables as the order needs; only the page's rows are joined. */
async function readRows(
  db: Reader,
  view: GrantView,
  where: SQL | undefined,
  way: Cursor['way'],
  limit: number,
) {
  const keys = Object.fromEntries(
    sortKeys[view.sort].map(({ expression, type }, i) => [
      `key${i}`,
      type === 'timestamp'
        ? sql<string>`(${expression})::text`.as(`key${i}`)
        : sql<string | number>`${expression}`.as(`key${i}`),
    ]),
  )
  const table = sortTable[view.sort]
  const order = orderBy(view.sort, view.descending, way)
  const base = db
    .select({ id: grant.id, ...keys })
    .from(grant)
    .$dynamic()
  if (table === 'person') base.innerJoin(person, eq(person.id, grant.personId))
  if (table === 'application') base.innerJoin(application, eq(application.id, grant.applicationId))
  if (table === 'entitlement') base.innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
  const found = (await base
    .where(and(where, view.sort === 'queue' ? queueSide(view) : undefined))
    .orderBy(...order)
    .limit(limit)) as ({ id: string } & Record<string, string | number>)[]
  if (found.length === 0) return []
  const rows = await joinedRows(
    db,
    isAmong(
      grant.id,
      found.map((f) => f.id),
    ),
  )
  const byId = new Map(rows.map((row) => [row.row.id, row]))
  return found.flatMap(({ id, ...rest }) => {
    const row = byId.get(id)
    return row ? [{ ...row, keys: rest }] : []
  })
}

/** Lets the index start at the side of the queue the tab is about; true of every such row by construction. */
function queueSide(view: GrantView): SQL | undefined {
  const queue = sortKeys.queue[0]?.expression
  const divide = sql`timestamp '${sql.raw(QUEUE_DIVIDE)}'`
  if (view.tab === 'active') return sql`${queue} < ${divide}`
  if (view.tab === 'inactive') return sql`${queue} > ${divide}`
  return undefined
}

async function countUpTo(db: Reader, where: SQL | undefined, most: number): Promise<number> {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(grant)
    .where(where)
    .limit(most + 1)
    .as('some')
  const [row] = await db.select({ n: sql<number>`count(*)::int` }).from(some)
  return row?.n ?? 0
}

/**
 * How many grants each tab holds in the actor's scope, filters aside. What is overdue is counted to the end, the others
 * at most to one more than {@link MOST_COUNTED}.
 */
export async function grantCounts(ctx: Ctx, look: Look): Promise<TabCounts | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  const { db } = ctx
  const limits = await overdueLimits(db)
  const count = (tab: Exclude<GrantTab, 'overdue'>) =>
    countUpTo(db, and(inScope(scope), tabCondition(tab, { now: look.now, limits })), MOST_COUNTED)
  const [all, active, inactive, overdue] = await Promise.all([
    count('all'),
    count('active'),
    count('inactive'),
    countOverdue(db, scope, { now: look.now, limits }),
  ])
  return { all, active, inactive, overdue }
}

/**
 * How many accesses of a scope should be gone and are not. In two parts, each along its own small index: in one
 * question the database expects half of all leases to be past their end, and reads every one that lives.
 */
export async function countOverdue(
  db: Reader,
  scope: GrantScope,
  facts: Pick<FilterFacts, 'now' | 'limits'>,
): Promise<number> {
  const late = and(inScope(scope), overdueCondition(facts))
  const [taking, left] = await Promise.all([
    db.$count(grant, and(late, sql`${grant.state} = 'revoking'`)),
    db.$count(grant, and(late, sql`${grant.state} <> 'revoking'`, sql`${grant.endsAt} <= ${at(facts.now)}`)),
  ])
  return taking + left
}

/**
 * What a table that stays on the screen needs to stay true: its own rows as they are now, in no order, and how
 * many grants were made after `since` that match the view.
 */
export async function liveGrants(
  ctx: Ctx,
  view: GrantView,
  look: Look,
  shown: { ids: readonly string[]; since: Date },
): Promise<LiveGrants | null> {
  const scope = await grantScope(ctx)
  const counts = scope && (await grantCounts(ctx, look))
  if (!scope || !counts) return null
  const { db } = ctx
  const facts = await filterFacts(db, view, look)
  const newer = and(inScope(scope), viewCondition(view, facts), gt(grant.createdAt, shown.since))
  const [found, fresh] = await Promise.all([
    shown.ids.length
      ? joinedRows(db, and(inScope(scope), isAmong(grant.id, shown.ids)))
      : Promise.resolve([]),
    countUpTo(db, newer, 99),
  ])
  return { rows: await fillRows(db, found, facts.limits), fresh, counts }
}
