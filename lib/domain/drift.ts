import type { GrantState } from './grant'

/** One holder as a complete reading names them. */
export interface ReadHolder {
  readonly id: string
  readonly name: string
  readonly email?: string
  readonly state: 'direct' | 'indirect' | 'pending'
  readonly via?: string
  /** Why nobody but somebody else could take it, in one sentence; absent where a take would remove it. */
  readonly fixed?: string
}

/** A grant on the entitlement that was read: one that may be held, or was not long ago. */
export interface DriftGrant {
  readonly id: string
  readonly state: GrantState
  /** Accounts in the target that it is, or may come to be, about. */
  readonly accountIds: readonly string[]
  /** When it was last changed by giving or by ending; what the target shows may be older than that. */
  readonly movedAt: Date | null
}

/** A finding that is open, or was ignored. */
export interface KnownFinding {
  readonly id: string
  readonly kind: 'unknown_holder' | 'missing_holder' | 'indirect_rest' | 'came_back'
  /** The account it is about; for a missing one that of its grant. */
  readonly holderId: string | null
  readonly grantId: string | null
  /** When it was last seen to be so. */
  readonly seenAt: Date
  /** Somebody said that it is to be left alone. */
  readonly ignored: boolean
  /** It is being removed: whether it is gone is seen by the removal's own look. */
  readonly removing: boolean
}

export interface DriftInput {
  /** When the reading began. */
  readonly readAt: Date
  /** The last complete reading before; null: this one is the first and makes the baseline. */
  readonly formerAt: Date | null
  /** Seconds after a give or an end within which the target may not show it yet. */
  readonly settleSeconds: number
  readonly holders: readonly ReadHolder[]
  readonly grants: readonly DriftGrant[]
  /** Accounts that hold it for good, and rightly. */
  readonly standing: ReadonlySet<string>
  readonly known: readonly KnownFinding[]
}

/** What a complete reading says of one entitlement. */
export interface Drift {
  /** Of the first reading: whoever held it then, not by a lease and not being removed. */
  readonly baseline: readonly ReadHolder[]
  readonly unknown: readonly ReadHolder[]
  readonly missing: readonly { readonly grantId: string; readonly via: string | null }[]
  /** Still so. */
  readonly kept: readonly string[]
  readonly closed: readonly { readonly id: string; readonly as: 'gone' | 'leased' | 'adopted' }[]
}

/**
 * Holds a complete reading against our record. Drift is a direct holder with neither a lease nor a standing right,
 * and a running lease that the target does not show. Never drift: what is on its way (being given, being taken,
 * agreed and not begun), what moved a moment ago, what is held through something else, and whatever the first
 * reading finds. What was ignored stays so for as long as every reading finds it; gone once and back, it is new.
 */
export function compareHolders(input: DriftInput): Drift {
  const { holders, grants, known, standing, formerAt } = input
  const direct = holders.filter((holder) => holder.state === 'direct')
  const leases = leasesOf(input)
  if (formerAt === null) {
    const removing = new Set(known.flatMap((f) => (f.removing && f.holderId ? [f.holderId] : [])))
    const baseline = direct.filter(({ id }) => !leases.byAccount.has(id) && !removing.has(id))
    return { baseline, unknown: [], missing: [], kept: [], closed: [] }
  }
  const here = new Map(holders.map((holder) => [holder.id, holder]))
  /** Whether it is known already: open, or ignored and found by every reading since. */
  const isKnown = (kind: KnownFinding['kind'], id: string) =>
    known.some(
      (f) =>
        f.kind === kind &&
        (kind === 'missing_holder' ? f.grantId : f.holderId) === id &&
        (!f.ignored || f.seenAt >= formerAt),
    )

  const strangers = direct.filter((holder) => !leases.byAccount.has(holder.id) && !standing.has(holder.id))
  const lacking = grants.filter(
    (grant) =>
      grant.state === 'active' &&
      !leases.moving.has(grant.id) &&
      grant.accountIds.length > 0 &&
      !grant.accountIds.some((id) => ['direct', 'pending'].includes(here.get(id)?.state ?? '')),
  )
  const strange = new Set(strangers.map((holder) => holder.id))
  const lacked = new Set(lacking.map((grant) => grant.id))
  const judged = known.map((f) => ({ f, now: judge(f, { input, leases, here, strange, lacked }) }))
  return {
    baseline: [],
    unknown: strangers.filter((holder) => !isKnown('unknown_holder', holder.id)),
    missing: lacking
      .filter((grant) => !isKnown('missing_holder', grant.id))
      .map((grant) => ({
        grantId: grant.id,
        via: grant.accountIds.map((id) => here.get(id)?.via).find(Boolean) ?? null,
      })),
    kept: judged.flatMap(({ f, now }) => (now === 'kept' ? [f.id] : [])),
    closed: judged.flatMap(({ f, now }) =>
      now === 'kept' || now === 'untouched' || f.ignored ? [] : [{ id: f.id, as: now }],
    ),
  }
}

interface Leases {
  /** Accounts with a lease that explains what the target shows, or may show for a moment. */
  readonly byAccount: ReadonlySet<string>
  /** Grants of which the target may not show the truth yet. */
  readonly moving: ReadonlySet<string>
}

function leasesOf({ grants, readAt, settleSeconds }: DriftInput): Leases {
  const settled = (grant: DriftGrant) =>
    grant.movedAt === null || grant.movedAt.getTime() + settleSeconds * 1000 < readAt.getTime()
  const moving = grants.filter(
    (grant) => ['scheduled', 'provisioning', 'revoking'].includes(grant.state) || !settled(grant),
  )
  const explains = grants.filter((grant) => grant.state === 'active' || moving.includes(grant))
  return {
    byAccount: new Set(explains.flatMap((grant) => grant.accountIds)),
    moving: new Set(moving.map((grant) => grant.id)),
  }
}

interface Found {
  readonly input: DriftInput
  readonly leases: Leases
  readonly here: ReadonlyMap<string, ReadHolder>
  readonly strange: ReadonlySet<string>
  readonly lacked: ReadonlySet<string>
}

function judge(f: KnownFinding, found: Found): 'kept' | 'untouched' | 'gone' | 'leased' | 'adopted' {
  const { input, leases, here, strange, lacked } = found
  if (f.removing) return 'untouched'
  const holderId = f.holderId ?? ''
  if (f.kind === 'unknown_holder') {
    if (strange.has(holderId)) return 'kept'
    if (here.get(holderId)?.state !== 'direct') return 'gone'
    return input.standing.has(holderId) ? 'adopted' : 'leased'
  }
  const grant = input.grants.find(({ id }) => id === f.grantId)
  if (f.kind === 'missing_holder') {
    if (lacked.has(f.grantId ?? '')) return 'kept'
    return leases.moving.has(f.grantId ?? '') && grant?.state === 'active' ? 'untouched' : 'gone'
  }
  // A rest of an access that has ended: over once nothing of it is listed. One being taken again is not judged.
  if (grant && grant.state !== 'ended' && grant.state !== 'failed') return 'untouched'
  if (grant && leases.moving.has(grant.id)) return 'untouched'
  return here.has(holderId) ? 'kept' : 'gone'
}
