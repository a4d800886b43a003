import type { Metadata } from 'next'
import { ReviewLines } from '@/components/access-review/review-lines'
import { TimeText } from '@/components/lease/lease-clock'
import { Quote } from '@/components/people/person'
import { PageFrame } from '@/components/shell/page-frame'
import { Callout } from '@/components/ui/labels'
import { missedWords } from '@/lib/access-review-words'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { accessReviewPage } from '@/lib/queries/access-reviews'
import { requireViewer } from '@/lib/session'
import { decide } from './actions'

export const metadata: Metadata = { title: 'Review access' }

/** A reviewer's lines of one access review. */
export default async function ReviewAccessPage({ params }: PageProps<'/approvals/access-reviews/[review]'>) {
  const { ctx, now, zone } = await requireViewer()
  const { review: id } = await params
  const page = isUuid(id) ? await accessReviewPage(ctx, id, now, 'mine') : null
  if (!page) return notHere()
  const running = page.state === 'open' || page.state === 'escalated'
  return (
    <PageFrame
      className="screen-access-review"
      crumbs={[{ label: 'Approvals', href: '/approvals' }, { label: page.name }]}
    >
      <h1 className="page-title">Review access on {page.application.name}</h1>
      <p className="page-sub">
        Does each of them still need it? {page.startedBy} started “{page.name}”
        {running ? (
          <>
            , <TimeText at={page.until} now={now} zone={zone} lead="due" />
          </>
        ) : null}
        .
      </p>
      {page.instructions ? (
        <div className="mt-3 max-w-3xl">
          <Quote from={page.startedBy}>{page.instructions}</Quote>
        </div>
      ) : null}
      {running ? (
        <p className="hint mt-3 max-w-3xl">
          At its date:{' '}
          {page.state === 'escalated'
            ? 'What nobody decided on stays marked as missed. Nothing is taken.'
            : missedWords[page.consequence]}
        </p>
      ) : (
        <div className="mt-3 max-w-3xl">
          <Callout>This access review is over. What you decided stands below.</Callout>
        </div>
      )}
      <ReviewLines page={page} decide={decide} now={now} zone={zone} />
    </PageFrame>
  )
}
