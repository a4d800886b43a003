import type { Metadata } from 'next'
import { ACCESS_REVIEWS } from '@/components/access-review/review-parts'
import { StartForm } from '@/components/access-review/start-form'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { DAY, plus } from '@/lib/domain/duration'
import { wallClock } from '@/lib/forms/people'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { accessReviewForm } from '@/lib/queries/access-review-form'
import { requireViewer } from '@/lib/session'
import { preview, start } from '../actions'

export const metadata: Metadata = { title: 'Start access review' }

/** The date that is offered. */
const USUAL = 14 * DAY

export default async function NewAccessReviewPage({
  searchParams,
}: PageProps<'/settings/access-management/access-reviews/new'>) {
  const { ctx, now, zone } = await requireViewer()
  const { application } = await searchParams
  const wanted = typeof application === 'string' && isUuid(application) ? application : null
  const form = await accessReviewForm(ctx, wanted)
  if (!form) return notHere()
  return (
    <PageFrame
      className="screen-access-review"
      crumbs={[
        ...accessCrumbs,
        { label: 'Access reviews', href: ACCESS_REVIEWS },
        { label: 'Start access review' },
      ]}
    >
      <h1 className="page-title">Start access review</h1>
      <p className="page-sub">
        Everything that stands on an application at the start, leases and what is held for good, gets a line.
        You see who reviews what before anything starts.
      </p>
      <div className="mt-5 max-w-3xl">
        <StartForm
          key={form.chosen?.id}
          form={form}
          dueAt={wallClock(plus(now, USUAL), zone)}
          zone={zone}
          actions={{ preview, start }}
        />
      </div>
    </PageFrame>
  )
}
