import 'server-only'
import { asc, desc, eq, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { insertOf, isAmong } from '@/db/rows'
import { readClocks } from '@/lib/clock'
import { faultpoint } from '@/lib/faultpoints'
import { NO_SEAL, payloadHash, sealedEntry, sealHash } from './form'

/** The lock of the one sealer; a number of its own among the advisory locks. */
const SEALER = 7_332_501
/** So many entries are sealed in one transaction. */
const BATCH = 1000

/**
 * Seals the next committed entries, oldest first, and says how many. Sequence order is not commit order, so what is
 * sealed is what is there: an entry that commits late comes later in the chain, and the chain has no gap. One sealer
 * at a time in all processes; another that asks meanwhile gets 0.
 */
export async function sealNext(db: Db): Promise<number> {
  const { seal, timeline, unsealed } = schema
  const sealed = await db.transaction(async (tx) => {
    const [lock] = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(${SEALER}) as mine`,
    )
    if (!lock?.mine) return 0
    const rows = await tx
      .select({ entry: timeline })
      .from(unsealed)
      .innerJoin(timeline, eq(timeline.id, unsealed.entryId))
      .orderBy(asc(unsealed.entryId))
      .limit(BATCH)
    if (rows.length === 0) return 0
    const [last] = await tx.select().from(seal).orderBy(desc(seal.seq)).limit(1)
    const { wall: sealedAt } = await readClocks(tx)
    let [seq, prev] = [last?.seq ?? 0, last?.hash ?? NO_SEAL]
    const seals = rows.map(({ entry: row }) => {
      if (row.salt === null) throw new Error(`entry ${row.id} was erased before it was sealed`)
      const payload = payloadHash(row.salt, row.data)
      seq += 1
      const entry = sealedEntry(row)
      prev = sealHash({ seq, prev, sealedAt: sealedAt.toISOString(), entry, payloadHash: payload })
      return { seq, entryId: row.id, payloadHash: payload, hash: prev, sealedAt }
    })
    await tx.execute(insertOf(seal, seals))
    await tx.delete(unsealed).where(
      isAmong(
        unsealed.entryId,
        seals.map((row) => row.entryId),
      ),
    )
    faultpoint('seal.commit', 'before')
    return seals.length
  })
  if (sealed > 0) faultpoint('seal.commit', 'after')
  return sealed
}

/** Seals until nothing waits, or another process is at it. Says how many. */
export async function sealAll(db: Db, signal?: AbortSignal): Promise<number> {
  let sealed = 0
  while (!signal?.aborted) {
    const count = await sealNext(db)
    sealed += count
    if (count < BATCH) break
  }
  return sealed
}
