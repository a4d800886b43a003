import type { Route } from 'next'
import { TimeText } from '@/components/lease/lease-clock'
import { LinkButton } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import type { ApplicationReviews } from '@/lib/access-review-views'
import { ACCESS_REVIEWS, Progress, ReviewBadge } from './review-parts'

type Props = { applicationId: string; reviews: ApplicationReviews; now: Date; zone: string }

/** On an application: its running access review, else its last one, and the way to start one. */
export function ReviewCard({ applicationId, reviews: { latest, canStart }, now, zone }: Props) {
  const running = latest !== null && latest.closedAt === null
  return (
    <section className="card" aria-labelledby="access-review">
      <div className="card-head">
        <h2 className="card-title" id="access-review">
          Access review
        </h2>
      </div>
      <div className="card-pad stack gap-3!">
        {latest ? (
          <>
            <p className="row flex-wrap">
              <Link className="b" href={`${ACCESS_REVIEWS}/${latest.id}` as Route}>
                {latest.name}
              </Link>
              <ReviewBadge row={latest} />
            </p>
            <Progress counts={latest.counts} label={`Decided of ${latest.name}`} />
            <p className="ink2">
              <TimeText
                at={latest.closedAt ?? latest.until}
                now={now}
                zone={zone}
                lead={running ? 'due' : latest.state === 'called_off' ? 'called off' : 'closed'}
              />
            </p>
          </>
        ) : (
          <p className="ink2">Nobody has looked yet at who holds what here, line by line.</p>
        )}
        {canStart ? (
          <div className="row">
            <LinkButton icon="list-checks" href={`${ACCESS_REVIEWS}/new?application=${applicationId}`}>
              Review access
            </LinkButton>
          </div>
        ) : null}
      </div>
    </section>
  )
}
