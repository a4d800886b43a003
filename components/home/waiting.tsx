'use client'

import clsx from 'clsx'
import type { Route } from 'next'
import { useNow } from '@/components/lease/lease-clock'
import { EntitlementName, TextWithName } from '@/components/request/entitlement-name'
import { moreWords } from '@/components/request/request-rows'
import { Avatar } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { firstName } from '@/lib/asking-words'
import { inPlaceWords } from '@/lib/away-words'
import { formatClock, formatDuration, formatRelative } from '@/lib/format'
import { taskWords } from '@/lib/task-words'
import type { TaskView, ToDecide } from '@/lib/views'

type WaitingProps = {
  items: readonly ToDecide[]
  total: number
  tasks: readonly TaskView[]
  now: Date
  zone: string
}

/** Under an hour the clock is amber. */
const SOON_MS = 3_600_000

/** What waits for me: decisions, then tasks by hand and reviews. */
export function Waiting({ items, total, tasks, now, zone }: WaitingProps) {
  const current = useNow(now)
  const tone = (at: Date) => (at.getTime() - current.getTime() < SOON_MS ? 'c-warn' : 'ink2')
  const more = total - items.length
  return (
    <ul className="card">
      {items.map((r) => (
        <li className="wait" key={r.id}>
          <Avatar name={r.person.name} size={32} />
          <div className="grow min-w-0">
            <p>
              <b className="bb">{r.askerName}</b> asks
              {r.askerId === r.personId ? '' : ` on behalf of ${r.person.name},`} for{' '}
              {r.kind === 'extension' && r.seconds !== null ? `${moreWords(r.seconds)} of ` : null}
              <EntitlementName name={r.entitlement.name} /> on {r.application.name}
              {r.kind === 'grant'
                ? `, ${r.seconds === null ? 'without an end' : formatDuration(r.seconds)}`
                : null}
            </p>
            {r.reason ? <p className="wait-why trunc">“{r.reason}”</p> : null}
            {r.inPlaceOf ? <p className="wait-why">{inPlaceWords(r.inPlaceOf, zone, current)}.</p> : null}
            <p className="wait-foot">
              <span className={clsx('wait-when', tone(r.decideBy))}>
                <Icon name="clock" size={12} />{' '}
                <When at={r.decideBy} lead="lapses" now={current} zone={zone} />
              </span>
              <LinkButton
                size="sm"
                href={`/requests/${r.id}`}
                aria-label={`Review the request of ${r.person.name} for ${r.entitlement.name}`}
              >
                Review
              </LinkButton>
            </p>
          </div>
        </li>
      ))}
      {more > 0 ? (
        <li className="wait">
          <Link className="u ink2" href={'/approvals' as Route}>
            {more} more to decide
          </Link>
        </li>
      ) : null}
      {tasks.map((task) => (
        <li className="wait" key={task.id}>
          <span className="avatar avatar-32" aria-hidden="true">
            <Icon name="list-checks" />
          </span>
          <div className="grow min-w-0">
            <p>
              <b className="bb">Task:</b>{' '}
              <TextWithName text={taskWords(task)} name={task.lease.entitlement.name} />
              {task.kind === 'review' ? null : ', by hand'}
            </p>
            <p className="wait-why">{taskWhy(task, current, zone)}</p>
            <p className="wait-foot">
              <span className={clsx('wait-when', task.dueAt <= current ? 'c-bad' : tone(task.dueAt))}>
                <Icon name="clock" size={12} /> <When at={task.dueAt} lead="due" now={current} zone={zone} />
              </span>
              <LinkButton
                size="sm"
                href={`/approvals/tasks/${task.id}`}
                aria-label={`Open the task to ${taskWords(task)}`}
              >
                Open task
              </LinkButton>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}

/** Room is short here: "in 48 min · 15:16", with the day only when it is another one. */
function When({ at, lead, now, zone }: { at: Date; lead: string; now: Date; zone: string }) {
  return (
    <time className="dotted" dateTime={at.toISOString()}>
      <span>
        {lead} {formatRelative(at, now)}
      </span>
      <span>{formatClock(at, zone, now).replace(/^today /, '')}</span>
    </time>
  )
}

function taskWhy({ kind, lease, person }: TaskView, now: Date, zone: string): string {
  if (kind === 'review')
    return `It is over. Until it is reviewed, ${firstName(person.name)} can take no other.`
  if (kind === 'give') return 'Agreed. The lease starts when you say it is done.'
  const at = lease.times.endsAt
  return `Ended${at ? ` ${formatClock(at, zone, now)}` : ''}. Not gone until you say so.`
}
