import {
  type AccessReviewState,
  ESCALATED_FOR,
  type LineStatus,
  type MissedConsequence,
  type ReviewerRule,
  type Reviewers,
} from './domain/access-review'
import { formatDuration } from './format'

/** What access reviews say in words. Pure. */

export const statusWords: Record<LineStatus, string> = {
  open: 'Not decided',
  kept: 'Keep',
  removed: 'Remove',
  missed: 'Missed',
  over: 'Ended meanwhile',
}

export const stateWords: Record<AccessReviewState, string> = {
  open: 'Open',
  escalated: 'With the owners',
  closed: 'Closed',
  called_off: 'Called off',
}

export const ruleWords: Record<ReviewerRule, string> = {
  manager: 'the manager of whoever holds it',
  owners: 'the owners of the application',
  people: 'the people named for it',
}

/** Why it is them: "as manager", "as owner, because nobody else is left". */
export function asWords(as: Reviewers['as'], rule: ReviewerRule): string {
  if (as === 'nobody') return 'nobody is left who could'
  const who =
    as === 'manager' ? 'manager' : as === 'owners' ? 'owner' : as === 'admins' ? 'admin' : 'named for it'
  const lead = as === 'people' ? who : `as ${who}`
  return as === rule ? lead : `${lead}, because nobody else is left`
}

/** What becomes of lines that nobody decided, in one sentence. */
export const missedWords: Record<MissedConsequence, string> = {
  visible: 'What nobody decided on stays as it is, marked as missed in the review and in its export.',
  revoke:
    'Leases that nobody decided on are revoked. Standing access that nobody decided on stays, marked as missed.',
  escalate: `The owners, else the admins, are asked about what nobody decided on, and get ${formatDuration(ESCALATED_FOR)} more. What they miss as well stays marked as missed.`,
}

/** The same as a choice. */
export const consequenceWords: Record<MissedConsequence, { label: string; hint: string }> = {
  visible: { label: 'Stay visible as missed', hint: 'Nothing is taken.' },
  revoke: { label: 'Leases are revoked', hint: 'Standing access stays, marked as missed.' },
  escalate: {
    label: 'Go to the owners, then the admins',
    hint: `They get ${formatDuration(ESCALATED_FOR)} more.`,
  },
}

const list = (names: readonly string[], word: 'and' | 'or') =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`

/** "Ana Oliveira or Ben Okafor"; of many the first three, and how many more. */
export function reviewerNames(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : names
  return list(shown, 'or')
}
