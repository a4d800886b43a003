import 'server-only'
import { type SQL, sql } from 'drizzle-orm'
import type { Reader } from '@/db/client'
import { type AuditView, timeSpans } from '@/lib/audit-url'
import { at, startOfDay } from './grant-filters'
import type { Look } from './grants'

/** A place between two entries: the log's order is by moment, and by id among those of one moment. */
export interface AuditPlace {
  readonly at: Date
  readonly id: number
}

/** Which entries are read: those beyond a place, in one direction, up to a number of them. */
export interface AuditStretch {
  readonly beyond: AuditPlace | null
  readonly direction: 'older' | 'newer'
  readonly limit: number
}

/** One index that can be walked in the log's order, and what of the view it already answers. */
interface Stream {
  readonly from: SQL
  /** The index's own table, where the entry itself is read beside it. */
  readonly index: SQL
  readonly where: SQL
  readonly at: SQL
  readonly id: SQL
}

const entries = sql`timeline t`
const everything: Stream = { from: entries, index: entries, where: sql`true`, at: sql`t.at`, id: sql`t.id` }
const byActor = (id: string): Stream => ({ ...everything, where: sql`t.actor_id = ${id}::uuid` })
const byVerb = (verb: string): Stream => ({ ...everything, where: sql`t.verb = ${verb}` })
const byMention = (id: string): Stream => ({
  from: sql`timeline_mention m join timeline t on t.id = m.entry_id`,
  index: sql`timeline_mention m`,
  where: sql`m.about_id = ${id}::uuid`,
  at: sql`m.at`,
  id: sql`m.entry_id`,
})

/** So many entries of each filter are counted, to walk along the one that finds least. */
const COUNTED = 5_000

const all = (conditions: readonly (SQL | undefined)[]) =>
  sql.join(
    conditions.filter((one) => one !== undefined),
    sql` and `,
  )
const listed = (values: readonly string[]) => sql`any(${`{${values.join(',')}}`}::text[])`
const ids = (values: readonly string[]) => sql`any(${`{${values.join(',')}}`}::uuid[])`
const mentions = (values: readonly string[]) => sql`exists (select 1 from timeline_mention x
  where x.about_id = ${ids(values)} and x.at = t.at and x.entry_id = t.id)`

interface Filter {
  readonly streams: readonly Stream[]
  readonly condition: SQL
}

/** The view's filters that have an index in the log's order, each with the condition that says the same. */
function filters(view: AuditView): Filter[] {
  const { people, part, applications, verbs } = view
  const found: Filter[] = []
  if (people.length > 0) {
    const did = sql`t.actor_id = ${ids(people)}`
    const about = mentions(people)
    found.push({
      streams: people.flatMap((id) => [
        ...(part === 'about' ? [] : [byActor(id)]),
        ...(part === 'actor' ? [] : [byMention(id)]),
      ]),
      condition: part === 'actor' ? did : part === 'about' ? about : sql`(${did} or ${about})`,
    })
  }
  if (applications.length > 0)
    found.push({ streams: applications.map(byMention), condition: mentions(applications) })
  if (verbs.length > 0) found.push({ streams: verbs.map(byVerb), condition: sql`t.verb = ${listed(verbs)}` })
  return found
}

/** From when, and until before when, in the reader's zone. */
function timeBounds({ time }: AuditView, { now, zone }: Look): { from: Date | null; to: Date | null } {
  if (time?.kind === 'preset') return { from: new Date(now.getTime() - timeSpans[time.preset]), to: null }
  return {
    from: time?.from ? startOfDay(time.from, zone, 0) : null,
    to: time?.to ? startOfDay(time.to, zone, 1) : null,
  }
}

/** How the view's entries are found: the indexes to walk along, and what to ask of each entry on the way. */
export interface AuditPlan {
  readonly streams: readonly Stream[]
  readonly conditions: readonly SQL[]
  readonly bounds: { readonly from: Date | null; readonly to: Date | null }
}

/**
 * Chooses what to walk along: where several filters have an index of their own, the one that finds least. An order
 * with a limit is what the database itself guesses worst.
 */
export async function auditPlan(db: Reader, view: AuditView, look: Look): Promise<AuditPlan> {
  const bounds = timeBounds(view, look)
  const { kinds, object } = view
  const alone = object && sql`t.subject_type = ${object.type} and t.subject_id = ${object.id}::uuid`
  const asked = [
    ...(kinds.length > 0 ? [sql`t.subject_type = ${listed(kinds)}`] : []),
    ...(alone ? [alone] : []),
  ]
  const found = filters(view)
  const conditions = (without?: Filter) => [
    ...asked,
    ...found.flatMap((one) => (one === without ? [] : [one.condition])),
  ]
  if (alone || found.length === 0) return { streams: [everything], conditions: conditions(), bounds }
  let least = found[0]
  if (found.length > 1) {
    const sizes = await Promise.all(found.map((one) => sizeOf(db, one.streams, bounds)))
    least = found[sizes.indexOf(Math.min(...sizes))]
  }
  return { streams: least?.streams ?? [everything], conditions: conditions(least), bounds }
}

async function sizeOf(db: Reader, streams: readonly Stream[], bounds: AuditPlan['bounds']): Promise<number> {
  const parts = streams.map(
    (s) => sql`(select 1 from ${s.index} where ${all([s.where, ...within(s, bounds)])} limit ${COUNTED})`,
  )
  const [row] = await db.execute<{ n: string }>(
    sql`select count(*) as n from (${sql.join(parts, sql` union all `)}) as counted`,
  )
  return Number(row?.n ?? 0)
}

const within = (s: Stream, { from, to }: AuditPlan['bounds']) => [
  from ? sql`${s.at} >= ${at(from)}` : undefined,
  to ? sql`${s.at} < ${at(to)}` : undefined,
]

/** The places of the entries of a stretch, in the direction it is read. */
export async function auditPlaces(db: Reader, plan: AuditPlan, stretch: AuditStretch): Promise<AuditPlace[]> {
  const rows = await db.execute<{ id: string; at: string }>(auditPlacesSql(plan, stretch))
  return rows.map((row) => ({ id: Number(row.id), at: new Date(row.at) }))
}

/** The question itself, apart, so that what the database makes of it can be looked at. */
export function auditPlacesSql({ streams, conditions, bounds }: AuditPlan, stretch: AuditStretch): SQL {
  const { beyond, direction, limit } = stretch
  const older = direction === 'older'
  const order = older ? sql`desc` : sql`asc`
  const parts = streams.map((s) => {
    const place = beyond
      ? sql`(${s.at}, ${s.id}) ${older ? sql`<` : sql`>`} (${at(beyond.at)}, ${beyond.id}::bigint)`
      : undefined
    return sql`(select ${s.id} as id, ${s.at} as at from ${s.from}
      where ${all([s.where, ...conditions, ...within(s, bounds), place])}
      order by ${s.at} ${order}, ${s.id} ${order} limit ${limit})`
  })
  const [only] = parts
  if (parts.length === 1 && only) return only
  // Somebody can do what is about themself: then two ways lead to one entry.
  return sql`select id, at from (${sql.join(parts, sql` union `)}) as found
    order by at ${order}, id ${order} limit ${limit}`
}
