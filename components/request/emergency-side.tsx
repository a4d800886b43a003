import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { nameList } from '@/lib/asking-words'
import { formatClock } from '@/lib/format'
import { reviewVerdictWords } from '@/lib/review-words'
import type { EmergencyReview, RequestView } from '@/lib/views'

type SideProps = {
  details: { request: RequestView; policyName: string; mine: boolean }
  review: EmergencyReview | null
  justTaken: boolean
  now: Date
  zone: string
}

/** How an emergency access came about instead of who agreed to it, and how its review stands. */
export function EmergencySide({ details, review, justTaken, now, zone }: SideProps) {
  const { request, mine, policyName } = details
  const state = request.grant?.times.state
  const over = state === 'ended' || state === 'failed'
  return (
    <>
      {justTaken && !over ? (
        <Callout tone="warn" role="status">
          <p>Taken. The owners and admins are told now; you get a mail as soon as it is given.</p>
        </Callout>
      ) : null}
      <div>
        <h2 className="panel-title">Emergency access</h2>
        <p>Nobody was asked. Owners and admins were told when it was taken, and it cannot be extended.</p>
        <p className="quiet">Policy: {policyName}</p>
      </div>
      <div>
        <h2 className="panel-title">Its review</h2>
        {review ? (
          <Review review={review} mine={mine} now={now} zone={zone} />
        ) : (
          <p>
            {over
              ? 'Nothing was given, so there is nothing to review.'
              : `It is reviewed when it is over. Until then ${mine ? 'you' : 'its holder'} can take no other.`}
          </p>
        )}
      </div>
    </>
  )
}

function Review({
  review,
  mine,
  now,
  zone,
}: {
  review: EmergencyReview
  mine: boolean
  now: Date
  zone: string
}) {
  const { done, reviewers, dueAt, mayReview, taskId } = review
  if (done)
    return (
      <>
        <p>
          <b className="b">{reviewVerdictWords[done.verdict]}</b>, says {done.by}{' '}
          {formatClock(done.at, zone, now)}.
        </p>
        <p className="ink2">“{done.note}”</p>
      </>
    )
  return (
    <>
      <p>
        Not reviewed yet, due {formatClock(dueAt, zone, now)}.{' '}
        {reviewers.length > 0
          ? `${nameList(reviewers, 'or')} can do it.`
          : 'Nobody can at present: there is no other owner and no other admin.'}{' '}
        Until then {mine ? 'you' : 'its holder'} can take no other.
      </p>
      {mayReview ? (
        <p className="mt-2">
          <LinkButton variant="primary" href={`/approvals/tasks/${taskId}`}>
            Review it
          </LinkButton>
        </p>
      ) : null}
    </>
  )
}
