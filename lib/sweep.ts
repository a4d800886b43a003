import 'server-only'
import { database } from '@/db/client'
import { armEvidence } from './engine/handlers/evidence'
import { armUpkeep } from './engine/handlers/upkeep'
import { sweepOnce } from './engine/loop'
import { type LookedAfter, lookAfter } from './services/look-after'

/** One pass over everything that is due, what changes of people left behind and the looks at connections included. */
export async function sweep(): Promise<{ performed: number } & LookedAfter> {
  const after = await lookAfter(database().db)
  await armUpkeep(database().db)
  await armEvidence(database().db)
  return { ...(await sweepOnce(database())), ...after }
}
