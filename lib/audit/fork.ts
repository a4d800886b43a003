/** What a restored chain has lost, as checkpoints kept off the machine know it. */
import 'server-only'
import { readFile } from 'node:fs/promises'
import { desc } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import type { LostChain } from '@/lib/domain/quarantine'
import { env } from '@/lib/env'
import { readCheckpoint } from './checkpoint-form'
import { ownKeys } from './checkpoints'

const { seal } = schema

/** The chain as it is found, and where the one that was left went on. */
export interface Fork {
  /** The last link that is here. */
  readonly link: number
  readonly lost: LostChain | null
  /** Whether there were checkpoints outside the database to ask. */
  readonly checkpointsRead: boolean
}

/**
 * Holds the chain against the file of checkpoints, where one is kept. What they know beyond the chain's end, or know
 * otherwise, was lost with the state that this database no longer has. Lines that none of our keys signed say nothing.
 */
export async function forkOf(db: Reader, path = env().AUDIT_CHECKPOINT_FILE): Promise<Fork> {
  const [head] = await db.select({ seq: seal.seq }).from(seal).orderBy(desc(seal.seq)).limit(1)
  const link = head?.seq ?? 0
  const text = path ? await readFile(path, 'utf8').catch(() => null) : null
  if (text === null) return { link, lost: null, checkpointsRead: false }
  const trusted = ownKeys().map((key) => key.jwk)
  const said = text
    .split('\n')
    .flatMap((line) => {
      const read = line.trim() ? readCheckpoint(line.trim(), trusted) : null
      return read?.ok ? [read.said] : []
    })
    .sort((a, b) => a.seq - b.seq)
  const known = await hashesOf(
    db,
    said.map(({ seq }) => seq),
  )
  const agrees = said.filter(({ seq, hash }) => known.get(seq) === hash)
  const strange = said.filter(({ seq, hash }) => known.get(seq) !== hash)
  const last = strange.at(-1)
  if (!last) return { link, lost: null, checkpointsRead: said.length > 0 }
  const first = strange[0] ?? last
  // Within the links of the first that disagrees: at least behind the last one that agrees.
  const from = first.seq > link ? link + 1 : (agrees.findLast(({ seq }) => seq < first.seq)?.seq ?? 0) + 1
  return { link, lost: { from, to: last.seq, signedAt: last.at }, checkpointsRead: true }
}

async function hashesOf(db: Reader, seqs: readonly number[]): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  for (let i = 0; i < seqs.length; i += 5000) {
    const rows = await db
      .select({ seq: seal.seq, hash: seal.hash })
      .from(seal)
      .where(isAmong(seal.seq, seqs.slice(i, i + 5000)))
    for (const { seq, hash } of rows) found.set(seq, hash)
  }
  return found
}
