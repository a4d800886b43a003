import 'server-only'
import { database } from '@/db/client'
import { sweepOnce } from './engine/loop'
import { type LookedAfter, lookAfter } from './services/look-after'

/** One pass over everything that is due, what changes of people left behind included. */
export async function sweep(): Promise<{ performed: number } & LookedAfter> {
  const after = await lookAfter(database().db)
  return { ...(await sweepOnce(database())), ...after }
}
