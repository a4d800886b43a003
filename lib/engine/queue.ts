import 'server-only'
import { eq, type SQL, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import type { AnyConnector } from '@/lib/connectors/contract'
import { connectors } from '@/lib/connectors/registry'
import { lookingKinds } from '@/lib/domain/quarantine'
import { type WorkKind, workKinds } from '@/lib/domain/work'
import { faultpoint } from '@/lib/faultpoints'
import { SLOW_GAP_MS } from './backoff'
import { bucketOf, KEPT_FOR_TAKES, usualRequests } from './bucket'
import { type Claim, LEASE_MS } from './work'

/** Which work is meant: one subject's, some kinds', or all of it. */
export interface Only {
  readonly subjectId?: string
  readonly kinds?: readonly WorkKind[]
  /** Only what has been due for this long, milliseconds: a backstop's patience. Hints for the job engine go at once. */
  readonly graceMs?: number
  /** So many of the places asked for are kept for takes and alarms. */
  readonly kept?: number
  /** So many mails at once, instead of the usual number. */
  readonly mailsAtOnce?: number | undefined
  /** Much is due: no more of it is read than may be claimed. Planning that takes as long as reading some hundred rows. */
  readonly much?: boolean
}

/** One subject's rows are found through the index on (kind, subject), so the kinds are always named with it. */
function among({ subjectId, kinds }: Only) {
  if (!subjectId && !kinds) return sql`true`
  const ofKinds = sql`w.kind in ${[...(kinds ?? workKinds)]}`
  return subjectId ? sql`${ofKinds} and w.subject_id = ${subjectId}` : ofKinds
}

/** What each kind of system allows, for the queue to reckon with. */
function limits(): string {
  const all: AnyConnector[] = Object.values(connectors)
  return JSON.stringify(
    all.map(({ id, limits }) => ({ connector: id, concurrency: limits.concurrency, ...bucketOf(limits) })),
  )
}

/**
 * The clocks, and for each connection what its line allows at present; to be followed by {@link dueFrom}. `level` is
 * what its token bucket holds, null where it has none. That there is one clock has to be said: autovacuum never counts
 * the rows of so small a table, and the planner reckoned with two thousand, times all that is due.
 */
export const lines = () => sql`
  clk as materialized (
    select clock_timestamp() as wall, clock_timestamp() + offset_ms * interval '1 millisecond' as now,
      leasehold_quarantined() as held from clock limit 1
  ), line as materialized (
    select c.id, c.paused, c.resume_at, c.breaker_opened_at, c.breaker_until, l.concurrency, l.capacity, l."perSecond",
      case when l.capacity is not null then least(l.capacity, coalesce(
        c.tokens + l."perSecond" * extract(epoch from clk.wall - c.tokens_at), l.capacity)) end as level
    from connection c cross join clk
      join jsonb_to_recordset(${limits()}::jsonb)
        as l(connector text, concurrency int, capacity float8, "perSecond" float8) on l.connector = c.connector
  )`

/** Work beside the clocks and the line it stands in; `w`, `c` and `clk` are the names that everything here uses. */
export const dueFrom = sql`from clk cross join work w left join line c on c.id = w.connection_id`

/** So many mails leave at the same time: a relay that hangs must leave room for takes. */
const MAILS_AT_ONCE = 8
/** What shares a limit: a connection's calls, or the mails. */
const lane = sql`case when w.kind = 'send' then 'mail' else w.connection_id::text end`

/**
 * A take goes through whatever holds it back before it was left untried for the longest gap there may be: a rest, a
 * bucket that takes already emptied, a pause that answers to others keep prolonging.
 */
const UNTRIED_MS = SLOW_GAP_MS - 20_000
const untried = sql`(w.kind = 'take'
  and greatest(w.due_at - (clk.now - clk.wall), w.tried_at) <= clk.wall - ${UNTRIED_MS} * interval '1 millisecond')`

/**
 * How often a take was tried before, behind them those that are only to be looked at any more; of what is no take it is
 * not asked. As in the index `work_line`.
 */
const tries = sql`(case when w.kind = 'take' then w.attempt + case when w.memo ? 'taken' then 1000 else 0 end else 0 end)`

/** Takes first, those left untried too long before others, then those tried less often, then by due time. */
const turn = sql`w.priority, not ${untried}, ${tries}, w.due_at, w.id`

/** What a work item draws from its connection's bucket when it is claimed, and what it leaves there for takes. */
const draws = sql.raw(
  `(case w.kind ${Object.entries(usualRequests)
    .map(([kind, requests]) => `when '${kind}' then ${requests}`)
    .join(' ')} else 0 end)`,
)
const leaves = sql`(case when w.kind = 'take' then 0 else c.capacity * ${KEPT_FOR_TAKES}::float8 end)`

/** How many of its lane may be under way at once. Whoever rests, or is told to pause, is called by one at a time. */
const most = (mailsAtOnce: number) => sql`(case when w.kind = 'send' then ${mailsAtOnce}::int
  when c.resume_at > clk.wall then 1
  when c.breaker_opened_at is not null and not ${untried} then 1
  else c.concurrency end)`

/** Whether giving is stopped where a give belongs: its connection paused, its application or everything frozen. */
const givingStopped = sql`(coalesce(c.paused, false)
  or exists (select 1 from organisation o where o.frozen_at is not null)
  or exists (select 1 from "grant" g join application a on a.id = g.application_id
    where g.id = w.subject_id and a.frozen_at is not null))`

/** In quarantine the engine looks and does nothing else. */
const quarantined = sql`(clk.held and w.kind not in (${sql.raw(lookingKinds.map((kind) => `'${kind}'`).join(', '))}))`

/** What quarantine, a rate limit, a pause that the target asked for, or a rest holds back at present. */
const lineIsClosed = sql`(${quarantined} or not ${untried} and (coalesce(c.resume_at > clk.wall, false)
    or coalesce(c.breaker_until > clk.wall, false)
    or coalesce(c.level < ${draws} + ${leaves}, false)))`

/**
 * Whether a pause or a freeze holds back a give. They never hold back a take; and a give whose start-by is over is let
 * through, because it gives nothing any more: it tells people so.
 */
const giveWaits = sql`(${givingStopped}
  and exists (select 1 from "grant" g where g.id = w.subject_id and g.start_by > clk.now))`

/** What quarantine, a pause, a freeze, a rate limit or a rest holds back at present. After {@link lines}. */
export const heldBack = sql`(${lineIsClosed} or (w.kind = 'give' and ${giveWaits}))`

/** Where the target replaces whole sets, whoever changes the same one stands at its end of the line; see `turns.ts`. */
const setIsBusy = sql`(exists (select 1 from taken)
  and exists (select 1 from "grant" g join taken on taken.id = g.entitlement_id where g.id = w.subject_id))`

/** Kinds of work that belong to a connection and are neither gives nor takes. */
const upkeepKinds = [
  'look',
  'remove',
  'probe',
  'sync',
  'drift',
  'drill',
] as const satisfies readonly WorkKind[]

/**
 * What may be claimed next: all that is due, or of much the first of each kind in each line and little more. What is
 * asked of a kind is said for it alone there, which halves the planning. After {@link lines} and `taken`.
 */
function candidates(limit: number, only: Only) {
  const open = sql`w.due_at <= clk.now - (case when w.kind = 'event' then 0 else ${only.graceMs ?? 0} end) * interval '1 millisecond'
    and (w.not_before is null or w.not_before <= clk.wall)
    and (w.lease_until is null or w.lease_until <= clk.wall)
    and not ${lineIsClosed}`
  const openTake = sql`${open} and not ${setIsBusy}`
  const openGive = sql`${open} and not ${setIsBusy} and not ${giveWaits}`
  if (!only.much)
    return sql`select w.id ${dueFrom} where ${among(only)} and ${open}
      and not (w.kind in ('take', 'give') and ${setIsBusy}) and not (w.kind = 'give' and ${giveWaits})`
  const first = (kinds: readonly WorkKind[], [from, own, most]: Lane, tried: SQL, wanted: SQL) => {
    const names = kinds.filter((kind) => !only.kinds || only.kinds.includes(kind))
    return sql`
      select first.id from clk cross join ${from} cross join unnest(${`{${names.join()}}`}::text[]) kind (name)
      cross join lateral (
        select w.id from work w
        where ${own} and w.kind = kind.name and ${tries} ${tried} and ${wanted}
        order by ${tries}, w.due_at, w.id limit ${most}) first`
  }
  const fresh = sql`= 0`
  const again = sql`> 0`
  const there: Lane = [sql`line c`, sql`w.connection_id = c.id`, sql`c.concurrency`]
  const nowhere: Lane = [
    sql`(select l.* from (values (1)) one left join line l on false) c`,
    sql`w.connection_id is null`,
    sql`${limit}::int`,
  ]
  return sql.join(
    [
      first(['take'], there, fresh, openTake),
      first(['take'], there, again, openTake),
      first(['give'], there, fresh, openGive),
      first(upkeepKinds, there, fresh, open),
      first(
        workKinds.filter((kind) => kind !== 'give'),
        nowhere,
        fresh,
        open,
      ),
      first(['take'], nowhere, again, open),
      first(['give'], nowhere, fresh, openGive),
      sql`select w.id ${dueFrom} where w.kind = 'take' and ${among(only)} and ${openTake} and ${untried}
        and w.due_at <= clk.now - ${UNTRIED_MS} * interval '1 millisecond'`,
    ],
    sql` union all `,
  )
}

/** Where a line comes from, what belongs to it, and how much of it is wanted at most. */
type Lane = readonly [from: SQL, own: SQL, most: SQL]

/**
 * Claims what is due, in {@link turn}, within each connection's concurrency, pauses, rest and token bucket, and so many
 * mails at once. Safe on any number of nodes at once.
 */
export async function claimDue(db: Db, limit: number, only: Only = {}): Promise<Claim[]> {
  faultpoint('claim', 'before')
  const rows = await db.execute<{ id: string; draws: number | null; tried_at: string | null }>(sql`
    with ${lines()}, busy as (
      select ${lane} as lane, count(*) as n from work w, clk
      where w.lease_until > clk.wall group by 1
    ), taken as materialized (
      select e.id from entitlement e, clk where e.busy_until > clk.wall
    ), candidate as materialized (
      ${candidates(limit, only)}
    ), due as (
      select w.id, ${lane} as lane, ${most(only.mailsAtOnce ?? MAILS_AT_ONCE)} as most,
        ${untried} as untried, w.kind in ('take', 'alarm') as urgent,
        case when c.capacity is not null then ${draws} end as draws,
        row_number() over line_up as place, row(${turn}) as turn,
        sum(${draws}) over line_up + ${leaves} as needs, c.level
      ${dueFrom}
      where w.id in (select id from candidate)
      window line_up as (partition by ${lane} order by ${turn})
    ), allowed as materialized (
      select due.id, due.draws, due.urgent, row_number() over (order by due.turn) as rank
      from due left join busy on busy.lane = due.lane
      where (due.lane is null or due.place + coalesce(busy.n, 0) <= due.most)
        and (due.level is null or due.untried or due.needs <= due.level)
    ), picked as (
      select w.id, allowed.draws, w.tried_at from work w
      join allowed on allowed.id = w.id
      cross join clk
      where (allowed.urgent or allowed.rank <= ${limit - (only.kept ?? 0)})
        and (w.lease_until is null or w.lease_until <= clk.wall)
      order by allowed.rank
      limit ${limit}
      for update of w skip locked
    )
    update work w set lease_until = clock_timestamp() + ${LEASE_MS} * interval '1 millisecond',
      fence = w.fence + 1, attempt = w.attempt + 1, tried_at = clock_timestamp()
    from picked where w.id = picked.id
    returning w.id, picked.draws, picked.tried_at`)
  if (rows.length === 0) return []
  faultpoint('claim', 'after')
  const found = new Map(rows.map((row) => [Number(row.id), row]))
  const claimed = await db
    .select()
    .from(schema.work)
    .where(
      isAmong(
        schema.work.id,
        rows.map((row) => Number(row.id)),
      ),
    )
  const claims = claimed.map((row): Claim => {
    const { draws, tried_at } = found.get(row.id)!
    return { ...row, paid: draws ?? 0, triedBefore: tried_at === null ? null : new Date(tried_at) }
  })
  await draw(db, claims)
  return claims.sort((a, b) => a.priority - b.priority || a.dueAt.getTime() - b.dueAt.getTime())
}

/**
 * Draws from the buckets what was handed out, in a statement of its own: no lock of a connection is held together with
 * one of work. Two nodes may so overdraw once; the debt is paid before anything else goes out.
 */
async function draw(db: Db, claims: readonly Claim[]): Promise<void> {
  const sums = new Map<string, number>()
  for (const { connectionId, paid } of claims)
    if (connectionId && paid > 0) sums.set(connectionId, (sums.get(connectionId) ?? 0) + paid)
  for (const [connectionId, sum] of sums)
    await db.execute(sql`
      with ${lines()}
      update connection c set tokens = line.level - ${sum}::int, tokens_at = clk.wall
      from line, clk where line.id = c.id and c.id = ${connectionId}`)
}

/** Settles at the end of a try for a grant what it drew against the requests it made; upkeep pays what is usual. */
export async function settle(db: Db, claim: Claim, requests: number): Promise<void> {
  if (!claim.connectionId || claim.subjectType !== 'grant') return
  if (claim.paid === 0 || claim.paid === requests) return
  await db
    .update(schema.connection)
    .set({ tokens: sql`${schema.connection.tokens} + ${claim.paid - requests}::int` })
    .where(eq(schema.connection.id, claim.connectionId))
}

/** While in quarantine what is due is looked at again after this; the loop looks sooner by itself. */
const LOOK_AGAIN_SECONDS = 30

/** Seconds until what holds work back is over; nothing holds back what was left untried too long. */
const pauses = sql`case when ${quarantined} then ${LOOK_AGAIN_SECONDS}::float8 end,
  case when not ${untried} then greatest(
    extract(epoch from c.resume_at - clk.wall),
    extract(epoch from c.breaker_until - clk.wall),
    (${draws} + ${leaves} - c.level) / c."perSecond") end,
  case when w.kind = 'give' and ${givingStopped}
    then (select extract(epoch from g.start_by - clk.now) from "grant" g where g.id = w.subject_id) end,`

/**
 * Milliseconds until something can be claimed, 0 if something can be now; null when nothing is waiting at all. A
 * pause is waited out until the start-by of what it holds back.
 * `now` is the domain's clock; backoff and rate limits count unshifted. `withinMs` leaves out what is due later, so
 * that a million sleeping leases are not read to learn that one may go on sleeping; `throughPauses` counts what a pause
 * holds back as if it were to be had, for whoever is not woken when the pause ends.
 */
export async function untilNext(
  db: Db,
  {
    subjectId,
    withinMs,
    throughPauses,
  }: { subjectId?: string; withinMs?: number; throughPauses?: boolean } = {},
): Promise<number | null> {
  const soon =
    withinMs === undefined ? sql`true` : sql`w.due_at <= clk.now + ${withinMs} * interval '1 millisecond'`
  const [row] = await db.execute<{ ms: string | null }>(sql`
    with ${lines()}
    select min(greatest(
      extract(epoch from w.due_at - clk.now), extract(epoch from coalesce(w.not_before, clk.wall) - clk.wall),
      extract(epoch from coalesce(w.lease_until, clk.wall) - clk.wall),
      ${throughPauses ? sql`` : pauses} 0) * 1000) as ms
    ${dueFrom}
    where ${among({ subjectId })} and ${soon}`)
  return row?.ms == null ? null : Math.ceil(Number(row.ms))
}
