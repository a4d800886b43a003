import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'

const { work } = schema
const atOnce = { notBefore: null, dueAt: sql`${work.dueAt}` }

/** Ends the waiting between tries of everything a connection has to do; naming `due_at` wakes the loop. */
export async function retryNow(tx: Tx, connectionId: string): Promise<void> {
  await tx.update(work).set(atOnce).where(eq(work.connectionId, connectionId))
}

/** Has a connection looked at now: what was known of it is about settings or a secret that are gone. */
export async function probeNow(tx: Tx, connectionId: string): Promise<void> {
  await tx
    .update(work)
    .set(atOnce)
    .where(and(eq(work.kind, 'probe'), eq(work.subjectId, connectionId)))
}
