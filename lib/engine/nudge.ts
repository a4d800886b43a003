import 'server-only'
import { database } from '@/db/client'
import { logUnknown } from '@/lib/log'
import { loopWanted, sweepOnce } from './loop'

/**
 * After an action, where no loop lives in this process: does what has become due, for a short while. A hint
 * only; what it does not reach, the next sweep does.
 */
export async function nudge(): Promise<void> {
  if (loopWanted()) return
  try {
    await sweepOnce(database(), 5000)
  } catch (error) {
    logUnknown(error, 'the nudge after an action')
  }
}
