import type { Route } from 'next'
import { TimeText } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { RequestBadge } from '@/components/request/request-badge'
import { moreWords } from '@/components/request/request-rows'
import { Avatar } from '@/components/ui/avatar'
import { Icon, type IconName } from '@/components/ui/icon'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { decidedWords } from '@/lib/away-words'
import type { TaskKind } from '@/lib/domain/work'
import { formatDuration } from '@/lib/format'
import { taskWords } from '@/lib/task-words'
import type { DecisionView, RequestView, TaskView } from '@/lib/views'

type Times = { now: Date; zone: string }

const taskIcons: Record<TaskKind, IconName> = { give: 'user-plus', take: 'user-x', review: 'eye' }

/** Gives and takes that people do by hand, and reviews: open ones first, then what was done lately. */
export function TaskRows({
  open,
  closed,
  now,
  zone,
}: { open: readonly TaskView[]; closed: readonly TaskView[] } & Times) {
  if (open.length + closed.length === 0)
    return (
      <EmptyState icon="list-checks" heading="h2" title="No tasks">
        Where an application has no connection, giving and taking access is a task for people. It would stand
        here, and so would the review of an emergency access.
      </EmptyState>
    )
  return (
    <ul className="ap-rows">
      {[...open, ...closed].map((task) => (
        <li className="q" key={task.id}>
          <span className="avatar avatar-32" aria-hidden="true">
            <Icon name={taskIcons[task.kind]} />
          </span>
          <div className="grow min-w-0">
            <p className="q1">
              <Link className="q-link trunc" href={`/approvals/tasks/${task.id}` as Route}>
                <b className="bb">{capital(taskWords(task))}</b>
              </Link>
              {task.state === 'done' ? (
                <Badge tone="ok" icon="check">
                  Done
                </Badge>
              ) : task.state === 'void' ? (
                <Badge tone="off" icon="minus" line>
                  Called off
                </Badge>
              ) : task.dueAt <= now ? (
                <Badge tone="bad" icon="octagon-alert">
                  Overdue
                </Badge>
              ) : null}
            </p>
            <p className="trunc ink2">
              {task.state === 'done'
                ? `${task.doneBy ?? 'Somebody'}: “${task.evidence ?? ''}”`
                : [
                    task.kind === 'review' ? 'Emergency access that is over' : task.group,
                    task.mine ? null : 'not yours, shown because you are an admin',
                  ]
                    .filter(Boolean)
                    .join(' · ')}
            </p>
          </div>
          <span className="q-when ink2 q-wide">
            {task.state === 'open' ? (
              <TimeText at={task.dueAt} now={now} zone={zone} lead="due" />
            ) : (
              <TimeText at={task.doneAt ?? task.openedAt} now={now} zone={zone} />
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

type DecidedProps = {
  me: string
  items: readonly { request: RequestView; personName: string; vote: DecisionView }[]
} & Times

/** What I decided, or somebody in my place, newest first, and what became of it. */
export function DecidedRows({ items, me, now, zone }: DecidedProps) {
  if (items.length === 0)
    return (
      <EmptyState icon="gavel" heading="h2" title="You have decided nothing yet">
        What you approve or deny stands here, with what became of it.
      </EmptyState>
    )
  return (
    <ul className="ap-rows">
      {items.map(({ request, personName, vote }) => (
        <li className="q" key={`${request.id}:${vote.decidedAt.getTime()}`}>
          <Avatar name={personName} size={32} />
          <div className="grow min-w-0">
            <p className="q1">
              <Link className="q-link trunc" href={`/requests/${request.id}` as Route}>
                <b className="bb">{personName}</b> <span className="ink2">for</span>{' '}
                {request.kind === 'extension' && request.seconds !== null
                  ? `${moreWords(request.seconds)} of `
                  : null}
                <EntitlementName name={request.entitlement.name} />
                {request.kind === 'grant'
                  ? ` · ${request.seconds === null ? 'permanent' : formatDuration(request.seconds)}`
                  : null}
              </Link>
              <RequestBadge request={request} now={now} />
            </p>
            <p className="trunc ink2">
              {decidedWords(vote, me)}
              {vote.seconds !== null ? `, shortened to ${formatDuration(vote.seconds)}` : ''}
              {vote.note ? `: “${vote.note}”` : ''}
            </p>
          </div>
          <span className="q-when ink2 q-wide">
            <TimeText at={vote.decidedAt} now={now} zone={zone} />
          </span>
        </li>
      ))}
    </ul>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
