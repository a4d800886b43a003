import 'server-only'
import { and, desc, eq, gte, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { ConnectionHealth, ConnectionView, HealthState } from '@/lib/application-views'
import { healthBars, stateOf } from '@/lib/health-bars'

const { connection, probe } = schema
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Spans of half an hour, of three hours, and of two for the dots of the list. */
const DAY_BARS = 48
const WEEK_BARS = 56
const DOTS = 12

/**
 * How a connection stands, in one word, as far as the last look, a pause, the end of our credential and the last
 * removal drill say.
 */
export function connectionState(
  row: Pick<typeof connection.$inferSelect, 'paused' | 'probeOk' | 'credentialExpiresAt'> | null,
  now: Date,
  drillFailed: boolean,
): ConnectionHealth {
  if (!row) return 'by-hand'
  if (row.paused) return 'paused'
  if (row.credentialExpiresAt && row.credentialExpiresAt <= now) return 'attention'
  if (drillFailed) return 'attention'
  if (row.probeOk === null) return 'untested'
  return row.probeOk ? 'healthy' : 'attention'
}

/** The last 24 hours and 7 days of a connection. Looks are kept in unshifted time; the page reads the domain's clock. */
export async function healthOver(
  db: Reader,
  connectionId: string,
  { wall, offsetMs }: { wall: Date; offsetMs: number },
): Promise<ConnectionView['health']> {
  const since = new Date(wall.getTime() - 7 * DAY_MS)
  const rows = await db
    .select({ at: probe.at, ok: probe.ok, tookMs: probe.tookMs, detail: probe.detail })
    .from(probe)
    .where(and(eq(probe.connectionId, connectionId), gte(probe.at, since)))
    .orderBy(desc(probe.at))
  const looks = rows.map((row) => ({ ...row, at: new Date(row.at.getTime() + offsetMs) }))
  const now = new Date(wall.getTime() + offsetMs)
  const last = looks.find((look) => !look.ok)
  const took = looks.filter((look) => look.ok).map((look) => look.tookMs)
  took.sort((a, b) => a - b)
  return {
    day: healthBars(looks, new Date(now.getTime() - DAY_MS), now, DAY_BARS),
    week: healthBars(looks, new Date(now.getTime() - 7 * DAY_MS), now, WEEK_BARS),
    looks: looks.length,
    failed: looks.filter((look) => !look.ok).length,
    lastFailure: last ? { at: last.at, detail: last.detail } : null,
    medianMs: took[Math.floor(took.length / 2)] ?? null,
  }
}

/** The last 24 hours of every connection, oldest first, for the dots of the list. Unshifted time. */
export async function healthDots(db: Reader, wall: Date): Promise<Map<string, HealthState[]>> {
  const span = DAY_MS / DOTS / 1000
  const since = new Date(wall.getTime() - DAY_MS)
  const place = sql<number>`least(${DOTS - 1}::int, floor(extract(epoch from ${probe.at} - ${since.toISOString()}::timestamptz) / ${span}::int)::int)`
  const rows = await db
    .select({
      id: probe.connectionId,
      place: place.mapWith(Number),
      ok: sql<number>`count(*) filter (where ${probe.ok})`.mapWith(Number),
      failed: sql<number>`count(*) filter (where not ${probe.ok})`.mapWith(Number),
    })
    .from(probe)
    .where(gte(probe.at, since))
    .groupBy(probe.connectionId, sql`2`)
  const found = new Map<string, HealthState[]>()
  for (const { id, place: at, ok, failed } of rows) {
    const dots = found.get(id) ?? Array<HealthState>(DOTS).fill('none')
    dots[at] = stateOf(ok, failed)
    found.set(id, dots)
  }
  return found
}
