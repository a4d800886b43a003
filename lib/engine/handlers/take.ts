import 'server-only'
import {
  type ChangeResult,
  type ConnectorAccount,
  ConnectorError,
  type Holding,
} from '@/lib/connectors/contract'
import { faultpoint } from '@/lib/faultpoints'
import { newId } from '@/lib/ids'
import type { LoadedGrant } from '@/lib/services/facts'
import { retryDelayMs, TAKE_GAP_MS } from '../backoff'
import { type Engine, endCall, notCalling, nowOf, step } from '../engine'
import {
  answeredRounds,
  changeWords,
  isProvenGone,
  look,
  openTarget,
  pinnedAccount,
  type Target,
} from '../target'
import { takeTurn } from '../turns'
import { type Claim, done, goOnLater, redate, retryLater, waitABit } from '../work'
import { beginTake } from './begin-take'
import { takeByHand } from './by-hand'

/** So often an access that is gone is not called ended yet, because its open sessions could not be ended. */
const SESSION_TRIES = 3

/**
 * Takes back: the end is committed first, then revoke → end sessions → look until seen absent. Retries for
 * ever; consults nothing but the grant itself: policy, approvers and the person may all have changed.
 */
export async function take(engine: Engine, claim: Claim): Promise<void> {
  faultpoint('take.intent', 'before')
  const begun = await beginTake(engine, claim)
  if (!begun.ok) return retryLater(engine.db, claim, 250, { error: begun.message })
  const take = begun.value
  if (take.is === 'over') return done(engine.db, claim)
  if (take.is === 'early') return redate(engine.db, claim, take.endsAt)
  // Ended at once where nothing is to be taken; still active where a grace moved the end and re-dated this.
  if (take.is === 'settled') return
  // A give may still be on its way; give and take of one access never overlap.
  if (take.is === 'busy') return waitABit(engine.db, claim)
  const { f } = take
  if (take.is === 'by_hand') return takeByHand(engine, claim, f)
  faultpoint('take.intent', 'after')
  try {
    const target = await openTarget(engine, f, claim)
    if (!(await takeTurn(engine, claim, f, target))) {
      await endCall(engine, claim)
      return waitABit(engine.db, claim)
    }
    const account = await pinnedAccount(engine, f)
    if (!account)
      throw new ConnectorError('misconfigured', 'The account this access was given to is not on record')
    await takeFrom(engine, claim, f, target, account)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    // The change is asked for anew next time, unless the same answer may still come.
    const lost = claim.memo?.token && error.code !== 'retryable' && error.code !== 'rate_limited'
    await answered(engine, claim, f, error.code, error.message, {
      retryAfterMs: error.retryAfterMs,
      ...(lost ? { memo: { round: answeredRounds(claim) + 1 } } : {}),
    })
  }
}

async function takeFrom(
  engine: Engine,
  claim: Claim,
  f: LoadedGrant,
  target: Target,
  account: ConnectorAccount,
): Promise<void> {
  const args = { grantId: f.row.id, entitlement: target.entitlement, account }
  const before = takenBefore(claim)
  const { failed, pending } = before ? { failed: null, pending: null } : await revoke(claim, f, target, args)
  if (pending) {
    await endCall(engine, claim)
    // However patient the target is: whether it is gone is asked within the gap of a take.
    const pause = Math.min(pending.pollAfterMs, TAKE_GAP_MS - (performance.now() - engine.began))
    const memo = { ...claim.memo, token: pending.token }
    return retryLater(engine.db, claim, pause, { memo, connection: f.connection })
  }
  const sessions = before ?? (failed && !isProvenGone(failed) ? null : await endSessions(target, f, args))
  if (target.connector.capabilities(f.connection!.config).check === 'none') {
    if (failed) throw failed
    return gone(engine, claim, f, { state: 'absent' }, sessions ?? noSessions, false)
  }
  // The access is away; that it is seen away may wait for those whose access is still there.
  if (!before && !failed && sessions?.left === null && engine.crowded())
    return goOnLater(engine.db, claim, { ...claim.memo, taken: sessions.ended })
  const holding = await look(target, f, account)
  if (holding.state === 'absent' || holding.state === 'indirect')
    // A take whose answer was lost had its effect all the same; the sessions that are open outlive it.
    return gone(engine, claim, f, holding, sessions ?? (await endSessions(target, f, args)), true)
  if (failed) throw failed
  await answered(engine, claim, f, 'still_there', holding.detail ?? `${f.entitlement.name} is still there`, {
    memo: { round: answeredRounds(claim) + 1 },
  })
}

/** Asks for the change, or for the answer to one that is still pending. */
async function revoke(
  claim: Claim,
  f: LoadedGrant,
  target: Target,
  args: Parameters<Target['connector']['revoke']>[1],
): Promise<{ failed: ConnectorError | null; pending: Extract<ChangeResult, { state: 'pending' }> | null }> {
  const token = typeof claim.memo?.token === 'string' ? claim.memo.token : null
  faultpoint('take.call', 'before')
  try {
    const result = await target.call(
      token ? 'revoke.poll' : 'revoke',
      token ? 'look' : 'change',
      (ctx) =>
        token && target.connector.poll
          ? target.connector.poll(ctx, { token, grantId: f.row.id })
          : target.connector.revoke(ctx, args),
      changeWords,
    )
    faultpoint('take.call', 'after')
    return { failed: null, pending: result.state === 'pending' ? result : null }
  } catch (error) {
    // Whether it is gone is decided by looking, whatever the answer to the take was.
    if (!(error instanceof ConnectorError)) throw error
    faultpoint('take.call', 'after')
    return { failed: error, pending: null }
  }
}

/** The sessions that an earlier try ended, which was answered that it is taken and left the look to this one. */
function takenBefore(claim: Claim): Sessions | null {
  return typeof claim.memo?.taken === 'number' ? { ended: claim.memo.taken, left: null } : null
}

/** How ending the open sessions went: how many were ended, and what the target said where it did not end them. */
interface Sessions {
  readonly ended: number
  readonly left: string | null
}

const noSessions: Sessions = { ended: 0, left: null }

/** Ends open sessions where the target can. A failure is no answer to whether the access is gone, so it is kept. */
async function endSessions(
  target: Target,
  f: LoadedGrant,
  args: { grantId: string; entitlement: { id: string; name: string }; account: ConnectorAccount },
): Promise<Sessions> {
  const { connector } = target
  // A connection may have it switched off, though its connector could.
  if (!connector.endSessions || !connector.capabilities(f.connection!.config).sessionKill) return noSessions
  const end = connector.endSessions.bind(connector)
  faultpoint('take.sessions', 'before')
  try {
    const { ended } = await target.call(
      'endSessions',
      'change',
      (ctx) => end(ctx, args),
      (r) => `${r.ended} ended`,
    )
    faultpoint('take.sessions', 'after')
    return { ended, left: null }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return isProvenGone(error) ? noSessions : { ended: 0, left: error.message }
  }
}

async function gone(
  engine: Engine,
  claim: Claim,
  f: LoadedGrant,
  holding: Holding,
  sessions: Sessions,
  verified: boolean,
): Promise<void> {
  // The access is gone; its sessions get a few tries more before they are left as a finding.
  if (sessions.left !== null && claim.attempt < SESSION_TRIES)
    return answered(engine, claim, f, 'sessions_left', sessions.left)
  const seenAt = await nowOf(engine)
  faultpoint('take.seen', 'before')
  const ended = await step(
    engine,
    'take',
    claim,
    { type: 'seen_absent', seenAt, verified, sessionsEnded: sessions.ended, sessionsLeft: sessions.left },
    (loaded, at) => ({
      set: notCalling,
      findings: rests(holding, sessions).map((rest) => ({
        ...rest,
        id: newId(),
        grantId: f.row.id,
        foundAt: at.now,
      })),
      mails: [
        {
          occasion: `access-ended:${f.row.id}:${loaded.row.version}`,
          kind: 'access-ended',
          personId: f.row.personId,
          grantId: f.row.id,
          data: sessions.left === null ? { sessionsEnded: sessions.ended } : {},
        },
      ],
    }),
  )
  if (ended.ok) return faultpoint('take.seen', 'after')
  await endCall(engine, claim)
  await retryLater(engine.db, claim, 250, { error: ended.message })
}

/** What outlives the access and is not ours to take, or could not be taken. */
function rests(holding: Holding, sessions: Sessions) {
  const indirect = {
    kind: 'indirect_rest' as const,
    detail: `Still effective via ${holding.via ?? 'something else'}`,
  }
  const open = {
    kind: 'sessions_left' as const,
    detail: `Open sessions could not be ended: ${sessions.left}`,
  }
  return [...(holding.state === 'indirect' ? [indirect] : []), ...(sessions.left === null ? [] : [open])]
}

async function answered(
  engine: Engine,
  claim: Claim,
  f: LoadedGrant,
  code: string,
  message: string,
  more: { retryAfterMs?: number; memo?: Record<string, unknown> } = {},
): Promise<void> {
  faultpoint('take.answered', 'before')
  await step(engine, 'take', claim, { type: 'answer', operation: 'take', code, message }, () => ({
    set: notCalling,
  }))
  await endCall(engine, claim)
  faultpoint('take.answered', 'after')
  const delay = retryDelayMs(claim.attempt, {
    code,
    retryAfterMs: more.retryAfterMs,
    seed: claim.id,
    tookMs: performance.now() - engine.began,
  })
  await retryLater(engine.db, claim, delay, {
    error: message,
    connection: f.connection,
    ...(more.memo ? { memo: more.memo } : {}),
  })
}
