import type { Metadata } from 'next'
import { EndedRows } from '@/components/home/ended-rows'
import { LeaseClock } from '@/components/lease/lease-clock'
import { RequestRows } from '@/components/request/request-rows'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Callout, EmptyState } from '@/components/ui/labels'
import { Pager } from '@/components/ui/list-foot'
import { Segmented } from '@/components/ui/tabs'
import { pageNumber } from '@/lib/page-number'
import { endedLately } from '@/lib/queries/home'
import { myRequests } from '@/lib/queries/requests'
import { requireViewer, type Viewer } from '@/lib/session'

export const metadata: Metadata = { title: 'My requests' }

export default async function RequestsPage({ searchParams }: PageProps<'/requests'>) {
  const viewer = await requireViewer()
  const { show, page, asked } = await searchParams
  const made = typeof asked === 'string' && /^\d{1,2}$/.test(asked) ? Number(asked) : 0
  const ended = show === 'ended'
  return (
    <PageFrame crumbs={[{ label: 'Home', href: '/' }, { label: 'My requests' }]} className="screen-home">
      <LeaseClock now={viewer.now}>
        <div className="wrap">
          <header className="wide page-head">
            <h1 className="page-title grow">{ended ? 'Ended lately' : 'My requests'}</h1>
            <Segmented
              label="Show"
              items={[
                { href: '/requests', label: 'Requests', current: !ended },
                { href: '/requests?show=ended', label: 'Ended lately', current: ended },
              ]}
            />
          </header>
          {made > 0 ? (
            <div className="wide mb-4">
              <Callout tone="ok" role="status">
                <p>
                  {made === 1 ? '1 request was made.' : `${made} requests were made.`} Whoever can decide has
                  one mail for all of them; you get one for each as soon as somebody does.
                </p>
              </Callout>
            </div>
          ) : null}
          <section className="sect wide" aria-label={ended ? 'Ended lately' : 'My requests'}>
            {ended ? <Ended viewer={viewer} /> : <Asked viewer={viewer} page={pageNumber(page)} />}
          </section>
        </div>
      </LeaseClock>
    </PageFrame>
  )
}

async function Asked({ viewer, page }: { viewer: Viewer; page: number }) {
  const { requests, more } = await myRequests(viewer.ctx, viewer.now, page)
  if (requests.length === 0)
    return (
      <EmptyState
        icon="hand"
        heading="h2"
        title={page > 1 ? 'No more requests' : 'You have asked for nothing yet'}
        actions={
          <LinkButton variant="primary" href={page > 1 ? '/requests' : '/catalogue'}>
            {page > 1 ? 'Back to the newest' : 'Browse the catalogue'}
          </LinkButton>
        }
      >
        {page > 1 ? 'These were all.' : 'What you ask for stands here, with who decides and when it ends.'}
      </EmptyState>
    )
  return (
    <>
      <RequestRows requests={requests} now={viewer.now} zone={viewer.zone} />
      {page > 1 || more ? (
        <Pager
          summary={`Page ${page}`}
          previousHref={page > 1 ? (page > 2 ? `/requests?page=${page - 1}` : '/requests') : undefined}
          nextHref={more ? `/requests?page=${page + 1}` : undefined}
        />
      ) : null}
    </>
  )
}

async function Ended({ viewer }: { viewer: Viewer }) {
  const leases = await endedLately(viewer.ctx, viewer.now)
  if (leases.length === 0)
    return (
      <EmptyState icon="timer-off" heading="h2" title="Nothing of yours ended in the last 30 days">
        What ends stands here, with when it was seen gone.
      </EmptyState>
    )
  return <EndedRows leases={leases} now={viewer.now} zone={viewer.zone} />
}
