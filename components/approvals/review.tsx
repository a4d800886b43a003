import type { Route } from 'next'
import type { ReactNode } from 'react'
import { LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { Quote, Who } from '@/components/people/person'
import { EmergencyBadge } from '@/components/request/emergency-badge'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Story } from '@/components/request/story'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { firstName, nameList } from '@/lib/asking-words'
import { formatClock, formatDuration, formatLateness } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import { endReasonWords } from '@/lib/outcome-words'
import { type ReviewVerdict, readReview, reviewVerdictWords } from '@/lib/review-words'
import type { TimelineEntryView } from '@/lib/timeline-words'
import type { LeaseView, RequestView, TaskView } from '@/lib/views'
import { ReviewForm } from './review-form'

type ReviewProps = {
  task: TaskView
  facts: {
    request: RequestView
    story: readonly TimelineEntryView[]
    reviewers: readonly string[]
  }
  mayReview: boolean
  badge: ReactNode
  now: Date
  zone: string
  complete: SendForm<{ verdict: ReviewVerdict }>
}

/** The review of an emergency access: who, what, when, why, what happened, how long, ended how; then the verdict. */
export function Review({ task, facts, mayReview, badge, now, zone, complete }: ReviewProps) {
  const { person, lease } = task
  const { request, story } = facts
  return (
    <div className="solo-main">
      <section className="ask">
        <p className="state">
          <EmergencyBadge />
          {badge}
          {task.state === 'open' ? (
            <TimeText at={task.dueAt} now={now} zone={zone} lead="due" />
          ) : (
            <TimeText at={task.doneAt ?? task.openedAt} now={now} zone={zone} />
          )}
        </p>
        <h1 className="solo-title">
          Review the emergency access of {person.name} to{' '}
          <EntitlementName name={lease.entitlement.name} heading /> on {lease.application.name}
        </h1>
        <Who
          name={person.name}
          title={person.email}
          sub={[person.title, person.team].filter(Boolean).join(', ') || undefined}
        />
        <Quote from={`${firstName(person.name)}, ${formatClock(request.askedAt, zone, now)}`}>
          {request.reason}
        </Quote>
        <div className="block">
          <h2 className="block-title">The lease</h2>
          <LiveLeaseBar facts={lease.times} now={now} zone={zone} size="large" labels />
          <dl className="facts mt-3">
            <dt>Taken</dt>
            <dd>{formatClock(request.askedAt, zone, now)}</dd>
            <dt>Given</dt>
            <dd>{givenWords(lease, zone, now)}</dd>
            <dt>Held</dt>
            <dd>{heldWords(lease)}</dd>
            <dt>Ended</dt>
            <dd>{endedWords(lease, zone, now)}</dd>
            <dt>In {lease.application.name}</dt>
            <dd>{targetWords(lease)}</dd>
          </dl>
        </div>
        {lease.entitlement.description ? (
          <div className="block">
            <h2 className="block-title">What it gives</h2>
            <p>{lease.entitlement.description}</p>
          </div>
        ) : null}
        <div className="block">
          <h2 className="block-title">What happened</h2>
          <Story
            request={request}
            personName={firstName(person.name)}
            steps={1}
            entries={story}
            now={now}
            zone={zone}
          />
          <p className="mt-2">
            <Link className="u" href={`/requests/${request.id}` as Route}>
              See the request
            </Link>
          </p>
        </div>
      </section>
      <div>
        {mayReview ? (
          <ReviewForm task={task} complete={complete} />
        ) : task.state === 'done' ? (
          <Reviewed task={task} />
        ) : (
          <Callout>
            <p>
              {facts.reviewers.length > 0
                ? `${nameList(facts.reviewers, 'or')} can review it; nobody reviews their own.`
                : `Nobody can review it at present: ${person.name} is the only owner or admin. It takes another one, and until then ${firstName(person.name)} can take no other.`}
            </p>
          </Callout>
        )}
      </div>
    </div>
  )
}

function Reviewed({ task }: { task: TaskView }) {
  const read = readReview(task.evidence)
  return (
    <div className="panel stack">
      <h2 className="panel-title">
        {read ? reviewVerdictWords[read.verdict] : 'Reviewed'}, says {task.doneBy ?? 'somebody'}
      </h2>
      <Quote>{read?.note ?? task.evidence}</Quote>
      <LinkButton href="/approvals?tab=tasks">See the other tasks</LinkButton>
    </div>
  )
}

function givenWords({ times, preexisting }: LeaseView, zone: string, now: Date): string {
  if (!times.startsAt || times.state === 'failed') return 'It was sent and never seen there'
  const at = formatClock(times.startsAt, zone, now)
  return preexisting ? `${at}, and it was there before already` : at
}

function heldWords({ times, status, durationSeconds }: LeaseView): string {
  const { startsAt, state } = times
  const over = status.rightOverAt
  const most = durationSeconds === null ? '' : ` of ${formatDuration(durationSeconds)}`
  if (!startsAt || !over || state === 'failed') return `Nothing${most}`
  const minutes = Math.max(0, Math.round((over.getTime() - startsAt.getTime()) / 60_000))
  return minutes === 0 ? `Less than a minute${most}` : `${formatDuration(minutes * 60)}${most}`
}

function endedWords({ times, endReason }: LeaseView, zone: string, now: Date): string {
  const why = (endReason && endReasonWords[endReason]) ?? 'never given'
  return times.endedAt ? `${capital(why)}, ${formatClock(times.endedAt, zone, now)}` : capital(why)
}

function targetWords({ preexisting, times, verified, lateMs }: LeaseView): string {
  if (preexisting) return 'It was held before, so it stays'
  if (times.state === 'revoking') return 'It was found again and is being taken back'
  if (verified && lateMs !== null) return `Seen gone ${formatLateness(lateMs)} after the right was over`
  return verified === false ? 'Said to be gone, not verified' : 'Never seen there'
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
