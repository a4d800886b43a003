import { EntitlementName } from '@/components/request/entitlement-name'
import type { IconName } from '@/components/ui/icon'
import { Badge, type Tone } from '@/components/ui/labels'
import type { AccessReviewPage, AccessReviewRow, LineCounts, LineView } from '@/lib/access-review-views'
import { asWords, reviewerNames, stateWords, statusWords } from '@/lib/access-review-words'
import type { LineStatus } from '@/lib/domain/access-review'
import { formatClock } from '@/lib/format'

export const ACCESS_REVIEWS = '/settings/access-management/access-reviews'

const statusLooks: Record<LineStatus, { tone: Tone; icon: IconName }> = {
  open: { tone: 'wait', icon: 'clock' },
  kept: { tone: 'ok', icon: 'check' },
  removed: { tone: 'info', icon: 'undo' },
  missed: { tone: 'warn', icon: 'triangle-alert' },
  over: { tone: 'off', icon: 'circle-check' },
}

/** How a line stands. */
export function LineBadge({ status }: { status: LineStatus }) {
  const { tone, icon } = statusLooks[status]
  return (
    <Badge tone={tone} icon={icon}>
      {statusWords[status]}
    </Badge>
  )
}

const stateTones: Record<AccessReviewRow['state'], Tone> = {
  open: 'wait',
  escalated: 'warn',
  closed: 'off',
  called_off: 'off',
}

/** How a review stands; what was missed is never left out. */
export function ReviewBadge({ row }: { row: Pick<AccessReviewRow, 'state' | 'counts'> }) {
  return (
    <span className="row flex-wrap gap-1!">
      <Badge tone={stateTones[row.state]}>{stateWords[row.state]}</Badge>
      {row.counts.missed > 0 ? (
        <Badge tone="warn" icon="triangle-alert">
          {row.counts.missed} missed
        </Badge>
      ) : null}
    </span>
  )
}

/** "31 of 40" decided, as words and as a bar; what ended meanwhile needs no decision. */
export function Progress({ counts, label }: { counts: LineCounts; label: string }) {
  const done = counts.kept + counts.removed
  const total = done + counts.open + counts.missed
  if (total === 0) return <span className="ink2">all ended meanwhile</span>
  return (
    <span className="ar-progress">
      <progress max={total} value={done} aria-label={label} />
      <span className="num">
        {done} of {total}
      </span>
    </span>
  )
}

/** Whose access it is: the person, else the account. */
export const whoOf = (line: LineView): string => line.person?.name ?? line.account ?? 'Somebody'

/** What is held, how and until when, in one line. */
export function LineWhat({ line, now, zone }: { line: LineView; now: Date; zone: string }) {
  const clock = (at: Date) => formatClock(at, zone, now)
  const parts = [
    line.kind === 'lease' ? 'lease' : 'held for good',
    line.since ? `${line.kind === 'lease' ? 'since' : 'on record since'} ${clock(line.since)}` : null,
    line.kind === 'lease' ? (line.endsAt ? `until ${clock(line.endsAt)}` : 'without an end') : null,
    line.account && line.person ? `account ${line.account}` : null,
    line.person ? null : 'nobody is known for this account',
    line.person?.left ? 'the person was deactivated' : null,
  ].filter(Boolean)
  return (
    <>
      <EntitlementName name={line.entitlement.name} /> · {parts.join(' · ')}
    </>
  )
}

type SaidProps = { line: LineView; page: Pick<AccessReviewPage, 'rule'>; now: Date; zone: string }

/** What was decided and why, and what came of it; else who is asked. */
export function Said({ line, page, now, zone }: SaidProps) {
  const { decision, outcome, reviewers, as, status } = line
  if (decision)
    return (
      <>
        {decision.by} {decision.decision === 'keep' ? 'keeps it' : 'removes it'},{' '}
        {formatClock(decision.at, zone, now)}: “{decision.reason}”.
        {decision.late ? ' After it had been missed.' : ''}
        {outcome ? ` ${capital(outcome.words).replace(/\.?$/, '.')}` : ''}
      </>
    )
  if (outcome) return <>Nobody decided. {capital(outcome.words).replace(/\.?$/, '.')}</>
  if (status === 'over') return <>It ended before anybody decided.</>
  if (as === 'nobody') return <>Nobody is left who could review it.</>
  return (
    <>
      {status === 'missed' ? 'Nobody decided. ' : ''}Asked: {reviewerNames(reviewers)} (
      {asWords(as, page.rule)})
    </>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
