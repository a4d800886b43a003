import type { Metadata } from 'next'
import { cache } from 'react'
import { CallOff } from '@/components/access-review/call-off'
import { ReviewOverview, Started, shownStatus } from '@/components/access-review/review-overview'
import { ACCESS_REVIEWS } from '@/components/access-review/review-parts'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { accessReviewPage, accessReviewStory } from '@/lib/queries/access-reviews'
import { requireViewer } from '@/lib/session'
import { callOff } from '../actions'

const load = cache(async (id: string) => {
  const viewer = await requireViewer()
  return { viewer, page: isUuid(id) ? await accessReviewPage(viewer.ctx, id, viewer.now, 'all') : null }
})

export async function generateMetadata({
  params,
}: PageProps<'/settings/access-management/access-reviews/[review]'>): Promise<Metadata> {
  const { page } = await load((await params).review)
  return { title: page?.name ?? 'Access review' }
}

export default async function AccessReviewOverviewPage({
  params,
  searchParams,
}: PageProps<'/settings/access-management/access-reviews/[review]'>) {
  const { viewer, page } = await load((await params).review)
  if (!page) return notHere()
  const { started, show } = await searchParams
  return (
    <PageFrame
      className="screen-policy screen-access-review"
      crumbs={[...accessCrumbs, { label: 'Access reviews', href: ACCESS_REVIEWS }, { label: page.name }]}
    >
      {started && page.state === 'open' ? (
        <div className="mb-4 max-w-3xl">
          <Started lines={page.lines.length} />
        </div>
      ) : null}
      <ReviewOverview
        page={page}
        story={await accessReviewStory(viewer.ctx, page.id)}
        show={shownStatus(show)}
        callOff={page.can.callOff ? <CallOff id={page.id} name={page.name} act={callOff} /> : null}
        now={viewer.now}
        zone={viewer.zone}
      />
    </PageFrame>
  )
}
