import 'server-only'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Db, database, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { DAY, plus } from '@/lib/domain/duration'
import { liveGrantStates } from '@/lib/domain/grant'
import { sweep } from '@/lib/sweep'
import { performDue } from './perform'
import { dueFrom, heldBack, lines, untilNext } from './queue'

/** A step works for at most this long and leaves the rest to the next: a platform may cut it off after a minute. */
const BUDGET_MS = 20_000
/** No single wait is longer; a record that sleeps longer is looked at in between. */
const LONGEST_WAIT_MS = 30 * DAY * 1000
/** Nor shorter, so that quick retries do not use up a run's steps. */
const SHORTEST_WAIT_MS = 1000
/** Due and yet not to be had (a pause, a limit, another worker): the row is asked again after this. */
const HELD_BACK_MS = 30_000
/** A run that lives does its due work within this; what is later has none. */
const FORGOTTEN_AFTER_MS = 15_000
/** So many runs are started again by one sweep; the next sweep goes on. */
const MOST_ARMED = 500

/** The records that have a run of their own in the distributed engine. */
export type Subject = 'grant' | 'request'

/** What one turn of a record's run found. */
export interface Turn {
  /** When to look again, as unshifted time in ISO form; null when nothing can follow any more. */
  readonly next: string | null
}

/** A record whose due work nobody attended to. */
export interface Forgotten {
  readonly subject: Subject
  readonly id: string
}

/**
 * Does everything that is due for one record, then sends the mails and events that are owed, its own among
 * them. Safe to repeat and to run beside anything else: the rows decide what is due.
 */
export async function performFor(subject: Subject, id: string): Promise<Turn> {
  const { db } = database()
  const until = performance.now() + BUDGET_MS
  while (performance.now() < until && (await performDue(db, { subjectId: id })) > 0);
  while (performance.now() < until && (await performDue(db, { kinds: ['send', 'event'], width: 8 })) > 0);
  const wait = await untilNext(db, { subjectId: id, throughPauses: true })
  if (wait === null && !(await mayGoOn(db, subject, id))) return { next: null }
  const { wall } = await readClocks(db)
  const pause = wait === 0 ? HELD_BACK_MS : Math.max(wait ?? LONGEST_WAIT_MS, SHORTEST_WAIT_MS)
  return { next: plus(wall, Math.min(pause, LONGEST_WAIT_MS) / 1000).toISOString() }
}

/** Whether something can still happen to a record that has no work: people may be at it. */
async function mayGoOn(db: Db, subject: Subject, id: string): Promise<boolean> {
  const { grant, request } = schema
  const rows =
    subject === 'grant'
      ? await db
          .select({ id: grant.id })
          .from(grant)
          .where(and(eq(grant.id, id), inArray(grant.state, ['scheduled', ...liveGrantStates])))
      : await db
          .select({ id: request.id })
          .from(request)
          .where(and(eq(request.id, id), eq(request.state, 'pending')))
  return rows.length > 0
}

/**
 * One pass over everything that is due, whatever has a run or none. Names the records that were left alone too
 * long and have more to come: their runs are lost, and whoever sweeps may start new ones.
 */
export async function sweepAndFind(): Promise<{ performed: number; forgotten: Forgotten[] }> {
  const { db } = database()
  const late = await unattended(db)
  const { performed } = await sweep()
  if (late.length === 0) return { performed, forgotten: [] }
  const { work } = schema
  const open = await db
    .selectDistinct({ id: work.subjectId })
    .from(work)
    .where(
      and(
        inArray(
          work.subjectId,
          late.map((one) => one.id),
        ),
        inArray(work.subjectType, ['grant', 'request']),
      ),
    )
  const goOn = new Set(open.map((one) => one.id))
  return { performed, forgotten: late.filter((one) => goOn.has(one.id)) }
}

/** Records whose work could have been done a while ago, and was not. */
async function unattended(db: Db): Promise<Forgotten[]> {
  const grace = sql`${FORGOTTEN_AFTER_MS} * interval '1 millisecond'`
  const rows = await db.execute<{ subject: Subject; id: string }>(sql`
    with ${lines()}
    select distinct w.subject_type as subject, w.subject_id as id
    ${dueFrom}
    where w.subject_type in ('grant', 'request') and w.due_at <= clk.now - ${grace}
      and (w.not_before is null or w.not_before <= clk.wall - ${grace})
      and (w.lease_until is null or w.lease_until <= clk.wall)
      and (c.resume_at is null or c.resume_at <= clk.wall - ${grace})
      and c.breaker_opened_at is null
      and not ${heldBack}
    limit ${MOST_ARMED}`)
  return rows.map(({ subject, id }) => ({ subject, id }))
}
