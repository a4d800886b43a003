import 'server-only'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'

const { work } = schema
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
