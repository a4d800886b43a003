import 'server-only'
import { asc, eq, gt, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { ReceiversPage, ReceiverView } from '@/lib/receiver-views'
import { lastPosition } from '@/lib/services/audit-receivers'

const { auditReceiver, seal, timeline } = schema

/** Where the audit log is delivered, and how far each receiver is; null for whoever may not see the log. */
export async function receiversPage(ctx: Ctx): Promise<ReceiversPage | null> {
  if (!can(ctx.actor, 'audit.see', {})) return null
  const { db } = ctx
  const [rows, last, { wall }] = await Promise.all([
    db.select().from(auditReceiver).orderBy(asc(auditReceiver.createdAt), asc(auditReceiver.id)),
    lastPosition(db),
    readClocks(db),
  ])
  const receivers = await Promise.all(rows.map((row) => viewOf(db, row, last)))
  return { receivers, last, wall, canEdit: can(ctx.actor, 'audit.deliver', {}) }
}

async function viewOf(
  db: Reader,
  row: typeof auditReceiver.$inferSelect,
  last: number,
): Promise<ReceiverView> {
  const [oldest] = await db
    .select({ at: timeline.at })
    .from(seal)
    .innerJoin(timeline, eq(timeline.id, seal.entryId))
    .where(gt(seal.seq, row.position))
    .orderBy(asc(seal.seq))
    .limit(1)
  const { id, url, format, version, position, deliveredAt, failingSince, error } = row
  return {
    ...{ id, url, host: new URL(url).host, format, version, paused: row.pausedAt !== null, position },
    // Positions have no gap, so the difference is the count.
    behind: Math.max(0, last - position),
    behindSince: oldest?.at ?? null,
    ...{ deliveredAt, failingSince, error },
  }
}

/** Receivers that were not reached the last time they were tried, for a note on the log; [] for whoever may not see it. */
export async function failingReceivers(ctx: Ctx): Promise<{ host: string; since: Date }[]> {
  if (!can(ctx.actor, 'audit.see', {})) return []
  const rows = await ctx.db
    .select({ url: auditReceiver.url, since: auditReceiver.failingSince })
    .from(auditReceiver)
    .where(sql`${auditReceiver.failingSince} is not null`)
  return rows.flatMap(({ url, since }) => (since ? [{ host: new URL(url).host, since }] : []))
}
