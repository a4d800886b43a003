import 'server-only'
import { desc } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { CheckpointChannel } from '@/db/schema'

/** How far the chain, its checkpoints and their ways out are. */
export interface CheckpointStanding {
  readonly links: number
  readonly last: { readonly link: number; readonly at: Date } | null
  readonly ways: readonly {
    readonly channel: CheckpointChannel
    readonly deliveredAt: Date | null
    readonly failingSince: Date | null
    readonly error: string | null
  }[]
}

/** For the organisation page; of the record as a whole, so nothing of it belongs to anybody. */
export async function checkpointStanding(db: Reader): Promise<CheckpointStanding> {
  const { checkpoint, checkpointDelivery, seal } = schema
  const [[head], [last], ways] = await Promise.all([
    db.select({ seq: seal.seq }).from(seal).orderBy(desc(seal.seq)).limit(1),
    db.select().from(checkpoint).orderBy(desc(checkpoint.seq)).limit(1),
    db.select().from(checkpointDelivery).orderBy(checkpointDelivery.channel),
  ])
  return {
    links: head?.seq ?? 0,
    last: last ? { link: last.seq, at: last.at } : null,
    ways: ways.map(({ channel, deliveredAt, failingSince, error }) => {
      return { channel, deliveredAt, failingSince, error }
    }),
  }
}
