import { DAY, HOUR, plus } from './duration'
import { ok, type Refusal, type Result, refuse } from './errors'
import type { GrantState } from './grant'

/**
 * An access review: people look at the access that stands on an application at one moment, line by line, and keep or
 * remove it with a reason, by a date. (Also called certification campaign; ISO/IEC 27001:2022, control 5.18: access
 * rights are "provisioned, reviewed, modified and removed".) The review of an emergency access is another thing: a task.
 */
export const accessReviewStates = ['open', 'escalated', 'closed', 'called_off'] as const
export type AccessReviewState = (typeof accessReviewStates)[number]

/** Who is asked about a line: the holder's manager, the application's owners, or people named for it. */
export const reviewerRules = ['manager', 'owners', 'people'] as const
export type ReviewerRule = (typeof reviewerRules)[number]

/** What becomes of lines that nobody decided until the date. */
export const missedConsequences = ['visible', 'revoke', 'escalate'] as const
export type MissedConsequence = (typeof missedConsequences)[number]

export const accessDecisions = ['keep', 'remove'] as const
export type AccessDecision = (typeof accessDecisions)[number]

/** Owners, then admins, get so long for what the reviewers missed, in seconds. */
export const ESCALATED_FOR = 7 * DAY
/** A review is due so long after its start at least, and at most; in seconds. */
export const SHORTEST_ACCESS_REVIEW = DAY
export const LONGEST_ACCESS_REVIEW = 366 * DAY
/** Longer ones remind once more, so long before the date. */
const LAST_REMINDER = DAY

/** Somebody who could review. `key` is the same for every account of one person. */
export interface Candidate {
  readonly id: string
  readonly key: string
}

/** Whom a line is about, and who could be asked about it; only active people. */
export interface ReviewPlace {
  readonly rule: ReviewerRule
  /** Keys of the holder: their own, and that of the account's address where no person is known for it. */
  readonly holderKeys: readonly string[]
  readonly manager: Candidate | null
  readonly named: readonly Candidate[]
  readonly owners: readonly Candidate[]
  readonly admins: readonly Candidate[]
  /** The reviewers missed it: the owners, then the admins, are asked. */
  readonly escalated: boolean
}

/** Who decides on a line, and why it is them. */
export interface Reviewers {
  readonly ids: readonly string[]
  readonly as: ReviewerRule | 'admins' | 'nobody'
}

/**
 * Who may decide on a line now: whom the review asks; when nobody of them is left the owners, then the admins. Never
 * the holder, by whatever account. An empty set means nobody can, never everybody.
 */
export function reviewersOf(place: ReviewPlace): Reviewers {
  const { rule, manager, named, owners, admins, escalated } = place
  const asked = rule === 'manager' ? (manager ? [manager] : []) : rule === 'owners' ? owners : named
  const rounds: readonly (readonly [Reviewers['as'], readonly Candidate[]])[] = [
    ...(escalated ? [] : [[rule, asked] as const]),
    ['owners', owners],
    ['admins', admins],
  ]
  for (const [as, candidates] of rounds) {
    const ids = candidates.filter(({ key }) => !place.holderKeys.includes(key)).map(({ id }) => id)
    if (ids.length > 0) return { ids: [...new Set(ids)], as }
  }
  return { ids: [], as: 'nobody' }
}

/** One line as it stands. */
export interface LineFacts {
  readonly decision: AccessDecision | null
  readonly missedAt: Date | null
  /** Over without a decision: the lease ended by itself or by somebody else. */
  readonly overAt: Date | null
  /** Where the line is a lease: its state now. */
  readonly grantState: GrantState | null
  /** Where the line is standing access: a lease has taken its place since. */
  readonly leased: boolean
  /** Its review is over: what was missed then stays missed, whatever becomes of the access later. */
  readonly closed: boolean
}

export type LineStatus = 'open' | 'kept' | 'removed' | 'missed' | 'over'

/** What a line is at present. A lease that ended meanwhile, or standing access that became one, needs no decision. */
export function lineStatus(line: LineFacts): LineStatus {
  if (line.decision) return line.decision === 'keep' ? 'kept' : 'removed'
  if (line.overAt) return 'over'
  if (line.missedAt && line.closed) return 'missed'
  if (isGone(line)) return 'over'
  return line.missedAt ? 'missed' : 'open'
}

const isGone = ({ grantState, leased }: LineFacts): boolean =>
  leased || grantState === 'revoking' || grantState === 'ended' || grantState === 'failed'

/** When decisions are taken, at all: the date of the review, or of its second round. */
export interface ReviewClock {
  readonly state: AccessReviewState
  readonly dueAt: Date
  readonly escalatedUntil: Date | null
}

/** Until when decisions are taken: the date, or the end of the second round. */
export function decideUntil({ state, dueAt, escalatedUntil }: ReviewClock): Date {
  return state === 'escalated' ? (escalatedUntil ?? dueAt) : dueAt
}

/**
 * Whether a line may be decided now. The first decision stands, but a "keep" may be changed by whoever saw it: the
 * version they looked at is compared. A removal is final. Missed lines are decided only in a second round.
 */
export function judgeLine(
  review: ReviewClock,
  line: LineFacts & { readonly version: number },
  seen: { readonly version: number; readonly now: Date },
): Result<null> {
  if (review.state === 'called_off') return refuse('conflict', 'This access review was called off')
  if (review.state === 'closed') return refuse('too_late', 'This access review is closed')
  if (seen.now >= decideUntil(review)) return refuse('too_late', 'The date of this access review has passed')
  const status = lineStatus(line)
  if (status === 'removed') return refuse('conflict', 'It is being removed already')
  if (status === 'over')
    return refuse(
      'conflict',
      line.leased
        ? 'It became a lease meanwhile, so it is not held for good any more'
        : 'It ended meanwhile, so there is nothing to decide',
    )
  if (line.version !== seen.version)
    return refuse('stale', 'Somebody else decided on it after you opened it. Look again')
  return ok(null)
}

/** What happens at the date. Moments are the domain's time. */
export interface DueOutcome {
  readonly state: 'closed' | 'escalated'
  readonly escalatedUntil: Date | null
  /** Lines that nobody decided; in a first round that is escalated they are missed as well, and may be decided still. */
  readonly missed: readonly string[]
  /** Lines whose lease was over before anybody decided. */
  readonly over: readonly string[]
  /** Of the missed ones: leases that are revoked because the review says so. */
  readonly revoke: readonly string[]
}

/** What becomes of a review at its date, or at the end of its second round; null where it is not due or over already. */
export function atDue(
  review: ReviewClock & { readonly consequence: MissedConsequence },
  lines: readonly (LineFacts & { readonly id: string })[],
  now: Date,
): DueOutcome | null {
  if (review.state === 'closed' || review.state === 'called_off' || now < decideUntil(review)) return null
  const undecided = lines.filter((line) => line.decision === null && line.overAt === null)
  const over = undecided.filter(isGone).map(({ id }) => id)
  const missed = undecided.filter((line) => !isGone(line))
  const again = review.state === 'open' && review.consequence === 'escalate' && missed.length > 0
  return {
    state: again ? 'escalated' : 'closed',
    escalatedUntil: again ? plus(now, ESCALATED_FOR) : review.escalatedUntil,
    missed: missed.map(({ id }) => id),
    over,
    revoke:
      review.consequence === 'revoke'
        ? missed.filter((line) => line.grantState !== null).map(({ id }) => id)
        : [],
  }
}

/** When reviewers who have lines left are reminded: half way, and a day before the date where that is later. */
export function reminderTimes(from: Date, until: Date): Date[] {
  const seconds = (until.getTime() - from.getTime()) / 1000
  const half = plus(from, Math.round(seconds / 2))
  const last = plus(until, -LAST_REMINDER)
  return last.getTime() - half.getTime() >= HOUR * 1000 ? [half, last] : [half]
}

/** The next reminder after a moment; null where none is left. */
export function nextReminder(from: Date, until: Date, now: Date): Date | null {
  return reminderTimes(from, until).find((at) => at > now) ?? null
}

/** What is wrong with the date of a new review; null where it is fine. Whoever fills the form takes a few minutes. */
export function dueProblem(dueAt: Date, now: Date): Refusal | null {
  if (dueAt < plus(now, SHORTEST_ACCESS_REVIEW - 300))
    return refuse('invalid', 'Give the reviewers at least a day', 'dueAt')
  if (dueAt > plus(now, LONGEST_ACCESS_REVIEW))
    return refuse('invalid', 'A date is at most 366 days ahead', 'dueAt')
  return null
}
