import 'server-only'
import { eq, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import type { GateVerb } from '@/lib/domain/authorize'
import { ok, type Result } from '@/lib/domain/errors'
import { decideGrant, type GrantEvent, type GrantState } from '@/lib/domain/grant'
import { type At, apply, inTransaction, lock, type Verb } from '@/lib/services/apply'
import type { Changes } from '@/lib/services/changes'
import { type LoadedGrant, loadGrant } from '@/lib/services/facts'
import { grantLocks, stepGrant } from '@/lib/services/grants'
import { calledByAnother, lockAccess } from './access'
import { type Claim, held, LEASE_MS } from './work'

/** What every handler is given. */
export interface Engine {
  readonly db: Db
  readonly ctx: Ctx
  /** Aborts when the claim is lost or the process stops. */
  readonly signal: AbortSignal
  /** When this try began, as this process counts (milliseconds): gaps count from one beginning to the next. */
  readonly began: number
  readonly hand: Hand
}

/** What a try has in hand; its end settles it. */
export interface Hand {
  /** The entitlement whose set it changes, where that is one at a time. */
  entitlementId: string | null
  /** Requests it made. */
  requests: number
}

/** An engine on a database. */
export function createEngine(db: Db, signal: AbortSignal): Engine {
  const hand = { entitlementId: null, requests: 0 }
  return { db, ctx: systemCtx('engine', db), signal, began: performance.now(), hand }
}

interface StepInput {
  readonly grantId: string
  readonly claim: Claim
  /** What happens, where that depends on what is found under the locks. */
  readonly event: GrantEvent | ((f: LoadedGrant, at: At) => GrantEvent)
  /** More row values and changes that belong to this step. */
  readonly also?: (
    f: LoadedGrant,
    at: At,
  ) => Partial<Changes<unknown>> & { set?: Parameters<typeof stepGrant>[3] }
}

function stepVerb(gate: GateVerb): Verb<StepInput, LoadedGrant, { state: GrantState }> {
  return {
    gate,
    async locks(input, db) {
      return { ...(await grantLocks(input, db)), work: [input.claim.id] }
    },
    async load(tx, { grantId, claim }, now) {
      // Begin and finish both ask: is this claim still ours? Whoever re-dated the work has taken it away.
      const mine = await tx.query.work.findFirst({ where: held(claim), columns: { id: true } })
      return mine ? loadGrant(tx, grantId, now) : null
    },
    facts: (f) => ({ beneficiaryId: f.row.personId, ownerIds: f.ownerIds }),
    decide(f, { event, also, claim }, at) {
      const decided = decideGrant(f.row, typeof event === 'function' ? event(f, at) : event, at.now, f.target)
      if (!decided.ok) return decided
      const more = also?.(f, at) ?? {}
      const changes = stepGrant(f, decided.value, at, more.set)
      return ok({
        ...more,
        ...changes,
        result: { state: decided.value.next.state ?? f.row.state },
        newTasks: [...changes.newTasks, ...(more.newTasks ?? [])],
        work: [...changes.work, ...(more.work ?? [])],
        mails: [...changes.mails, ...(more.mails ?? [])],
        inHand: { id: claim.id, kind: claim.kind },
      })
    },
  }
}

const verbs = { give: stepVerb('grant.give'), take: stepVerb('grant.take'), notify: stepVerb('grant.notify') }

/**
 * Feeds one event to a grant's machine, under the claim in hand. `not_found` means that the claim is lost;
 * any other refusal is the machine's.
 */
export function step(
  engine: Engine,
  as: keyof typeof verbs,
  claim: Claim,
  event: StepInput['event'],
  also?: StepInput['also'],
): Promise<Result<{ state: GrantState }>> {
  return apply(engine.ctx, verbs[as], { grantId: claim.subjectId, claim, event, also })
}

/** How long a call counts as under way without a heartbeat; written into the grant's `callUntil`. */
export const callUntil = sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`

/**
 * Marks a call to the target as under way, under the locks and only while the claim is ours: whoever lost it may
 * not call any more. `busy`: the opposite act has a call under way, or another grant of the same access has, so this
 * one waits. Only a give calls before the end, so the mark that a give finds on its own grant is its own, from before
 * a crash.
 */
export async function beginCall(engine: Engine, claim: Claim): Promise<'begun' | 'busy' | 'lost'> {
  const { grant } = schema
  const begun = await inTransaction(engine.ctx, async (tx) => {
    await lockAccess(tx, claim.subjectId)
    await lock(tx, { grants: [claim.subjectId], work: [claim.id] })
    const mine = await tx.query.work.findFirst({ where: held(claim), columns: { id: true } })
    if (!mine) return 'lost' as const
    const { wall } = await readClocks(tx)
    const row = await tx.query.grant.findFirst({
      where: eq(grant.id, claim.subjectId),
      columns: { callUntil: true },
    })
    if (claim.kind === 'take' && row?.callUntil && row.callUntil > wall) return 'busy' as const
    if (await calledByAnother(tx, claim.subjectId)) return 'busy' as const
    await tx.update(grant).set({ callUntil }).where(eq(grant.id, claim.subjectId))
    return 'begun' as const
  })
  return begun.ok ? begun.value : 'busy'
}

/** Marks a call to the target as over, so that the opposite act may begin. */
export async function endCall(engine: Engine, grantId: string): Promise<void> {
  await engine.db.update(schema.grant).set({ callUntil: null }).where(eq(schema.grant.id, grantId))
}
