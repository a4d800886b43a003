import 'server-only'
import { faultpoint } from '@/lib/faultpoints'
import { log } from '@/lib/log'
import { hintJobEngine } from '@/lib/services/outside'
import { retryDelayMs } from '../backoff'
import type { Engine } from '../engine'
import { type Claim, done, retryLater } from '../work'

/** Hands one hint to the distributed engine. The row's subject id is the event's id, so a repeat is one event. */
export async function event(engine: Engine, claim: Claim): Promise<void> {
  const memo = claim.memo as { name?: string; data?: Record<string, unknown> } | null
  if (!memo?.name) return done(engine.db, claim)
  try {
    faultpoint('event.call', 'before')
    await hintJobEngine(engine.db, { id: claim.subjectId, name: memo.name, data: memo.data ?? {} })
    faultpoint('event.call', 'after')
    await done(engine.db, claim)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    log.warn({ err: error, event: memo.name }, 'the job engine did not take an event')
    await retryLater(engine.db, claim, retryDelayMs(claim.attempt, { seed: claim.id }), { error: message })
  }
}
