import 'server-only'
import { and, eq, inArray, ne } from 'drizzle-orm'
import { schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import { type ConnectorAccount, ConnectorError, type Holding } from '@/lib/connectors/contract'
import { plus } from '@/lib/domain/duration'
import { latestPossibleEnd } from '@/lib/domain/extension'
import { isEligible } from '@/lib/domain/policy'
import { faultpoint } from '@/lib/faultpoints'
import { newId } from '@/lib/ids'
import { type LoadedGrant, loadPerson } from '@/lib/services/facts'
import { freezeOf } from '@/lib/services/freeze'
import { apartAtGive } from '@/lib/services/separation-rules'
import { heldByAnother } from '../access'
import { accountFor, pinnedId } from '../account'
import { retryDelayMs } from '../backoff'
import { beginCall, calling, type Engine, endCall, grantNow, notCalling, nowOf, step } from '../engine'
import { answeredRounds, changeWords, look, openTarget, pinnedAccount, type Target } from '../target'
import { takeTurn } from '../turns'
import { type Claim, done, held, retryLater, waitABit } from '../work'
import { giveByHand } from './by-hand'
import { notGiven } from './not-given'

const transient: ReadonlySet<string> = new Set(['retryable', 'rate_limited', 'auth'])
/** Refusals that no retry and no waiting changes: look once more after the settle time, then give up. */
const final: ReadonlySet<string> = new Set(['rejected', 'entitlement_missing', 'entitlement_unmanaged'])

/**
 * Gives: start → resolve and read the baseline → store both with the intent → give → look until seen.
 * Whatever is unclear stays `provisioning`: look first, then give again, until start-by.
 */
export async function give(engine: Engine, claim: Claim): Promise<void> {
  let { f, now } = await grantNow(engine, claim.subjectId)
  if (!f || !['scheduled', 'provisioning'].includes(f.row.state)) return done(engine.db, claim)
  if (f.row.firstGiveAt === null && now >= f.row.startBy)
    return giveUp(engine, claim, 'It could not be given in time', false)
  if (f.row.firstGiveAt === null && f.application.archivedAt)
    return giveUp(engine, claim, 'The application was archived', false)
  // Claimed in the moment the pause or freeze began: nothing is given now, and the claim waits like the others.
  const stopped = f.connection?.paused || (await freezeOf(engine.db, f.application.id)) !== null
  if (stopped && now < f.row.startBy) return waitABit(engine.db, claim)
  if (f.row.state === 'scheduled') {
    if (await formerNotSettled(engine, f))
      return retryLater(engine.db, claim, 2000, { error: 'The former access is not settled yet' })
    const started = await step(engine, 'give', claim, { type: 'start' })
    if (!started.ok)
      return started.code === 'not_found'
        ? undefined
        : retryLater(engine.db, claim, 2000, { error: started.message })
    f = (await grantNow(engine, claim.subjectId)).f
    if (!f) return
  }
  const person = f.row.firstGiveAt === null ? await loadPerson(engine.db, f.row.personId) : null
  // What makes standing access end gives nothing, so nothing stands against it.
  const gives = !f.row.converts
  if (gives && f.row.firstGiveAt === null && !(person && isEligible(f.definition.requesters, person)))
    return giveUp(engine, claim, 'The access policy no longer lets this person have it', false)
  const apart = gives && person && (await apartAtGive(engine.db, f.row, f.entitlement.name))
  if (apart === 'wait')
    return retryLater(engine.db, claim, 2000, { error: 'Another one that may not be held with it gives way' })
  if (apart) return giveUp(engine, claim, apart, false)
  if (!f.connection) return giveByHand(engine, claim, f)
  try {
    const target = await openTarget(engine, f, claim)
    if (!(await takeTurn(engine, claim, f, target))) return waitABit(engine.db, claim)
    if (person) await begin(engine, claim, f, target, person)
    else await again(engine, claim, f, target, now)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    await answered(engine, claim, f, error)
  }
}

/** At most one live grant per person and entitlement; the next one waits for the former's settle look. */
async function formerNotSettled(engine: Engine, f: LoadedGrant): Promise<boolean> {
  const { grant, work } = schema
  const former = await engine.db
    .select({ id: grant.id, state: grant.state, look: work.id })
    .from(grant)
    .leftJoin(work, and(eq(work.subjectId, grant.id), eq(work.kind, 'look')))
    .where(
      and(
        eq(grant.personId, f.row.personId),
        eq(grant.entitlementId, f.row.entitlementId),
        ne(grant.id, f.row.id),
        inArray(grant.state, ['provisioning', 'active', 'revoking', 'ended', 'failed']),
      ),
    )
  return former.some((g) => (g.state !== 'ended' && g.state !== 'failed') || g.look !== null)
}

async function begin(
  engine: Engine,
  claim: Claim,
  f: LoadedGrant,
  target: Target,
  person: { id: string; email: string; name: string },
): Promise<void> {
  const { account, pinned } = await accountFor(engine, f, target, person)
  const access = { connectionId: f.connection!.id, externalId: account.id, grantId: f.row.id }
  if (await heldByAnother(engine.db, { ...access, entitlementId: f.row.entitlementId }))
    return retryLater(engine.db, claim, 2000, {
      error: 'Another person’s access by this account is not settled',
    })
  const before = await look(target, f, account)
  if (before.state === 'unknown')
    throw new ConnectorError('retryable', before.detail ?? 'The target could not say what this account holds')
  // Nobody agreed to giving it: what is not held directly any more does not become a lease.
  if (f.row.converts && before.state !== 'direct') return giveUp(engine, claim, notHeld, false)
  const convertStanding = f.row.converts || f.definition.convertStanding
  const accountRow = pinned
    ? null
    : {
        id: newId(),
        connectionId: f.connection!.id,
        personId: person.id,
        externalId: account.id,
        name: account.name,
        email: person.email,
      }
  faultpoint('give.intent', 'before')
  const intended = await step(
    engine,
    'give',
    claim,
    { type: 'intend', baseline: before.state, convertStanding },
    (_, at) => ({
      accounts: accountRow ? [accountRow] : [],
      set: { accountId: accountRow?.id ?? pinnedId(f), ...calling(claim, at) },
      standingOver:
        before.state === 'direct' && convertStanding
          ? [{ entitlementId: f.row.entitlementId, externalId: account.id }]
          : [],
      mails: before.state === 'direct' && !convertStanding ? [ready(f)] : [],
    }),
  )
  if (!intended.ok) {
    // Two grants of one person may pin the account at the same moment; the second look finds it pinned.
    if (intended.code !== 'not_found') await retryLater(engine.db, claim, 500, { error: intended.message })
    return
  }
  if (intended.value.state === 'active') return endCall(engine, claim)
  faultpoint('give.intent', 'after')
  const { f: intent } = await grantNow(engine, f.row.id)
  if (intent?.row.converts) return seen(engine, claim, intent)
  if (intent) await send(engine, claim, intent, target, account)
}

const notHeld = 'It is not held directly any more, so there is nothing to turn into a lease'

/** A retry after the intent: whatever is found now is ours. */
async function again(engine: Engine, claim: Claim, f: LoadedGrant, target: Target, now: Date): Promise<void> {
  const account = await pinnedAccount(engine, f)
  if (!account) throw new Error('a grant with a baseline has a pinned account')
  const call = await beginCall(engine, claim)
  if (call !== 'begun') return call === 'busy' ? waitABit(engine.db, claim) : undefined
  const over = now >= f.row.startBy
  const holding = await look(target, f, account).catch((error: unknown): Holding => {
    // After start-by nobody waits for an answer any more: what is unclear is taken back.
    if (over && error instanceof ConnectorError) return { state: 'unknown', detail: error.message }
    throw error
  })
  if (holding.state === 'direct') return seen(engine, claim, f)
  if (f.row.converts && (holding.state === 'absent' || holding.state === 'indirect'))
    return giveUp(engine, claim, notHeld, true)
  const lastCall =
    typeof claim.memo?.lastCallAt === 'string' ? new Date(claim.memo.lastCallAt) : f.row.firstGiveAt!
  const gaveUp = typeof claim.memo?.final === 'string' ? claim.memo.final : null
  if (over || gaveUp) {
    // Directly absent is the proof; what comes through something else was never ours to take back.
    const absent = holding.state === 'absent' || holding.state === 'indirect'
    const settled = now >= plus(lastCall, f.target.settleSeconds)
    if (!settled && absent) {
      await endCall(engine, claim)
      return retryLater(engine.db, claim, 1000)
    }
    return giveUp(engine, claim, gaveUp ?? 'It could not be given in time', settled && absent)
  }
  if (f.row.converts) {
    await endCall(engine, claim)
    return retryLater(engine.db, claim, retryDelayMs(claim.attempt, { seed: claim.id }), {
      error: 'The target could not say whether it is still held',
    })
  }
  await send(engine, claim, f, target, account)
}

async function send(
  engine: Engine,
  claim: Claim,
  f: LoadedGrant,
  target: Target,
  account: ConnectorAccount,
): Promise<void> {
  const token = typeof claim.memo?.token === 'string' ? claim.memo.token : null
  const round = answeredRounds(claim)
  // Noted before the call: how long a late effect may still land counts from here, also after a crash.
  const memo = { ...claim.memo, lastCallAt: (await readNow(engine.db)).toISOString() }
  const noted = await engine.db
    .update(schema.work)
    .set({ memo })
    .where(held(claim))
    .returning({ id: schema.work.id })
  // Called off while we looked: nothing is sent any more, and the take need not wait for us.
  if (noted.length === 0) return endCall(engine, claim)
  faultpoint('give.call', 'before')
  try {
    const result = await target.call(
      token ? 'grant.poll' : 'grant',
      token ? 'look' : 'change',
      (ctx) =>
        token && target.connector.poll
          ? target.connector.poll(ctx, { token, grantId: f.row.id })
          : target.connector.grant(ctx, {
              grantId: f.row.id,
              entitlement: target.entitlement,
              account,
              endsAt: f.row.endsAt,
              latestEnd: latestPossibleEnd(f.definition, f.row),
            }),
      changeWords,
    )
    faultpoint('give.call', 'after')
    if (result.state === 'pending') {
      await endCall(engine, claim)
      return retryLater(engine.db, claim, result.pollAfterMs, { memo: { ...memo, token: result.token } })
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    // A token that is not known any more is not asked for twice.
    const keep = token && !transient.has(error.code) ? { ...memo, token: null } : memo
    return answered(engine, claim, f, error, final.has(error.code) ? { ...keep, final: error.message } : keep)
  }
  if (target.connector.capabilities(f.connection!.config).check === 'none') return seen(engine, claim, f)
  const holding = await look(target, f, account)
  if (holding.state === 'direct') return seen(engine, claim, f)
  await endCall(engine, claim)
  await retryLater(engine.db, claim, retryDelayMs(claim.attempt, { seed: claim.id }), {
    error: `Given, not seen there yet: ${words(holding)}`,
    memo: { ...memo, token: null, round: round + 1 },
  })
}

function words(holding: Holding): string {
  return holding.detail ?? (holding.via ? `${holding.state} via ${holding.via}` : holding.state)
}

async function seen(engine: Engine, claim: Claim, f: LoadedGrant): Promise<void> {
  const now = await nowOf(engine)
  faultpoint('give.seen', 'before')
  const given = await step(engine, 'give', claim, { type: 'seen', seenAt: now }, () => ({
    set: notCalling,
    // Whoever keeps what they have was told when it was planned.
    mails: f.row.converts ? [] : [ready(f)],
  }))
  if (given.ok) return faultpoint('give.seen', 'after')
  await endCall(engine, claim)
  await retryLater(engine.db, claim, 250, { error: given.message })
}

function ready(f: LoadedGrant) {
  return {
    occasion: `access-ready:${f.row.id}`,
    kind: 'access-ready',
    personId: f.row.personId,
    grantId: f.row.id,
  }
}

async function giveUp(engine: Engine, claim: Claim, why: string, absentAfterSettle: boolean): Promise<void> {
  const result = await step(engine, 'give', claim, { type: 'give_up', why, absentAfterSettle }, (loaded) => ({
    set: notCalling,
    mails: notGiven(loaded, why),
  }))
  if (!result.ok && result.code !== 'not_found') throw new Error(`could not give up: ${result.message}`)
}

/** An answer that is not a success: recorded when it is a new one, and tried again later. */
async function answered(
  engine: Engine,
  claim: Claim,
  f: LoadedGrant,
  error: ConnectorError,
  memo?: Record<string, unknown>,
): Promise<void> {
  faultpoint('give.answered', 'before')
  await step(
    engine,
    'give',
    claim,
    { type: 'answer', operation: 'give', code: error.code, message: error.message },
    () => ({ set: notCalling }),
  )
  await endCall(engine, claim)
  faultpoint('give.answered', 'after')
  const delay =
    final.has(error.code) && memo
      ? 1000
      : retryDelayMs(claim.attempt, { code: error.code, retryAfterMs: error.retryAfterMs, seed: claim.id })
  await retryLater(engine.db, claim, delay, {
    error: error.message,
    connection: f.connection,
    ...(memo ? { memo } : {}),
  })
}
