import 'server-only'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import type { WorkKind } from '@/lib/domain/work'

const { connection, work } = schema
const atOnce = { notBefore: null, dueAt: sql`${work.dueAt}` }

/** Ends the waiting between tries of everything a connection has to do; naming `due_at` wakes the loop. */
export async function retryNow(tx: Tx, connectionId: string): Promise<void> {
  await tx.update(work).set(atOnce).where(eq(work.connectionId, connectionId))
}

/** The same for what is given, taken and looked at there, and for nothing that is done again and again. */
export async function retryLeases(db: Reader, connectionId: string): Promise<void> {
  await db
    .update(work)
    .set(atOnce)
    .where(
      and(
        eq(work.connectionId, connectionId),
        inArray(work.kind, ['take', 'give', 'look']),
        // As a subquery it is read once, and what sleeps is not looked through.
        sql`${work.dueAt} <= (select leasehold_now())`,
      ),
    )
}

/** Has a connection looked at now: what was known of it is about settings or a secret that are gone. */
export async function probeNow(tx: Tx, connectionId: string): Promise<void> {
  await tx
    .update(work)
    .set(atOnce)
    .where(and(eq(work.kind, 'probe'), eq(work.subjectId, connectionId)))
}

/**
 * Ends the waiting of one item, and of its connection where that rests after calls without an answer: one trial goes
 * out. What the target asked for itself, as a rate limit, is waited for all the same.
 */
export async function tryNow(
  tx: Tx,
  kind: WorkKind,
  subjectId: string,
  connectionId: string | null,
): Promise<void> {
  if (connectionId)
    await tx.update(connection).set({ breakerUntil: null }).where(eq(connection.id, connectionId))
  await tx
    .update(work)
    .set(atOnce)
    .where(and(eq(work.kind, kind), eq(work.subjectId, subjectId)))
}
