import 'server-only'
import { TZDate } from '@date-fns/tz'
import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import { getConnector } from '@/lib/connectors/registry'
import { plus } from '@/lib/domain/duration'
import { overdueAt } from '@/lib/domain/grant-end'
import type { GrantStatus } from '@/lib/grant-status'
import type { ExpiryFilter, GrantTab, GrantView } from '@/lib/grant-url'
import { zoneOf } from '@/lib/reader-zone'

const { grant, person, application, entitlement, connection, request } = schema

/** A moment as a parameter: the driver sends text, and the type is said in SQL. */
export const at = (moment: Date) => sql`${moment.toISOString()}::timestamptz`

export const isLive = sql`${grant.state} in ('scheduled', 'provisioning', 'active', 'revoking')`

/** Seconds after the right is over from which an access is overdue, by application. */
export type OverdueLimits = ReadonlyMap<string, number>

const EPOCH = new Date(0)

/** The lateness each application is allowed: a minute and its connector's effect delay, or its tasks' time. */
export async function overdueLimits(db: Reader): Promise<OverdueLimits> {
  const rows = await db
    .select({
      id: application.id,
      taskSeconds: application.taskSeconds,
      connector: connection.connector,
      config: connection.config,
    })
    .from(application)
    .leftJoin(connection, eq(connection.id, application.connectionId))
  return new Map(rows.map((row) => [row.id, limitSeconds(row)]))
}

function limitSeconds(row: {
  taskSeconds: number
  connector: string | null
  config: Record<string, unknown> | null
}): number {
  const byHand = row.connector === null
  const delayMs = row.connector ? getConnector(row.connector).capabilities(row.config ?? {}).effectDelay : 0
  const target = {
    effectDelaySeconds: Math.ceil(delayMs / 1000),
    taskSeconds: byHand ? row.taskSeconds : null,
  }
  return overdueAt(EPOCH, target).getTime() / 1000
}

/** The search's matches in the small tables, found first so that the large one is asked by its indexes. */
export interface SearchMatches {
  readonly people: readonly string[]
  readonly applications: readonly string[]
  readonly entitlements: readonly string[]
  /** Grants whose request says it; null when they are too many to name, and then each grant is asked. */
  readonly grants: readonly string[] | null
}

const MOST_NAMED = 2_000

/** `%` and `_` are letters here, not wildcards. */
export const contains = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

export async function searchMatches(db: Reader, q: string): Promise<SearchMatches> {
  const pattern = contains(q)
  const [people, applications, entitlements, grants] = await Promise.all([
    db
      .select({ id: person.id })
      .from(person)
      .where(sql`${person.name} ilike ${pattern} or ${person.email} ilike ${pattern}`),
    db.select({ id: application.id }).from(application).where(sql`${application.name} ilike ${pattern}`),
    db.select({ id: entitlement.id }).from(entitlement).where(sql`${entitlement.name} ilike ${pattern}`),
    db
      .select({ id: request.grantId })
      .from(request)
      .where(sql`${request.reason} ilike ${pattern} and ${request.grantId} is not null`)
      .limit(MOST_NAMED + 1),
  ])
  const ids = (rows: { id: string | null }[]) => rows.flatMap((row) => (row.id ? [row.id] : []))
  return {
    people: ids(people),
    applications: ids(applications),
    entitlements: ids(entitlements),
    grants: grants.length > MOST_NAMED ? null : ids(grants),
  }
}

function searchCondition(q: string, found: SearchMatches): SQL {
  const said = sql`exists (select 1 from ${request} r where r.grant_id = ${grant.id} and r.reason ilike ${contains(q)})`
  const ways = [
    found.people.length ? isAmong(grant.personId, found.people) : undefined,
    found.applications.length ? isAmong(grant.applicationId, found.applications) : undefined,
    found.entitlements.length ? isAmong(grant.entitlementId, found.entitlements) : undefined,
    found.grants === null ? said : found.grants.length ? isAmong(grant.id, found.grants) : undefined,
  ].filter((way) => way !== undefined)
  return or(...ways) ?? sql`false`
}

/** What the conditions need to know beside the view. */
export interface FilterFacts {
  readonly now: Date
  readonly zone: string
  readonly limits: OverdueLimits
  readonly found: SearchMatches | null
}

/** The view's filters as one condition on `grant`; the scope of who looks is not in it. */
export function viewCondition(view: GrantView, facts: FilterFacts): SQL | undefined {
  const some = <T>(values: readonly T[], condition: (values: T[]) => SQL) =>
    values.length ? condition([...values]) : undefined
  return and(
    tabCondition(view.tab, facts),
    some(view.applications, (ids) => inArray(grant.applicationId, ids)),
    some(view.people, (ids) => inArray(grant.personId, ids)),
    some(view.entitlements, (ids) => inArray(grant.entitlementId, ids)),
    some(view.statuses, (statuses) => or(...statuses.map((s) => statusCondition(s, facts))) ?? sql`false`),
    view.expiry ? expiryCondition(view.expiry, facts) : undefined,
    view.q && facts.found ? searchCondition(view.q, facts.found) : undefined,
  )
}

export function tabCondition(tab: GrantTab, facts: Pick<FilterFacts, 'now' | 'limits'>): SQL | undefined {
  if (tab === 'active') return isLive
  if (tab === 'inactive') return sql`${grant.state} in ('ended', 'failed')`
  if (tab === 'overdue') return overdueCondition(facts)
  return undefined
}

/** The same rule as `grantStatus` of overdue, for the database. */
export function overdueCondition({ now, limits }: Pick<FilterFacts, 'now' | 'limits'>): SQL {
  const bySeconds = new Map<number, string[]>()
  for (const [id, seconds] of limits) bySeconds.set(seconds, [...(bySeconds.get(seconds) ?? []), id])
  const over = [...bySeconds].map(([seconds, ids]) => {
    const since = at(plus(now, -seconds))
    return sql`(${inArray(grant.applicationId, ids)} and case when ${grant.state} = 'revoking'
      then ${grant.rightOverAt} <= ${since}
      else ${grant.state} in ('provisioning', 'active') and not ${grant.preexisting} and ${grant.endsAt} <= ${since} end)`
  })
  const alarmed = sql`(${grant.state} = 'revoking' and ${grant.overdueSince} is not null)`
  // Said once more outside, so that the small index of live grants is used.
  return sql`(${isLive} and ${or(alarmed, ...over)})`
}

function statusCondition(status: GrantStatus, facts: FilterFacts): SQL {
  const now = at(facts.now)
  const late = overdueCondition(facts)
  const asked = sql`exists (select 1 from ${request} r
    where r.grant_id = ${grant.id} and r.kind = 'extension' and r.state = 'pending')`
  const running = sql`${grant.state} = 'active' and (${grant.endsAt} is null or ${grant.endsAt} > ${now})`
  const noticed = sql`coalesce(${grant.endsAt} - ${grant.noticeSeconds} * interval '1 second' <= ${now}, false)`
  switch (status) {
    case 'scheduled':
    case 'ended':
    case 'failed':
      return eq(grant.state, status)
    case 'provisioning':
      return sql`(${grant.state} = 'provisioning' and not coalesce(${late}, false))`
    case 'overdue':
      return late
    case 'ending':
      return sql`((${grant.state} = 'revoking' or ${grant.state} = 'active' and ${grant.endsAt} <= ${now})
        and not coalesce(${late}, false))`
    case 'extension_asked':
      return sql`(${running} and ${asked})`
    case 'ending_soon':
      return sql`(${running} and ${noticed} and not ${asked})`
    case 'active':
      return sql`(${running} and not ${noticed} and not ${asked})`
  }
}

function expiryCondition(expiry: ExpiryFilter, facts: FilterFacts): SQL {
  const { now, zone } = facts
  if (expiry.kind === 'range') {
    const from = expiry.from ? sql`${grant.endsAt} >= ${at(startOfDay(expiry.from, zone, 0))}` : undefined
    const to = expiry.to ? sql`${grant.endsAt} < ${at(startOfDay(expiry.to, zone, 1))}` : undefined
    const range = and(from, to) ?? sql`true`
    return expiry.orNone ? sql`(${range} or ${withoutEnd})` : range
  }
  const within = (seconds: number) =>
    sql`(${isLive} and ${grant.endsAt} > ${at(now)} and ${grant.endsAt} <= ${at(plus(now, seconds))})`
  switch (expiry.preset) {
    case 'next-24h':
      return within(86_400)
    case 'next-7d':
      return within(7 * 86_400)
    case 'overdue':
      return overdueCondition(facts)
    case 'ended-7d':
      return sql`(${grant.state} = 'ended' and ${endedAt} > ${at(plus(now, -7 * 86_400))} and ${endedAt} <= ${at(now)})`
    case 'none':
      return withoutEnd
  }
}

const withoutEnd = sql`(${eq(grant.mode, 'permanent')} and ${isNull(grant.endsAt)})`

/** When a grant that is over was: seen gone, else when its right was over. */
const endedAt = sql`coalesce(${grant.seenAbsentAt}, ${grant.rightOverAt})`

/** Midnight of a day (2026-11-12) in a zone, `days` later; a day has 23 or 25 hours where clocks change. */
export function startOfDay(day: string, zone: string, days: number): Date {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(new TZDate(year, month - 1, date + days, zoneOf(zone)).getTime())
}
