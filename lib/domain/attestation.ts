import { ATTEST_ALONE_AFTER, durationWords, plus } from './duration'
import { type Refusal, refuse } from './errors'
import type { GrantFacts } from './grant'

/** Where an attestation stands. */
export interface AttestationFacts {
  readonly grant: Pick<GrantFacts, 'state' | 'overdueSince'>
  /** What the target said at the last look since the taking began; null where it could not say, or was not asked. */
  readonly lastLook: string | null
  /** Who stated it first, for this end; `accounts`: all of theirs, where one person may have several. */
  readonly first: {
    readonly personId: string
    readonly at: Date
    readonly accounts: readonly string[]
  } | null
  /** How many active people could be the second, the first and the holder aside. */
  readonly others: number
}

/** Looks in which the target says that it is there. An `indirect` rest is not what we gave. */
const there: ReadonlySet<string> = new Set(['direct', 'pending'])

/** Why nobody can state that an access is gone, or null. `where` is the application's name. */
export function attestProblem({ grant, lastLook }: AttestationFacts, where: string): Refusal | null {
  if (grant.state !== 'revoking') return null
  if (!grant.overdueSince) return refuse('conflict', 'It is not overdue: we are still taking it back')
  if (lastLook !== null && there.has(lastLook))
    return refuse('conflict', `${where} answers, and says that it is still there`)
  return null
}

/** Why this is not the first statement, or null. */
export function firstProblem({ first }: AttestationFacts): Refusal | null {
  return first ? refuse('conflict', 'Somebody stated it already: a second person confirms it') : null
}

/**
 * Why this person cannot be the second, or null. `alone`: they are the first as well, because there is nobody else
 * and a day has gone by.
 */
export function secondProblem(
  { first, others }: AttestationFacts,
  personId: string,
  now: Date,
): { readonly refusal: Refusal } | { readonly alone: boolean } {
  if (!first) return { refusal: refuse('conflict', 'Nobody has stated yet that it is gone') }
  if (!first.accounts.includes(personId)) return { alone: false }
  if (others > 0)
    return { refusal: refuse('conflict', 'You stated it yourself: somebody else has to confirm it') }
  if (now < plus(first.at, ATTEST_ALONE_AFTER))
    return {
      refusal: refuse(
        'conflict',
        `There is nobody else who could confirm it, so you can yourself, ${durationWords(ATTEST_ALONE_AFTER)} after the first time`,
      ),
    }
  return { alone: true }
}
