import 'server-only'
import type { Db } from '@/db/client'
import { warnOfCredentials } from './credential-warnings'
import { tellSubstitutes } from './delegations'
import { finishLeaving } from './leaving'
import { watchForRestore } from './quarantine'

/** What was found and done. */
export interface LookedAfter {
  /** Accesses of deactivated people that began to end. */
  readonly ended: number
  /** Requests that went to the fallback, or had to lapse, because too few were left who could agree. */
  readonly escalated: number
  /** Mails that substitutes were owed. */
  readonly told: number
  /** Credentials of connections whose end the owners were told of. */
  readonly warned: number
}

/**
 * Looks after what changes of people leave behind, whatever made them and whatever a crash cut short, and warns of
 * credentials that end: called every minute by the loop and by sweeps, and every night. In quarantine nothing of it, and
 * whether this is a restored database is asked first.
 */
export async function lookAfter(db: Db): Promise<LookedAfter> {
  if (await watchForRestore(db)) return { ended: 0, escalated: 0, told: 0, warned: 0 }
  const { ending, escalated } = await finishLeaving(db)
  const told = await tellSubstitutes(db)
  return { ended: ending, escalated, told, warned: await warnOfCredentials(db) }
}
