import { TimeText } from '@/components/lease/lease-clock'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import type { WaitingReview } from '@/lib/access-review-views'

type Props = { reviews: readonly WaitingReview[]; now: Date; zone: string }

/** Access reviews that have lines for the reader: on Home, and above the queue. Silent where there are none. */
export function WaitingReviews({ reviews, now, zone }: Props) {
  if (reviews.length === 0) return null
  return (
    <ul className="card ar-waiting" aria-label="Access reviews that wait for you">
      {reviews.map((review) => (
        <li className="ar-wait" key={review.id}>
          <span className="avatar avatar-32" aria-hidden="true">
            <Icon name="list-checks" />
          </span>
          <div className="grow min-w-0">
            <p>
              <b className="bb">Access review:</b>{' '}
              {review.lines === 1 ? '1 access' : `${review.lines} accesses`} on {review.application} to keep
              or remove
            </p>
            <p className="ink2 trunc">{review.name}</p>
            <p className="ar-wait-foot">
              <span className="hint">
                <TimeText at={review.until} now={now} zone={zone} lead="due" />
              </span>
              <LinkButton
                size="sm"
                href={`/approvals/access-reviews/${review.id}`}
                aria-label={`Review access on ${review.application}: ${review.name}`}
              >
                Review
              </LinkButton>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
