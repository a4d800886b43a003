import type { Metadata } from 'next'
import { WaitingReviews } from '@/components/access-review/waiting-reviews'
import { DecidedRows, TaskRows } from '@/components/approvals/other-tabs'
import { Queue } from '@/components/approvals/queue'
import { AwayNotes } from '@/components/away/away-notes'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AutoRefresh } from '@/components/request/auto-refresh'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/labels'
import { Pager } from '@/components/ui/list-foot'
import { Segmented } from '@/components/ui/tabs'
import { pageNumber } from '@/lib/page-number'
import { waitingReviews } from '@/lib/queries/access-reviews'
import { approvalQueue, countToDecide, myDecisions } from '@/lib/queries/approvals'
import { myAway } from '@/lib/queries/away'
import { closedTasks, countTasks, openTasks } from '@/lib/queries/tasks'
import { requireViewer, type Viewer } from '@/lib/session'
import { became, decide, decideMany, question } from './actions'

export const metadata: Metadata = { title: 'Approvals' }

/** How often an open queue looks again. */
const LOOK_MS = 10_000

type Tab = 'decide' | 'tasks' | 'decided'

export default async function ApprovalsPage({ searchParams }: PageProps<'/approvals'>) {
  const viewer = await requireViewer()
  const { tab: asked, page } = await searchParams
  const tab: Tab = asked === 'tasks' || asked === 'decided' ? asked : 'decide'
  return (
    <PageFrame crumbs={[{ label: 'Approvals' }]} className="screen-approvals" bare>
      <LeaseClock now={viewer.now}>
        <AutoRefresh every={LOOK_MS} />
        {tab === 'decide' ? (
          <ToDecideTab viewer={viewer} />
        ) : (
          <div className="ap ap-one">
            <section className="ap-list" aria-label={tab === 'tasks' ? 'Tasks' : 'Decided'}>
              <Head
                tab={tab}
                toDecide={await countToDecide(viewer.ctx, viewer.now)}
                tasks={await countTasks(viewer.ctx, viewer.now)}
              />
              {tab === 'tasks' ? (
                <TasksTab viewer={viewer} />
              ) : (
                <DecidedTab viewer={viewer} page={pageNumber(page)} />
              )}
            </section>
          </div>
        )}
      </LeaseClock>
    </PageFrame>
  )
}

async function ToDecideTab({ viewer }: { viewer: Viewer }) {
  const { now, zone } = viewer
  const [{ items, total }, tasks, reviews, away] = await Promise.all([
    approvalQueue(viewer.ctx, now),
    countTasks(viewer.ctx, now),
    waitingReviews(viewer.ctx, now),
    myAway(viewer.ctx, now),
  ])
  const head = (
    <>
      <Head tab="decide" toDecide={total} tasks={tasks} />
      <AwayNotes {...away} now={now} zone={zone} />
      <WaitingReviews reviews={reviews} now={now} zone={zone} />
    </>
  )
  return (
    <Queue
      items={items}
      total={total}
      head={head}
      empty={<NothingToDecide tasks={tasks} />}
      me={viewer.person.id}
      now={now}
      zone={zone}
      decide={decide}
      decideMany={decideMany}
      question={question}
      became={became}
    />
  )
}

function NothingToDecide({ tasks }: { tasks: number }) {
  return (
    <EmptyState
      icon="inbox"
      heading="h2"
      title="Nothing waits for your decision"
      actions={
        tasks > 0 ? (
          <LinkButton href="/approvals?tab=tasks">
            See {tasks} {tasks === 1 ? 'task' : 'tasks'}
          </LinkButton>
        ) : (
          <LinkButton href="/approvals?tab=decided">See what you decided</LinkButton>
        )
      }
    >
      You get a mail when somebody asks you. Deciding takes ten seconds from there.
    </EmptyState>
  )
}

function Head({ tab, toDecide, tasks }: { tab: Tab; toDecide: number; tasks: number }) {
  return (
    <div className="ap-top">
      <h1 className="page-title sr-phone">{tab === 'decided' ? 'What you decided' : 'Waiting for you'}</h1>
      <Segmented
        label="Show"
        items={[
          { href: '/approvals', label: 'To decide', count: toDecide, current: tab === 'decide' },
          { href: '/approvals?tab=tasks', label: 'Tasks', count: tasks, current: tab === 'tasks' },
          { href: '/approvals?tab=decided', label: 'Decided', current: tab === 'decided' },
        ]}
      />
    </div>
  )
}

async function TasksTab({ viewer }: { viewer: Viewer }) {
  const { ctx, now, zone } = viewer
  const [open, closed] = await Promise.all([openTasks(ctx, now), closedTasks(ctx, now)])
  return <TaskRows open={open} closed={closed} now={now} zone={zone} />
}

async function DecidedTab({ viewer, page }: { viewer: Viewer; page: number }) {
  const { ctx, now, zone } = viewer
  const { items, more } = await myDecisions(ctx, now, page)
  const at = (n: number) => `/approvals?tab=decided${n > 1 ? `&page=${n}` : ''}`
  return (
    <>
      <DecidedRows items={items} me={viewer.person.id} now={now} zone={zone} />
      {page > 1 || more ? (
        <div className="ap-foot">
          <Pager
            summary={`Page ${page}`}
            previousHref={page > 1 ? at(page - 1) : undefined}
            nextHref={more ? at(page + 1) : undefined}
          />
        </div>
      ) : null}
    </>
  )
}
