import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { type Db, schema, type Tx } from '@/db/client'
import { isAmong, rowsOf } from '@/db/rows'
import type { WorkRow } from '@/lib/services/changes'
import { together } from '@/lib/together'

/** How long a claim lasts without a heartbeat, and how often one is given. Unshifted time. */
export const LEASE_MS = 15_000
export const HEARTBEAT_MS = 5_000
const BIT_MS = 250

/** A claimed work item: the row as claimed. Generation and fence together are what tells it from any other claim. */
export interface Claim extends WorkRow {
  /** Requests that were drawn for it from its connection's token bucket; 0 where it has none. */
  readonly paid: number
  /** When the try before this one began; null for the first. Unshifted time. */
  readonly triedBefore: Date | null
}

/** When a claim, or a call, that begins or is prolonged now runs out. */
export const leaseFromNow = sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`

type Fence = Pick<Claim, 'id' | 'generation' | 'fence'>

/** The claim is still ours: same row, same generation, claimed by nobody since. */
export function held(claim: Fence) {
  const { work } = schema
  return and(eq(work.id, claim.id), eq(work.generation, claim.generation), eq(work.fence, claim.fence))
}

/** Which of these claims are still ours, by the ids of their rows. */
export async function heldOf(tx: Tx, claims: readonly Fence[]): Promise<Set<number>> {
  const { work } = schema
  const rows = await tx
    .select({ id: work.id, generation: work.generation, fence: work.fence })
    .from(work)
    .where(
      isAmong(
        work.id,
        claims.map((claim) => claim.id),
      ),
    )
  const found = new Map(rows.map((row) => [row.id, row]))
  const mine = claims.filter(({ id, generation, fence }) => {
    const row = found.get(id)
    return row?.generation === generation && row.fence === fence
  })
  return new Set(mine.map((claim) => claim.id))
}

/** Prolongs the claim, and its call with it. False when the claim is lost: stop what you are doing. */
export async function heartbeat(db: Db, claim: Claim): Promise<boolean> {
  const kept = await db
    .update(schema.work)
    .set({ leaseUntil: leaseFromNow })
    .where(held(claim))
    .returning({ id: schema.work.id })
  if (kept.length === 0) return false
  if (claim.subjectType === 'grant')
    await db
      .update(schema.grant)
      .set({ callUntil: leaseFromNow })
      .where(and(eq(schema.grant.id, claim.subjectId), eq(schema.grant.callBy, callMark(claim))))
  return true
}

/** What the marks of one work item's calls begin with, whichever claim made them. */
export const callsOf = (id: number) => `${id}.`

/** Whose call it is: a claim that is over never lifts, nor prolongs, the mark of the one after it. */
export const callMark = ({ id, generation, fence }: Fence) => `${callsOf(id)}${generation}.${fence}`

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

/**
 * What was called for is done, and the rest of the try waits until others had their turn: it is claimed again behind
 * those that were not tried yet. `memo` tells the next try how far this one came; the mark of its call is left to it.
 */
export async function goOnLater(db: Db, claim: Claim, memo: Record<string, unknown>): Promise<void> {
  await laterTogether(db, { claim, memo })
}

const laterTogether = together(
  async (db: Db, parked: readonly { claim: Claim; memo: Record<string, unknown> }[]) => {
    const { work } = schema
    const rows = parked.map(({ claim: { id, generation, fence }, memo }) => ({ id, generation, fence, memo }))
    await db.execute(sql`
      update ${work} w set lease_until = null, not_before = null, memo = r.memo
      from ${rowsOf(work, rows).from} where w.id = r.id and w.generation = r.generation and w.fence = r.fence`)
    return parked.map(() => undefined)
  },
)

/** Lets somebody else go first: looks again in a moment, and does not count as a try. */
export async function waitABit(db: Db, claim: Claim): Promise<void> {
  await db
    .update(schema.work)
    .set({
      leaseUntil: null,
      notBefore: sql`clock_timestamp() + ${BIT_MS} * interval '1 millisecond'`,
      attempt: claim.attempt - 1,
      triedAt: claim.triedBefore,
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
