import type { Metadata } from 'next'
import { ACCESS_REVIEWS } from '@/components/access-review/review-parts'
import { ReviewTable } from '@/components/access-review/review-table'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { notHere } from '@/lib/not-here'
import { listAccessReviews } from '@/lib/queries/access-reviews'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Access reviews' }

export default async function AccessReviewsPage() {
  const { ctx, now, zone } = await requireViewer()
  const list = await listAccessReviews(ctx)
  if (!list) return notHere()
  return (
    <PageFrame crumbs={[...accessCrumbs, { label: 'Access reviews' }]} className="screen-access-review">
      <div className="page-head flex-wrap">
        <h1 className="page-title">Access reviews</h1>
        {list.canStart ? (
          <div className="page-actions">
            <LinkButton variant="primary" icon="plus" href={`${ACCESS_REVIEWS}/new`}>
              Start access review
            </LinkButton>
          </div>
        ) : null}
      </div>
      <p className="page-sub">
        People look at who holds what, and keep or remove each with a reason, by a date.
      </p>
      <ReviewTable rows={list.rows} canStart={list.canStart} now={now} zone={zone} />
    </PageFrame>
  )
}
