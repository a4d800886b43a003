import 'server-only'
import { and, asc, desc, gt, lte, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { env } from '@/lib/env'
import { faultpoint } from '@/lib/faultpoints'
import { parseSecretKeys } from '@/lib/secrets'
import { signCheckpoint } from './checkpoint-form'
import { type SigningKey, signingKeys } from './keys'
import { merkleRoot } from './merkle'

/** One checkpoint covers at most so many links, so that a proof of one of them is quickly made. */
export const MOST_LINKS = 65_536
/** Two processes never make the same one; a number of its own among the advisory locks. */
const CHECKPOINTS = 7_332_502

/** The keys of this install, the one that signs first. */
export function ownKeys(): [SigningKey, ...SigningKey[]] {
  return signingKeys(parseSecretKeys(env().LEASEHOLD_SECRET_KEYS))
}

/** Signs where the chain stands, as often as it takes to cover all of it. Says how many: none where nothing is new. */
export async function makeCheckpoints(db: Db, key: SigningKey = ownKeys()[0]): Promise<number> {
  let made = 0
  while (await makeOne(db, key)) made += 1
  return made
}

async function makeOne(db: Db, key: SigningKey): Promise<boolean> {
  const { checkpoint, seal } = schema
  const made = await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${CHECKPOINTS})`)
    const [before] = await tx
      .select({ seq: checkpoint.seq })
      .from(checkpoint)
      .orderBy(desc(checkpoint.seq))
      .limit(1)
    const after = before?.seq ?? 0
    const links = await tx
      .select({ seq: seal.seq, hash: seal.hash })
      .from(seal)
      .where(and(gt(seal.seq, after), lte(seal.seq, after + MOST_LINKS)))
      .orderBy(asc(seal.seq))
    const last = links.at(-1)
    if (!last) return false
    const { wall: at } = await readClocks(tx)
    const jws = signCheckpoint(key, {
      form: 'leasehold-checkpoint/1',
      from: after + 1,
      seq: last.seq,
      hash: last.hash,
      root: merkleRoot(links.map((link) => link.hash)),
      at: at.toISOString(),
    })
    await tx.insert(checkpoint).values({ seq: last.seq, fromSeq: after + 1, jws, at })
    faultpoint('checkpoint.made', 'before')
    return true
  })
  if (made) faultpoint('checkpoint.made', 'after')
  return made
}
