import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { connectors } from '@/lib/connectors/registry'
import { type WorkKind, workKinds } from '@/lib/domain/work'
import type { WorkRow } from '@/lib/services/changes'

/** How long a claim lasts without a heartbeat, and how often one is given. Unshifted time. */
export const LEASE_MS = 15_000
export const HEARTBEAT_MS = 5_000
const BIT_MS = 250

/** A claimed work item: the row as claimed. Generation and attempt together are the claim's fence. */
export type Claim = WorkRow

/** Which work is meant: one subject's, some kinds', or all of it. */
export interface Only {
  readonly subjectId?: string
  readonly kinds?: readonly WorkKind[]
  /** Only what has been due for this long, milliseconds: a backstop's patience. Hints for the job engine go at once. */
  readonly graceMs?: number
}

/** One subject's rows are found through the index on (kind, subject), so the kinds are always named with it. */
function among({ subjectId, kinds }: Only) {
  if (!subjectId && !kinds) return sql`true`
  const ofKinds = sql`w.kind in ${[...(kinds ?? workKinds)]}`
  return subjectId ? sql`${ofKinds} and w.subject_id = ${subjectId}` : ofKinds
}

const concurrency = JSON.stringify(
  Object.fromEntries(Object.values(connectors).map((c) => [c.id, c.limits.concurrency])),
)

/** So many mails leave at the same time: a relay that hangs must leave room for takes. */
const MAILS_AT_ONCE = 8
/** Among takes, those tried less often go first: the same few may not use up what a rate limit leaves. */
const turn = sql`case when w.kind = 'take' then w.attempt else 0 end`
/** What shares a limit: a connection's calls, or the mails. */
const lane = sql`case when w.kind = 'send' then 'mail' else w.connection_id::text end`

/** Whether giving is stopped where a give belongs: its connection paused, its application or everything frozen. */
const givingStopped = sql`(coalesce(c.paused, false)
  or exists (select 1 from organisation o where o.frozen_at is not null)
  or exists (select 1 from "grant" g join application a on a.id = g.application_id
    where g.id = w.subject_id and a.frozen_at is not null))`

/**
 * What a pause, a freeze or a rate limit holds back at present. Pausing and freezing stop gives, never takes; and a
 * give whose start-by is over is let through, because it gives nothing any more: it tells people so. `w`, `c` and
 * `clk` are work, its connection and the clocks.
 */
export const heldBack = sql`(coalesce(c.resume_at > clk.wall, false)
  or (w.kind = 'give' and ${givingStopped}
    and exists (select 1 from "grant" g where g.id = w.subject_id and g.start_by > clk.now)))`

/**
 * Claims what is due: takes first, those tried less often before others, then by due time, within each connection's concurrency and pauses, and
 * so many mails at once.
 * Safe on any number of nodes at once. A paused connection holds back gives, never takes.
 */
export async function claimDue(db: Db, limit: number, only: Only = {}): Promise<Claim[]> {
  const rows = await db.execute<{ id: string }>(sql`
    with clk as materialized (
      select clock_timestamp() as wall, clock_timestamp() + offset_ms * interval '1 millisecond' as now from clock
    ), busy as (
      select ${lane} as lane, count(*) as n from work w, clk
      where w.lease_until > clk.wall group by 1
    ), due as (
      select w.id, ${lane} as lane,
        case when w.kind = 'send' then ${MAILS_AT_ONCE}::int else ((${concurrency}::jsonb) ->> c.connector)::int end as most,
        row_number() over (partition by ${lane} order by w.priority, ${turn}, w.due_at, w.id) as place
      from clk cross join work w left join connection c on c.id = w.connection_id
      where w.due_at <= clk.now - (case when w.kind = 'event' then 0 else ${only.graceMs ?? 0} end) * interval '1 millisecond'
        and (w.not_before is null or w.not_before <= clk.wall)
        and (w.lease_until is null or w.lease_until <= clk.wall)
        and not ${heldBack}
        and ${among(only)}
    ), picked as (
      select w.id from work w
      join due on due.id = w.id
      left join busy on busy.lane = due.lane
      cross join clk
      where (due.lane is null or due.place + coalesce(busy.n, 0) <= due.most)
        and (w.lease_until is null or w.lease_until <= clk.wall)
      order by w.priority, ${turn}, w.due_at, w.id
      limit ${limit}
      for update of w skip locked
    )
    update work set lease_until = clock_timestamp() + ${LEASE_MS} * interval '1 millisecond', attempt = attempt + 1
    where id in (select id from picked)
    returning id`)
  if (rows.length === 0) return []
  const claimed = await db.query.work.findMany({
    where: sql`${schema.work.id} in ${rows.map((r) => Number(r.id))}`,
  })
  return claimed.sort((a, b) => a.priority - b.priority || a.dueAt.getTime() - b.dueAt.getTime())
}

/** The claim is still ours: same row, same generation, same attempt. */
export function held(claim: Pick<Claim, 'id' | 'generation' | 'attempt'>) {
  const { work } = schema
  return and(eq(work.id, claim.id), eq(work.generation, claim.generation), eq(work.attempt, claim.attempt))
}

/** Prolongs the claim, and the grant's call with it. False when the claim is lost: stop what you are doing. */
export async function heartbeat(db: Db, claim: Claim): Promise<boolean> {
  const until = sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`
  const kept = await db
    .update(schema.work)
    .set({ leaseUntil: until })
    .where(held(claim))
    .returning({ id: schema.work.id })
  if (kept.length === 0) return false
  if (claim.subjectType === 'grant')
    await db
      .update(schema.grant)
      .set({ callUntil: until })
      .where(and(eq(schema.grant.id, claim.subjectId), sql`${schema.grant.callUntil} is not null`))
  return true
}

/** The item is done. */
export async function done(db: Db, claim: Claim): Promise<void> {
  await db.delete(schema.work).where(held(claim))
}

/**
 * Tries again after a while (unshifted); the domain's due time stays, so that lateness stays visible. At once where
 * the connection was changed during the try: its answer is about settings or a secret that are gone.
 */
export async function retryLater(
  db: Db,
  claim: Claim,
  delayMs: number,
  more: {
    error?: string | null
    memo?: Record<string, unknown> | null
    /** The connection as this try used it. */
    connection?: { readonly id: string; readonly version: number } | null
  } = {},
): Promise<void> {
  await db
    .update(schema.work)
    .set({
      leaseUntil: null,
      notBefore: sql`clock_timestamp() + ${Math.round(delayMs)} * interval '1 millisecond'`,
      ...(more.error === undefined ? {} : { lastError: more.error }),
      ...(more.memo === undefined ? {} : { memo: more.memo }),
    })
    .where(held(claim))
  const { connection } = more
  // In a statement of its own: it sees a change that committed while the one above waited for the row.
  if (connection)
    await db
      .update(schema.work)
      .set({ notBefore: null, dueAt: sql`${schema.work.dueAt}` })
      .where(
        and(
          held(claim),
          sql`exists (select 1 from connection c where c.id = ${connection.id} and c.version <> ${connection.version})`,
        ),
      )
}

/** Lets somebody else go first: looks again in a moment, and does not count as a try. */
export async function waitABit(db: Db, claim: Claim): Promise<void> {
  await db
    .update(schema.work)
    .set({
      leaseUntil: null,
      notBefore: sql`clock_timestamp() + ${BIT_MS} * interval '1 millisecond'`,
      attempt: claim.attempt - 1,
    })
    .where(held(claim))
}

/** Moves the due time of an item that came too early. */
export async function redate(db: Db, claim: Claim, dueAt: Date): Promise<void> {
  await db
    .update(schema.work)
    .set({ dueAt, leaseUntil: null, notBefore: null, attempt: 0, generation: claim.generation + 1 })
    .where(held(claim))
}

const pauses = sql`extract(epoch from coalesce(c.resume_at, clk.wall) - clk.wall),
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
    with clk as materialized (
      select clock_timestamp() as wall, clock_timestamp() + offset_ms * interval '1 millisecond' as now from clock
    )
    select min(greatest(
      extract(epoch from w.due_at - clk.now), extract(epoch from coalesce(w.not_before, clk.wall) - clk.wall),
      extract(epoch from coalesce(w.lease_until, clk.wall) - clk.wall),
      ${throughPauses ? sql`` : pauses} 0) * 1000) as ms
    from clk cross join work w left join connection c on c.id = w.connection_id
    where ${among({ subjectId })} and ${soon}`)
  return row?.ms == null ? null : Math.ceil(Number(row.ms))
}
