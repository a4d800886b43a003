/** Checkpoints leave the machine: whoever can rewrite the database cannot rewrite what others have already. */
import 'server-only'
import { open } from 'node:fs/promises'
import { asc, desc, eq, gt } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import type { CheckpointChannel } from '@/db/schema'
import { readClocks } from '@/lib/clock'
import { type Env, env } from '@/lib/env'
import { faultpoint } from '@/lib/faultpoints'
import { log } from '@/lib/log'
import { mayWriteOutside, outsideFetch } from '@/lib/services/outside'
import { mailCheckpoint } from './checkpoint-mail'

/** A checkpoint on its way out. */
export type Outgoing = Pick<typeof schema.checkpoint.$inferSelect, 'seq' | 'fromSeq' | 'jws' | 'at'>

/** A way out. `send` is given what has not gone out yet, oldest first, and throws where it did not get through. */
interface Channel {
  readonly channel: CheckpointChannel
  /** Milliseconds between two deliveries, of which then only the newest goes out. */
  readonly everyMs?: number
  readonly send: (checkpoints: readonly Outgoing[]) => Promise<void>
}

const CALL_MS = 15_000
const MOST_AT_ONCE = 500
const DAY_MS = 24 * 60 * 60 * 1000

type Settings = Pick<Env, 'AUDIT_CHECKPOINT_FILE' | 'AUDIT_CHECKPOINT_WEBHOOK' | 'AUDIT_CHECKPOINT_MAIL'>

/** The ways out that are set up. */
export function channels(db: Db, signal: AbortSignal, settings: Settings = env()): Channel[] {
  const { AUDIT_CHECKPOINT_FILE: file, AUDIT_CHECKPOINT_WEBHOOK: url, AUDIT_CHECKPOINT_MAIL: to } = settings
  return [
    ...(file ? [{ channel: 'file' as const, send: (all: readonly Outgoing[]) => append(file, all) }] : []),
    ...(url
      ? [{ channel: 'webhook' as const, send: (all: readonly Outgoing[]) => post(db, url, all, signal) }]
      : []),
    ...(to.length > 0
      ? [
          {
            channel: 'mail' as const,
            everyMs: DAY_MS,
            send: (all: readonly Outgoing[]) => mailCheckpoint(db, to, all),
          },
        ]
      : []),
  ]
}

/** Delivers on every way out what it has not got. Says whether all of it got through; what did not is tried again. */
export async function deliverCheckpoints(db: Db, ways: readonly Channel[]): Promise<boolean> {
  const done: boolean[] = []
  for (const way of ways) done.push(await deliverOn(db, way))
  return done.every(Boolean)
}

async function deliverOn(db: Db, { channel, everyMs, send }: Channel): Promise<boolean> {
  const { checkpoint, checkpointDelivery } = schema
  const before = await db.query.checkpointDelivery.findFirst({
    where: eq(checkpointDelivery.channel, channel),
  })
  const { wall } = await readClocks(db)
  const soon = everyMs && before?.deliveredAt && wall.getTime() - before.deliveredAt.getTime() < everyMs
  if (soon && !before.error) return true
  const newestOnly = everyMs !== undefined || !before?.deliveredAt
  const waiting = await db
    .select()
    .from(checkpoint)
    .where(gt(checkpoint.seq, before?.seq ?? 0))
    .orderBy(newestOnly ? desc(checkpoint.seq) : asc(checkpoint.seq))
    .limit(newestOnly ? 1 : MOST_AT_ONCE)
  const last = waiting.at(-1)
  if (!last) return true
  const note = async (set: Partial<typeof checkpointDelivery.$inferInsert>) => {
    const row = { channel, seq: before?.seq ?? 0, ...set }
    await db
      .insert(checkpointDelivery)
      .values(row)
      .onConflictDoUpdate({ target: checkpointDelivery.channel, set: row })
  }
  try {
    await mayWriteOutside(db)
    faultpoint('checkpoint.sent', 'before')
    await send(waiting)
    faultpoint('checkpoint.sent', 'after')
    await note({ seq: last.seq, deliveredAt: wall, failingSince: null, error: null })
    return waiting.length < MOST_AT_ONCE
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).slice(0, 300)
    log.warn({ channel, why }, 'a checkpoint did not get out')
    await note({ failingSince: before?.failingSince ?? wall, error: why })
    return false
  }
}

/** One checkpoint a line; on the disk when this returns. After a crash in between a line may stand there twice. */
async function append(path: string, all: readonly Outgoing[]): Promise<void> {
  const file = await open(path, 'a', 0o640)
  try {
    await file.appendFile(all.map(({ jws }) => `${jws}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
}

async function post(db: Db, url: string, all: readonly Outgoing[], signal: AbortSignal): Promise<void> {
  for (const { seq, at, jws } of all) {
    const answer = await (await outsideFetch(db))(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'leasehold.checkpoint', seq, at, checkpoint: jws }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]),
    })
    if (!answer.ok) throw new Error(`the webhook answered with status ${answer.status}`)
  }
}
