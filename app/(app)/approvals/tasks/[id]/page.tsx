import type { Metadata } from 'next'
import { Review } from '@/components/approvals/review'
import { TaskForm } from '@/components/approvals/task-form'
import { LeaseClock, LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { Quote, Who } from '@/components/people/person'
import { EntitlementName } from '@/components/request/entitlement-name'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Badge, Callout } from '@/components/ui/labels'
import { firstName } from '@/lib/asking-words'
import { formatDuration } from '@/lib/format'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { reviewFacts } from '@/lib/queries/emergencies'
import { taskDetails } from '@/lib/queries/tasks'
import { requireViewer } from '@/lib/session'
import type { TaskView } from '@/lib/views'
import { complete, finishReview } from './actions'

export const metadata: Metadata = { title: 'Task' }

const crumbs = [
  { label: 'Approvals', href: '/approvals' },
  { label: 'Tasks', href: '/approvals?tab=tasks' },
]

export default async function TaskPage({ params }: PageProps<'/approvals/tasks/[id]'>) {
  const viewer = await requireViewer()
  const { id } = await params
  const { now, zone } = viewer
  const found = isUuid(id) ? await taskDetails(viewer.ctx, id, now) : null
  if (!found) return notHere()
  const { task, mayComplete } = found
  if (task.kind === 'review') {
    const facts = await reviewFacts(viewer.ctx, task, now)
    if (!facts) return notHere()
    return (
      <PageFrame className="screen-decide inapp" title="Review" crumbs={[...crumbs, { label: 'Review' }]}>
        <LeaseClock now={now}>
          <Review
            task={task}
            facts={facts}
            mayReview={mayComplete}
            badge={<TaskBadge task={task} now={now} />}
            now={now}
            zone={zone}
            complete={finishReview}
          />
        </LeaseClock>
      </PageFrame>
    )
  }
  const { person, lease } = task
  const { entitlement, application } = lease
  const give = task.kind === 'give'
  return (
    <PageFrame
      className="screen-decide inapp"
      title="Task"
      crumbs={[...crumbs, { label: `${give ? 'Give' : 'Take'} by hand` }]}
    >
      <LeaseClock now={now}>
        <div className="solo-main">
          <section className="ask">
            <p className="state">
              <TaskBadge task={task} now={now} />
              {task.state === 'open' ? (
                <TimeText at={task.dueAt} now={now} zone={zone} lead="due" />
              ) : (
                <TimeText at={task.doneAt ?? task.openedAt} now={now} zone={zone} />
              )}
            </p>
            <h1 className="solo-title">
              {give ? `Give ${person.name} ` : `Take ${person.name} out of `}
              <EntitlementName name={entitlement.name} heading /> on {application.name}
            </h1>
            <Who
              name={person.name}
              title={person.email}
              sub={[person.title, person.team].filter(Boolean).join(', ') || undefined}
            />
            <div className="block">
              <h2 className="block-title">The lease</h2>
              <LiveLeaseBar facts={lease.times} now={now} zone={zone} size="large" labels lateWord="End" />
              <p className="mt-2">
                {give
                  ? `Agreed${lease.durationSeconds === null ? ' without an end' : ` for ${formatDuration(lease.durationSeconds)}`}. The time starts when it is given.`
                  : `${firstName(person.name)}’s right is over. It is not gone until somebody says so here.`}
              </p>
            </div>
            {entitlement.description ? (
              <div className="block">
                <h2 className="block-title">What it gives</h2>
                <p>{entitlement.description}</p>
              </div>
            ) : null}
            {task.checklist ? (
              <div className="block">
                <h2 className="block-title">How to do it</h2>
                <p className="checklist">{task.checklist}</p>
              </div>
            ) : null}
          </section>
          <div>
            {mayComplete ? (
              <TaskForm task={task} complete={complete} />
            ) : task.state === 'done' ? (
              <div className="panel stack">
                <h2 className="panel-title">Done by {task.doneBy ?? 'somebody'}</h2>
                <Quote>{task.evidence}</Quote>
                <LinkButton href="/approvals?tab=tasks">See the other tasks</LinkButton>
              </div>
            ) : task.state === 'void' ? (
              <Callout>
                <p>This task was called off: the access is not wanted any more. Nothing is left to do.</p>
              </Callout>
            ) : (
              <Callout>
                <p>
                  {task.group ? `The people in ${task.group}` : `The owners of ${application.name}`} complete
                  this task{viewer.person.id === person.id ? '; it is about you, so somebody else does' : ''}.
                </p>
              </Callout>
            )}
          </div>
        </div>
      </LeaseClock>
    </PageFrame>
  )
}

function TaskBadge({ task, now }: { task: TaskView; now: Date }) {
  if (task.state === 'done')
    return (
      <Badge tone="ok" icon="check">
        Done
      </Badge>
    )
  if (task.state === 'void')
    return (
      <Badge tone="off" icon="minus" line>
        Called off
      </Badge>
    )
  return task.dueAt <= now ? (
    <Badge tone="bad" icon="octagon-alert">
      Overdue
    </Badge>
  ) : (
    <Badge tone="wait" icon="list-checks">
      {task.kind === 'review' ? 'To review' : 'To do by hand'}
    </Badge>
  )
}
