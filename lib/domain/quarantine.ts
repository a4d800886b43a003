import type { GrantState } from './grant'
import type { WorkKind } from './work'

/**
 * What a target and the record may disagree in. `missing`: leased here and not there. `stranger`: there, and nothing
 * here explains it. `over`: still there though its right is over here.
 */
export const differenceKinds = ['missing', 'stranger', 'over'] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** Links of the audit chain that checkpoints kept off the machine know and the restored chain does not. */
export interface LostChain {
  /** The first and the last of them. */
  readonly from: number
  readonly to: number
  /** When the last of those checkpoints was signed, ISO. */
  readonly signedAt: string
}

/** All that the engine does in quarantine: it looks. */
export const lookingKinds: readonly WorkKind[] = ['probe', 'drift']

/** What everybody may still do in quarantine: none of it can give anybody anything. */
export const quietVerbs: ReadonlySet<string> = new Set(['session.end', 'view.save'])

/** A database as it can be told from others; null: not to be read there. */
export interface Stamp {
  readonly systemIdentifier: string | null
  readonly databaseOid: number
  readonly timeline: number | null
}

/** A moment that was written into the database and then outside it, under the database's own name. */
export interface Marker {
  readonly id: string
  readonly at: Date
}

/**
 * Why a database is not the one the product knew, each reason a sentence; none where it is. What is null on either
 * side says nothing. A marker of an earlier moment than the database knows is no sign: it is written after it.
 */
export function strangeness(
  known: Stamp & { readonly id: string; readonly markedAt: Date | null },
  found: Stamp,
  marker: Marker | null,
): string[] {
  const differ = (a: string | number | null, b: string | number | null) => a !== null && b !== null && a !== b
  const words: string[] = []
  if (differ(known.systemIdentifier, found.systemIdentifier))
    words.push(
      `It is in another PostgreSQL cluster (system identifier ${found.systemIdentifier}, it was ${known.systemIdentifier}).`,
    )
  else if (differ(known.databaseOid, found.databaseOid))
    words.push(
      `It is another database of the same cluster (number ${found.databaseOid}, it was ${known.databaseOid}).`,
    )
  if (differ(known.timeline, found.timeline))
    words.push(
      `Its write-ahead log is on timeline ${found.timeline}, it was on ${known.timeline}: it was recovered to a point in time, or failed over.`,
    )
  if (marker && marker.id !== known.id)
    words.push('The marker outside belongs to another database of Leasehold.')
  else if (marker && marker.at > (known.markedAt ?? new Date(0)))
    words.push(
      `The marker outside is of ${marker.at.toISOString()}, and this database ${known.markedAt ? `knows only of ${known.markedAt.toISOString()}` : 'knows of none'}: it is older.`,
    )
  return words
}

/** A lease as a comparison sees it. */
export interface ComparedGrant {
  readonly id: string
  readonly state: GrantState
  /** The account it is about; null where none is pinned yet. */
  readonly accountId: string | null
  /** Whether it may be held now: its right is not over. */
  readonly runs: boolean
  /** What it found at its beginning was there before, and stays. */
  readonly standing: boolean
}

/** A holder as a target names them. */
export interface ComparedHolder {
  readonly id: string
  readonly name: string
  readonly email?: string
  readonly fixed?: string
}

/** One difference on one entitlement. */
export interface Difference {
  readonly kind: DifferenceKind
  readonly grantId: string | null
  readonly account: ComparedHolder | null
}

/**
 * Holds the record of one entitlement against what its target shows now, and leaves nothing out: other than drift,
 * which knows what is on its way, a restored record says nothing of what is. `holders` are those who hold it directly;
 * null: they could not be listed, and `held` says of the grants that were looked at one by one.
 */
export function differences(
  grants: readonly ComparedGrant[],
  holders: readonly ComparedHolder[] | null,
  held: ReadonlyMap<string, boolean>,
  standing: ReadonlySet<string>,
): Difference[] {
  const here = new Map(holders?.map((holder) => [holder.id, holder]))
  const isHeld = ({ id, accountId }: ComparedGrant) => {
    if (accountId === null) return undefined
    return holders ? here.has(accountId) : held.get(id)
  }
  const explained = new Set(standing)
  const found: Difference[] = []
  for (const grant of grants) {
    const account = grant.accountId === null ? null : (here.get(grant.accountId) ?? null)
    if (grant.state === 'active' && isHeld(grant) === false)
      found.push({ kind: 'missing', grantId: grant.id, account })
    if (isOver(grant) && isHeld(grant) === true && !grant.standing)
      found.push({ kind: 'over', grantId: grant.id, account })
    if (grant.accountId !== null && explains(grant)) explained.add(grant.accountId)
  }
  for (const holder of holders ?? []) {
    if (explained.has(holder.id)) continue
    const last = grants.findLast((grant) => grant.accountId === holder.id)
    found.push({ kind: 'stranger', grantId: last?.id ?? null, account: holder })
  }
  return found
}

const isOver = ({ state, runs }: ComparedGrant) =>
  state === 'revoking' || ((state === 'active' || state === 'provisioning') && !runs)

/** A lease that is live by the record, or one that left behind what was there before it. */
const explains = (grant: ComparedGrant) =>
  grant.standing || grant.state === 'active' || grant.state === 'provisioning' || grant.state === 'revoking'
