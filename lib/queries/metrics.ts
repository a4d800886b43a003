import 'server-only'
import { eq, isNull, sql } from 'drizzle-orm'
import { type Db, database, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { connectorErrorCodes } from '@/lib/connectors/contract'
import type { Metric } from '@/lib/metrics'
import { inQuarantine } from '@/lib/services/quarantine-state'
import { connectionState } from './connection-health'
import { failedDrills } from './drills'
import { readWatchdog, type Watch } from './watchdog'

/** Upper bounds of the lateness histogram, in seconds: what the engine is held to, the alarm, and outages. */
export const LATENESS_BOUNDS = [0.3, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400] as const

/** Attempts are counted over this long: a target that refuses us is tried at least once in it. */
const RECENT_MINUTES = 15

/**
 * Everything that `/api/metrics` tells, from stored rows alone: nothing is counted in a process's memory, so every node
 * gives the same answer, and a restart loses nothing.
 */
export async function readMetrics(db: Db = database().db): Promise<Metric[]> {
  const [watch, held, late, attempts, queue, connections] = await Promise.all([
    readWatchdog(db),
    inQuarantine(db),
    lateness(db),
    recentAttempts(db),
    dueWork(db),
    connectionStates(db),
  ])
  const quarantine = gauge(
    'quarantine',
    'Whether nothing leaves because this database was restored from a backup, until an admin confirms.',
    held ? 1 : 0,
  )
  return [...watchdogMetrics(watch), quarantine, late, attempts, queue, connections]
}

const gauge = (name: string, help: string, value: number): Metric => ({
  name: `leasehold_${name}`,
  help,
  type: 'gauge',
  samples: [{ value }],
})

function watchdogMetrics(watch: Watch): Metric[] {
  const { alive, silentSeconds, due, overdue, longestSeconds } = watch
  return [
    gauge(
      'scheduler_up',
      'Whether the loop or a sweep went over what is due within its bound.',
      alive ? 1 : 0,
    ),
    // Left out where there never was a sign of life; then `scheduler_up` is 0.
    ...(silentSeconds === null
      ? []
      : [
          gauge(
            'scheduler_silent_seconds',
            'Seconds since the loop or a sweep last went over what is due.',
            silentSeconds,
          ),
        ]),
    gauge('ends_due', 'Accesses whose right is over and that were not seen gone yet.', due),
    gauge('ends_overdue', 'Accesses that should be gone and are later than the bound.', overdue),
    gauge(
      'overdue_seconds_max',
      'Longest time since the right of an overdue access was over.',
      longestSeconds,
    ),
  ]
}

/** By how much what was seen gone outlived its right, over everything that is on record. */
async function lateness(db: Db): Promise<Metric> {
  const { grant } = schema
  const below = LATENESS_BOUNDS.map((le, i) => {
    const within = sql`${grant.lateMs} <= ${Math.round(le * 1000)}::int`
    return sql`count(*) filter (where ${within})::int as ${sql.identifier(`le${i}`)}`
  })
  const [row] = await db.execute<Record<string, number>>(sql`
    select ${sql.join(below, sql`, `)}, coalesce(sum(${grant.lateMs}), 0)::float8 / 1000 as total,
      count(${grant.lateMs})::int as n
    from ${grant} where ${grant.verified}`)
  return {
    name: 'leasehold_end_lateness_seconds',
    help: 'How long accesses outlived their right: seen absent minus the moment the right was over.',
    type: 'histogram',
    buckets: LATENESS_BOUNDS.map((le, i) => ({ le, count: row?.[`le${i}`] ?? 0 })),
    sum: row?.total ?? 0,
    count: row?.n ?? 0,
  }
}

/** Calls to targets by what came of them; unshifted time, as calls are stored. */
async function recentAttempts(db: Db): Promise<Metric> {
  const { attempt } = schema
  const rows = await db.execute<{ outcome: string; n: number }>(sql`
    select ${attempt.outcome} as outcome, count(*)::int as n from ${attempt}
    where ${attempt.startedAt} > clock_timestamp() - ${RECENT_MINUTES} * interval '1 minute' group by 1`)
  const classes = new Map<string, number>([
    ['ok', 0],
    ...connectorErrorCodes.map((code) => [code, 0] as const),
  ])
  for (const { outcome, n } of rows) {
    const found = classes.has(outcome) ? outcome : 'ok'
    classes.set(found, (classes.get(found) ?? 0) + n)
  }
  return {
    name: 'leasehold_attempts_recent',
    help: `Calls to targets in the last ${RECENT_MINUTES} minutes, by class of error; ok is an answer without one.`,
    type: 'gauge',
    samples: [...classes].map(([name, value]) => ({ labels: { class: name }, value })),
  }
}

/** How much is due and not done, by kind; what waits for its next try is in it. */
async function dueWork(db: Db): Promise<Metric> {
  const { work } = schema
  const rows = await db.execute<{ kind: string; n: number }>(sql`
    select ${work.kind} as kind, count(*)::int as n from ${work}
    where ${work.dueAt} <= (select leasehold_now()) group by 1 order by 1`)
  return {
    name: 'leasehold_queue_due',
    help: 'Work that is due and not done, by kind.',
    type: 'gauge',
    samples: rows.map(({ kind, n }) => ({ labels: { kind }, value: n })),
  }
}

const states = ['healthy', 'attention', 'paused', 'untested'] as const

/** One line for each state of each connection, so that an alert can ask for any of them. */
async function connectionStates(db: Db): Promise<Metric> {
  const { application, connection } = schema
  const [rows, { now }, failed] = await Promise.all([
    db
      .select({ row: connection, application: application.name })
      .from(connection)
      .innerJoin(application, eq(application.connectionId, connection.id))
      .where(isNull(application.archivedAt))
      .orderBy(connection.id),
    readClocks(db),
    failedDrills(db),
  ])
  return {
    name: 'leasehold_connection_state',
    help: 'How each connection stands: 1 for the state it is in.',
    type: 'gauge',
    samples: rows.flatMap(({ row, application: name }) => {
      const { id, connector } = row
      const stands = connectionState(row, now, failed.has(id))
      return states.map((state) => ({
        labels: { connection: id, application: name, connector, state },
        value: state === stands ? 1 : 0,
      }))
    }),
  }
}
