import 'server-only'
import { database } from '@/db/client'
import { armEvidence } from './engine/handlers/evidence'
import { armUpkeep } from './engine/handlers/upkeep'
import { beat } from './engine/heartbeat'
import { sweepOnce } from './engine/loop'
import { type LookedAfter, lookAfter } from './services/look-after'

/**
 * One pass over everything that is due, what changes of people left behind and the looks at connections included. It
 * leaves its time: only what comes by itself does, not the short pass after somebody's action.
 */
export async function sweep(): Promise<{ performed: number } & LookedAfter> {
  const after = await lookAfter(database().db)
  await armUpkeep(database().db)
  await armEvidence(database().db)
  const { performed } = await sweepOnce(database())
  await beat(database().db, 'sweep')
  return { performed, ...after }
}
