import 'server-only'
import { database } from '@/db/client'
import { sweepOnce } from './engine/loop'
import { endLeasesOfLeavers } from './services/people'

/** One pass over everything that is due, what a cut-short deactivation left included. */
export async function sweep(): Promise<{ performed: number; leavers: number }> {
  const leavers = await endLeasesOfLeavers(database().db)
  return { ...(await sweepOnce(database())), leavers }
}
