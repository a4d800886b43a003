import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { type Db, schema, type Tx } from '@/db/client'
import { rowsOf } from '@/db/rows'
import { readNow } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import type { GateVerb } from '@/lib/domain/authorize'
import { plus } from '@/lib/domain/duration'
import { ok, RefusalError, type Result } from '@/lib/domain/errors'
import { decideGrant, type GrantEvent, type GrantState } from '@/lib/domain/grant'
import { type At, applyAll, inTransaction, lock, type VerbOnMany } from '@/lib/services/apply'
import type { Changes } from '@/lib/services/changes'
import { type LoadedGrant, loadGrants } from '@/lib/services/facts'
import { locksOfGrants, stepGrant } from '@/lib/services/grants'
import { together } from '@/lib/together'
import { callsUnderWay, lockAccess } from './access'
import { type Claim, callMark, callsOf, heldOf, LEASE_MS, leaseFromNow } from './work'

/** What every handler is given. */
export interface Engine {
  readonly db: Db
  readonly ctx: Ctx
  /** Aborts when the claim is lost or the process stops. */
  readonly signal: AbortSignal
  /** When this try began, as this process counts (milliseconds): gaps count from one beginning to the next. */
  readonly began: number
  /** Whether so many takes are under way that others wait for their places. */
  readonly crowded: () => boolean
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
export function createEngine(db: Db, signal: AbortSignal, crowded = () => false): Engine {
  const hand = { entitlementId: null, requests: 0 }
  return { db, ctx: systemCtx('engine', db), signal, began: performance.now(), crowded, hand }
}

interface StepInput {
  readonly as: keyof typeof gates
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

const gates = { give: 'grant.give', take: 'grant.take', notify: 'grant.notify' } satisfies Record<
  string,
  GateVerb
>

const steps: VerbOnMany<StepInput, LoadedGrant, { state: GrantState }> = {
  gate: (input) => gates[input.as],
  async locks(inputs, db) {
    const ids = inputs.map((input) => input.grantId)
    const locks = await locksOfGrants(ids, db)
    // A take depends on nothing that its person does or has elsewhere, so it waits for nobody there.
    const gives = inputs.some((input) => input.as === 'give')
    return { ...locks, persons: gives ? locks.persons : [], work: inputs.map((input) => input.claim.id) }
  },
  async load(tx, inputs, now) {
    // Begin and finish both ask: is this claim still ours? Whoever re-dated the work has taken it away.
    const [mine, loaded] = await Promise.all([
      heldOf(
        tx,
        inputs.map((input) => input.claim),
      ),
      loadGrants(
        tx,
        inputs.map((input) => input.grantId),
        now,
      ),
    ])
    return inputs.map(({ claim, grantId }) => (mine.has(claim.id) ? (loaded.get(grantId) ?? null) : null))
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
      inHand: { id: claim.id, kind: claim.kind, subjectId: claim.subjectId },
    })
  },
}

const stepTogether = together(
  async (db: Db, inputs: readonly StepInput[]) => {
    const stepped = await applyAll(systemCtx('engine', db), steps, inputs)
    if (stepped.ok) return stepped.value
    // Whoever lost a race loses it alone.
    if (inputs.length > 1) throw new RefusalError(stepped)
    return [stepped]
  },
  (input) => input.grantId,
)

/**
 * Feeds one event to a grant's machine, under the claim in hand. `not_found` means that the claim is lost;
 * any other refusal is the machine's.
 */
export function step(
  engine: Engine,
  as: keyof typeof gates,
  claim: Claim,
  event: StepInput['event'],
  also?: StepInput['also'],
): Promise<Result<{ state: GrantState }>> {
  return stepTogether(engine.db, { as, grantId: claim.subjectId, claim, event, also })
}

/** The grant's columns while a call is under way; without a heartbeat it counts as over after a while. */
export const calling = (claim: Claim, at: At) => ({
  callUntil: plus(at.wall, LEASE_MS / 1000),
  callBy: callMark(claim),
})

/** The grant's columns when no call is under way. */
export const notCalling = { callUntil: null, callBy: null } as const

type Begun = 'begun' | 'busy' | 'lost'

/**
 * Marks a call to the target as under way, under the locks and only while the claim is ours: whoever lost it may
 * not call any more. `busy`: the opposite act has a call under way, or another grant of the same access has, so this
 * one waits. Only a give calls before the end, so the mark that a give finds on its own grant is its own, from before
 * a crash.
 */
export function beginCall(engine: Engine, claim: Claim): Promise<Begun> {
  return beginTogether(engine.db, claim)
}

const beginTogether = together(
  async (db: Db, claims: readonly Claim[]): Promise<Begun[]> => {
    const begun = await inTransaction({ db }, (tx) => beginCalls(tx, claims))
    if (begun.ok) return begun.value
    if (claims.length > 1) throw new RefusalError(begun)
    return ['busy']
  },
  (claim) => claim.subjectId,
)

async function beginCalls(tx: Tx, claims: readonly Claim[]): Promise<Begun[]> {
  const { grant } = schema
  const ids = claims.map((claim) => claim.subjectId)
  const accesses = await lockAccess(tx, ids)
  const [, mine, busy] = await Promise.all([
    lock(tx, { grants: ids, work: claims.map((claim) => claim.id) }),
    heldOf(tx, claims),
    busyOf(tx, claims, accesses),
  ])
  const begun = claims.map(
    (claim): Begun => (mine.has(claim.id) ? (busy.has(claim.subjectId) ? 'busy' : 'begun') : 'lost'),
  )
  const marks = claims
    .filter((_, i) => begun[i] === 'begun')
    .map((claim) => ({ id: claim.subjectId, callBy: callMark(claim) }))
  if (marks.length > 0)
    await tx.execute(sql`
      update ${grant} g set call_until = ${leaseFromNow}, call_by = r.call_by
      from ${rowsOf(grant, marks).from} where g.id = r.id`)
  return begun
}

/**
 * The grants whose call has to wait: the opposite act, or another grant of the same access, has one under way, or comes
 * before it in the same round. `accesses` are those that were locked for them.
 */
export async function busyOf(
  tx: Tx,
  claims: readonly Claim[],
  accesses: ReadonlyMap<string, string>,
): Promise<Set<string>> {
  const under = await callsUnderWay(
    tx,
    claims.map((claim) => claim.subjectId),
  )
  const taken = new Set<string>()
  const busy = claims.filter(({ id, kind, subjectId }) => {
    const { own, other } = under.get(subjectId) ?? { own: null, other: false }
    const access = accesses.get(subjectId)
    // What a take's own earlier try left marked stands in nobody's way: it is over, or the claim would not be to be had.
    const opposite = kind === 'take' && own !== null && !own.startsWith(callsOf(id))
    if (other || opposite || (access && taken.has(access))) return true
    if (access) taken.add(access)
    return false
  })
  return new Set(busy.map((claim) => claim.subjectId))
}

/** Marks the claim's call to the target as over, so that the opposite act may begin. */
export async function endCall(engine: Engine, claim: Claim): Promise<void> {
  const { grant } = schema
  await engine.db
    .update(grant)
    .set(notCalling)
    .where(and(eq(grant.id, claim.subjectId), eq(grant.callBy, callMark(claim))))
}

/** A grant as it is now, and the moment it was read: before anything is decided under its locks. */
export function grantNow(engine: Engine, grantId: string): Promise<{ f: LoadedGrant | null; now: Date }> {
  return grantTogether(engine.db, grantId)
}

const grantTogether = together(async (db: Db, ids: readonly string[]) => {
  const now = await readNow(db)
  const loaded = await loadGrants(db, ids, now)
  return ids.map((id) => ({ f: loaded.get(id) ?? null, now }))
})

/** The domain's time, read after this was called. */
export function nowOf(engine: Engine): Promise<Date> {
  return nowTogether(engine.db, null)
}

const nowTogether = together(async (db: Db, asked: readonly unknown[]) => {
  const now = await readNow(db)
  return asked.map(() => now)
})
