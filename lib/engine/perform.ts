import 'server-only'
import type { Db } from '@/db/client'
import type { WorkKind } from '@/lib/domain/work'
import { logUnknown } from '@/lib/log'
import { retryDelayMs } from './backoff'
import { createEngine, type Engine } from './engine'
import { reviewDue, reviewRemind } from './handlers/access-reviews'
import { check } from './handlers/check'
import { deliver } from './handlers/deliver'
import { event } from './handlers/event'
import { checkpoint, retention } from './handlers/evidence'
import { give } from './handlers/give'
import { look } from './handlers/look'
import { alarm, notice } from './handlers/reminders'
import { remove } from './handlers/remove'
import { escalate, lapse, remind } from './handlers/requests'
import { send } from './handlers/send'
import { take } from './handlers/take'
import { upkeep } from './handlers/upkeep'
import { claimDue, type Only, settle } from './queue'
import { endTurn, keepTurn } from './turns'
import { type Claim, HEARTBEAT_MS, heartbeat, LEASE_MS, retryLater } from './work'

const handlers: Record<WorkKind, (engine: Engine, claim: Claim) => Promise<void>> = {
  give,
  take,
  look,
  notice,
  alarm,
  lapse,
  escalate,
  remind,
  check,
  send,
  event,
  probe: upkeep('probe'),
  sync: upkeep('sync'),
  drift: upkeep('drift'),
  drill: upkeep('drill'),
  remove,
  checkpoint,
  retention,
  deliver,
  review_remind: reviewRemind,
  review_due: reviewDue,
}

/**
 * The bell: does one claimed work item. Begin and finish are short transactions, the call between them has
 * none open. Whatever is thrown, the item stays and is tried again: nothing is ever dropped by an error.
 */
export async function perform(
  db: Db,
  claim: Claim,
  { stop, crowded = () => false }: { stop?: AbortSignal; crowded?: () => boolean } = {},
): Promise<void> {
  const lost = new AbortController()
  const signal = stop ? AbortSignal.any([lost.signal, stop]) : lost.signal
  const engine = createEngine(db, signal, crowded)
  let keptAt = engine.began
  const keep = async () => {
    if (!(await heartbeat(db, claim))) return lost.abort(new Error('the claim was taken away'))
    keptAt = performance.now()
    await keepTurn(engine, claim)
  }
  const beat = setInterval(() => {
    // An unreachable database is no proof of a lost claim, until the claim has run out unheard.
    if (performance.now() - keptAt > LEASE_MS) lost.abort(new Error('the claim ran out'))
    keep().catch(() => {})
  }, HEARTBEAT_MS)
  try {
    await handlers[claim.kind](engine, claim)
  } catch (error) {
    const errorId = logUnknown(error, `work ${claim.kind} ${claim.subjectId}`)
    const delay = retryDelayMs(claim.attempt, { seed: claim.id })
    // A database that does not answer cannot be told either; then the claim runs out by itself.
    await retryLater(db, claim, delay, { error: `unexpected error ${errorId}` }).catch((worse) =>
      logUnknown(worse, `noting that work ${claim.kind} ${claim.subjectId} is tried again`),
    )
  } finally {
    clearInterval(beat)
    // Both run out, or fill up, by themselves where the database does not answer.
    await Promise.all([endTurn(engine, claim), settle(db, claim, engine.hand.requests)]).catch((error) =>
      logUnknown(error, `settling work ${claim.kind} ${claim.subjectId}`),
    )
  }
}

/** Claims and does what is due now, all of it or only what is meant, in parallel up to `width`. Returns how many. */
export async function performDue(
  db: Db,
  options: Only & { width?: number; stop?: AbortSignal; crowded?: () => boolean } = {},
): Promise<number> {
  const claims = await claimDue(db, options.width ?? 16, options)
  await Promise.all(claims.map((claim) => perform(db, claim, options)))
  return claims.length
}
