import 'server-only'
import type { Db } from '@/db/client'
import { systemCtx } from '@/lib/context'
import { ok, RefusalError, type Result } from '@/lib/domain/errors'
import { decideGrant, isOver } from '@/lib/domain/grant'
import { applyAll, type VerbOnMany } from '@/lib/services/apply'
import type { Changes } from '@/lib/services/changes'
import { type LoadedGrant, loadGrants } from '@/lib/services/facts'
import { locksOfGrants, stepGrant } from '@/lib/services/grants'
import { together } from '@/lib/together'
import { lockAccess } from '../access'
import { busyOf, calling, type Engine } from '../engine'
import { type Claim, heldOf } from '../work'
import { expiry } from './expire'

/**
 * How a take begins. `over`: nothing is to be taken, or not any more. `early`: its end is still to come. `settled`: it
 * ended at once, or a grace moved the end. `by_hand`: people take it. `busy`: a give, or another grant of the same
 * access, has a call under way. `begun`: the call may go out, and is marked.
 */
export type TakeBegun =
  | { readonly is: 'over' }
  | { readonly is: 'settled' }
  | { readonly is: 'busy' }
  | { readonly is: 'early'; readonly endsAt: Date }
  | { readonly is: 'by_hand' | 'begun'; readonly f: LoadedGrant }

interface Facts {
  readonly f: LoadedGrant
  readonly busy: boolean
}

/** The accesses that a round has locked, for its facts. */
interface Input {
  readonly claim: Claim
  readonly accesses: Map<string, string>
}

/** The end on record, and the call marked, in one transaction: a give may still be on its way, and none comes between. */
const verb: VerbOnMany<Input, Facts, TakeBegun> = {
  gate: () => 'grant.take',
  async locks(inputs, tx) {
    const ids = inputs.map(({ claim }) => claim.subjectId)
    for (const [id, access] of await lockAccess(tx, ids)) inputs[0]?.accesses.set(id, access)
    const { grants, requests } = await locksOfGrants(ids, tx)
    return { grants, requests, work: inputs.map(({ claim }) => claim.id) }
  },
  async load(tx, inputs, now) {
    const claims = inputs.map(({ claim }) => claim)
    const ids = claims.map((claim) => claim.subjectId)
    const [mine, loaded, busy] = await Promise.all([
      heldOf(tx, claims),
      loadGrants(tx, ids, now),
      busyOf(tx, claims, inputs[0]!.accesses),
    ])
    return claims.map(({ id, subjectId }) => {
      const f = mine.has(id) ? loaded.get(subjectId) : undefined
      return f ? { f, busy: busy.has(subjectId) } : null
    })
  },
  facts: ({ f }) => ({ beneficiaryId: f.row.personId, ownerIds: f.ownerIds }),
  decide({ f, busy }, { claim }, at) {
    const { state, endsAt } = f.row
    const just = (result: TakeBegun) => ok({ result })
    if (state !== 'provisioning' && state !== 'active' && state !== 'revoking') return just({ is: 'over' })
    const call = calling(claim, at)
    if (state === 'revoking') {
      if (!f.connection) return just({ is: 'by_hand', f })
      if (busy) return just({ is: 'busy' })
      return ok({ result: { is: 'begun', f }, calls: [{ id: f.row.id, ...call }] })
    }
    if (!isOver(f.row, at.now)) return just(endsAt ? { is: 'early', endsAt } : { is: 'over' })
    const { event, also } = expiry(f, at.now)
    const decided = decideGrant(f.row, event, at.now, f.target)
    if (!decided.ok) return decided
    const revoking = decided.value.next.state === 'revoking'
    const begins = revoking && f.connection !== null && !busy
    const set = { ...also.set, ...(begins ? call : {}) }
    const changes = stepGrant(f, decided.value, at, set)
    const after: LoadedGrant = {
      ...f,
      row: { ...f.row, ...decided.value.next, ...set, version: f.row.version + 1 },
      pending: null,
    }
    const result: TakeBegun = begins
      ? { is: 'begun', f: after }
      : !revoking
        ? { is: 'settled' }
        : f.connection
          ? { is: 'busy' }
          : { is: 'by_hand', f: after }
    return ok({
      ...changes,
      result,
      mails: [...changes.mails, ...(also.mails ?? [])],
      inHand: { id: claim.id, kind: claim.kind, subjectId: claim.subjectId },
    } satisfies Changes<TakeBegun>)
  },
}

const beginTogether = together(
  async (db: Db, claims: readonly Claim[]): Promise<Result<TakeBegun>[]> => {
    const accesses = new Map<string, string>()
    const begun = await applyAll(
      systemCtx('engine', db),
      verb,
      claims.map((claim) => ({ claim, accesses })),
    )
    if (begun.ok) return begun.value
    if (claims.length > 1) throw new RefusalError(begun)
    return [begun]
  },
  (claim) => claim.subjectId,
)

/** Begins a take under its claim. `not_found` means that the claim is lost; any other refusal is the machine's. */
export function beginTake(engine: Engine, claim: Claim): Promise<Result<TakeBegun>> {
  return beginTogether(engine.db, claim)
}
