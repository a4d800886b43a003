'use client'

import type { Route } from 'next'
import type { ReactNode } from 'react'
import { LeaseText, LiveLeaseBar } from '@/components/lease/lease-clock'
import { Callout } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { proofWords } from '@/lib/drill-words'
import { formatClock, formatDurationShort, formatLateness, formatPrecise } from '@/lib/format'
import { changedView, grantsHref, plainView } from '@/lib/grant-url'
import type { GrantDetails } from '@/lib/grant-views'
import { answerWords, endReasonWords } from '@/lib/outcome-words'
import { reviewVerdictWords } from '@/lib/review-words'
import { leaseFactsOf } from './lease-facts'
import { noticeWords } from './notice-cell'
import { timesWord } from './status-badge'

interface Props {
  readonly details: GrantDetails
  readonly now: Date
  readonly zone: string
}

/** The lease, large: where it is on its way, with its three moments under it. */
export function LeasePanel({ details, now, zone }: Props) {
  const { row } = details
  const facts = leaseFactsOf(row)
  const length = lengthWords(details)
  const notice = noticeWords(row, now, zone)
  return (
    <section className="d-lease" aria-label="Lease">
      <div className="row">
        <p>
          <LeaseText facts={facts} now={now} zone={zone} style="sentence" className="headline" />
        </p>
        <span className="grow" />
        <span className="hint meta">{length}</span>
      </div>
      <div className="mt-2.5">
        <LiveLeaseBar
          facts={facts}
          now={now}
          zone={zone}
          size="large"
          labels
          ghostEnd={details.askedEnd ?? undefined}
          wasEnd={details.formerEnd ?? undefined}
        />
      </div>
      <p className="hint only-phone pb-2.5">
        Notice: {notice.text}. {length}.
      </p>
    </section>
  )
}

function lengthWords({ row }: GrantDetails): string {
  if (row.mode === 'permanent') return 'permanent'
  const first = row.durationSeconds === null ? '' : formatDurationShort(row.durationSeconds)
  if (row.extensions === 0 || !row.endsAt || !row.grantedAt || row.durationSeconds === null) return first
  const more = (row.endsAt.getTime() - row.grantedAt.getTime()) / 1000 - row.durationSeconds
  return `${first} + ${formatDurationShort(more)}, extended ${timesWord(row.extensions)}`
}

/** The headline of an end: the proof, or why there is none; and what else is wrong with a grant. */
export function GrantState({ details, now, zone }: Props) {
  const { row, settledAt, findings } = details
  return (
    <>
      {row.state === 'ended' ? <EndProof details={details} now={now} zone={zone} /> : null}
      {row.state === 'revoking' && row.overdueSince ? (
        <div className="proof">
          <Callout tone="bad" role="status">
            <b>It should be gone and is not.</b>{' '}
            {row.byHand
              ? `It is taken out of ${row.application.name} by hand; the task for it is open.`
              : `We go on taking it back until ${row.application.name} is seen without it.`}
            {row.lastAnswer ? ` Last answer: ${lastAnswer(details)}.` : ''}
            {details.proof ? ` Removal drill: ${proofWords(details.proof, now)}.` : ''}{' '}
            <Link className="u" href={'/settings/access-management/overdue' as Route}>
              See what is overdue
            </Link>
            {details.openTaskId ? (
              <>
                {' '}
                <Link className="u" href={`/approvals/tasks/${details.openTaskId}` as Route}>
                  Open the task
                </Link>
              </>
            ) : null}
          </Callout>
        </div>
      ) : null}
      {row.noticeError ? (
        <div className="proof">
          <Callout tone="warn" icon="bell-off">
            <b>The expiry notice was not delivered.</b> {row.noticeError}
          </Callout>
        </div>
      ) : null}
      {findings.map((found) => (
        <div className="proof" key={found.id}>
          <Callout tone="warn" icon="git-compare">
            <b>The target and our record disagree.</b> {found.detail} Found{' '}
            {formatClock(found.foundAt, zone, now)}.
            {found.kind === 'missing_holder' && details.mayGiveAgain ? (
              <>
                {' '}
                <Link className="u" href={`/grants/${row.id}/give-again` as Route}>
                  Give it again
                </Link>
              </>
            ) : null}
          </Callout>
        </div>
      ))}
      {row.state === 'failed' && !settledAt ? (
        <div className="proof">
          <Callout tone="warn">
            <b>{details.converts ? 'It did not become a lease.' : 'It was never given.'}</b>{' '}
            {row.ended?.why ?? 'It was called off before anything was sent.'}
          </Callout>
        </div>
      ) : null}
    </>
  )
}

/** The kind of answer, and the target's own words for it where it gave any. */
function lastAnswer({ row, calls }: GrantDetails): string {
  const said = calls.findLast((call) => call.outcome === row.lastAnswer)?.message
  return `${answerWords(row.lastAnswer)}${said ? ` (“${said}”)` : ''}`
}

const afterWords: Record<string, string> = { revoked: 'it was revoked', returned: 'it was given back' }

function EndProof({ details, now, zone }: Props) {
  const { row, settledAt } = details
  if (row.preexisting)
    return (
      <div className="proof">
        <Callout tone="info" icon="pin">
          <b>The lease is over; the access stays.</b> It was held before our first give, and we remove only
          what we gave.
        </Callout>
      </div>
    )
  if (!row.seenAbsentAt)
    return row.grantedAt ? (
      <div className="proof">
        <Callout tone="warn">
          <b>Not verified.</b> People attested that it is gone; the target could not be asked.
        </Callout>
      </div>
    ) : null
  const late = formatLateness(row.lateMs ?? 0)
  const reason = afterWords[row.endReason ?? 'expired'] ?? 'the end'
  return (
    <div className="proof">
      <Callout tone={row.verified ? 'ok' : 'warn'} icon="shield-check">
        {row.verified ? (
          <>
            <b>
              Seen absent {late} after {reason}.
            </b>{' '}
            {settledAt
              ? `Looked again at ${formatPrecise(settledAt, zone).slice(0, -2)}: still absent.`
              : `At ${formatPrecise(row.seenAbsentAt, zone)}, ${formatClock(row.seenAbsentAt, zone, now).split(' ').slice(0, -1).join(' ')}.`}
          </>
        ) : (
          <>
            <b>
              Said to be gone {late} after {reason}, not verified.
            </b>{' '}
            {row.application.name} cannot be looked at, so this rests on its answer or on the people who did
            it.
          </>
        )}
      </Callout>
    </div>
  )
}

/** Account, policy, caps, what was there before, and why it was asked for. */
export function GrantFacts({ details }: Pick<Props, 'details'>) {
  const { row, account, policy } = details
  return (
    <dl className="d-facts">
      <Fact name="Account">
        {account ? (
          <>
            {account.name} <span className="mono ink2">{shortId(account.externalId)}</span>
          </>
        ) : row.byHand ? (
          <span className="ink2">by hand, as {details.personEmail}</span>
        ) : (
          <span className="ink2">not found yet</span>
        )}
      </Fact>
      <Fact name="Access policy">
        <Link href={`/settings/access-management/policies/${policy.id}` as Route}>{policy.name}</Link>{' '}
        <span className="ink2">version {policy.number}</span>
      </Fact>
      {row.emergency ? <Fact name="Emergency access">{reviewWords(details)}</Fact> : null}
      <Fact name="Extensions">{extensionWords(details)}</Fact>
      <Fact name="Had it before">{beforeWords(details)}</Fact>
      {row.endReason ? (
        <Fact name="Ended because">
          {endReasonWords[row.endReason]}
          {row.ended?.by ? <span className="ink2"> · {row.ended.by}</span> : null}
        </Fact>
      ) : null}
      <Fact name="Holder">
        <Link href={grantsHref(changedView(plainView, { people: [row.person.id] })) as Route}>
          All grants of {row.person.name}
        </Link>
      </Fact>
      <Fact name="Reason" wide>
        {row.reason || <span className="ink2">none was given</span>}
      </Fact>
    </dl>
  )
}

function Fact({ name, wide, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? 'wide' : undefined}>
      <dt>{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}

const shortId = (id: string) => (id.length > 14 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id)

function extensionWords({ row, extension }: GrantDetails): ReactNode {
  if (!extension) return <span className="ink2">permanent, nothing to extend</span>
  if (row.emergency) return <span className="ink2">none, it is emergency access</span>
  if (!extension.allowedByPolicy) return <span className="ink2">not allowed by the policy</span>
  return (
    <>
      {row.extensions} of {extension.maxCount} used{' '}
      <span className="ink2">· {formatDurationShort(extension.maxTotalSeconds)} in all at most</span>
    </>
  )
}

function reviewWords({ row, review, firstGiveAt }: GrantDetails): ReactNode {
  const over = row.state === 'ended' || row.state === 'failed'
  if (!review)
    return (
      <>
        Taken at once{' '}
        <span className="ink2">
          · {over && !firstGiveAt ? 'nothing was given, so nothing is reviewed' : 'reviewed when it is over'}
        </span>
      </>
    )
  return (
    <>
      <Link href={`/approvals/tasks/${review.taskId}` as Route}>
        {review.done ? reviewVerdictWords[review.done.verdict] : 'Not reviewed yet'}
      </Link>
      {review.done ? <span className="ink2"> · {review.done.by}</span> : null}
    </>
  )
}

function beforeWords({ row, convertStanding, converts, firstGiveAt }: GrantDetails): ReactNode {
  if (converts)
    return (
      <>
        Yes, for good{' '}
        <span className="ink2">· {firstGiveAt ? 'taken at the end' : 'becomes this lease'}</span>
      </>
    )
  if (row.preexisting)
    return (
      <>
        Yes <span className="ink2">· stays at the end</span>
      </>
    )
  if (!firstGiveAt) return <span className="ink2">looked at before it is given</span>
  return (
    <>
      {convertStanding ? 'No, or taken over' : 'No'} <span className="ink2">· removed at the end</span>
    </>
  )
}
