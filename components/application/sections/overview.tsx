import { ReviewCard } from '@/components/access-review/review-card'
import { BrakesCard } from '@/components/brakes/brakes-card'
import { FreezeButton } from '@/components/brakes/freeze-button'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import type { ApplicationReviews } from '@/lib/access-review-views'
import type { ApplicationPage } from '@/lib/application-views'
import type { DrillView } from '@/lib/drill-views'
import { formatDuration } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import { TestCard } from '../connection-cards'
import { type DrillActions, DrillCard } from '../drill-card'
import { HealthCard } from '../health-card'

type Props = {
  page: ApplicationPage
  now: Date
  zone: string
  /** Null without a connection. */
  drill: DrillView | null
  reviews: ApplicationReviews | null
  actions: DrillActions & { freeze: SendForm<{ frozen: boolean }>; thaw: SendForm<{ frozen: boolean }> }
}

/** How the application stands: what the last looks at its system said, who does it by hand, its access
 * review, and the brakes. */
export function OverviewSection({ page, drill, reviews, now, zone, actions }: Props) {
  const { connection } = page
  return (
    <div className="cols">
      <div className="stack gap-4!">
        {connection ? <HealthCard health={connection.health} now={now} zone={zone} /> : null}
        {connection ? <TestCard connection={connection} now={now} zone={zone} /> : null}
        {drill && !page.archivedAt ? (
          <DrillCard applicationId={page.id} drill={drill} now={now} zone={zone} actions={actions} />
        ) : null}
        {page.byHand ? <ByHandCard byHand={page.byHand} /> : null}
      </div>
      <div className="stack gap-4!">
        {reviews && (reviews.latest || reviews.canStart) ? (
          <ReviewCard applicationId={page.id} reviews={reviews} now={now} zone={zone} />
        ) : null}
        {page.can.brake ? (
          <BrakesCard words="Freezing stops giving and never taking. Both stand in the timeline with who and why.">
            <FreezeButton
              frozen={page.frozen}
              what={`giving on ${page.name}`}
              hidden={{ applicationId: page.id }}
              freeze={actions.freeze}
              thaw={actions.thaw}
            />
            {page.liveGrants > 0 ? (
              <LinkButton icon="undo" href={`/settings/take-back?application=${page.id}`}>
                Take everything back…
              </LinkButton>
            ) : null}
          </BrakesCard>
        ) : null}
        {page.liveGrants > 0 ? (
          <p className="hint row items-start! px-1">
            <Icon name="lock" size={14} />
            <span>
              Cannot be archived or pointed elsewhere:{' '}
              {page.liveGrants === 1 ? '1 live grant' : `${page.liveGrants} live grants`}.
            </span>
          </p>
        ) : null}
      </div>
    </div>
  )
}

function ByHandCard({ byHand }: { byHand: NonNullable<ApplicationPage['byHand']> }) {
  const { group, checklist, taskSeconds } = byHand
  return (
    <section className="card" aria-labelledby="by-hand">
      <div className="card-head">
        <h2 className="card-title" id="by-hand">
          By hand
        </h2>
      </div>
      <dl className="facts card-pad">
        <dt>Done by</dt>
        <dd>
          {group ? `${group.name}, ${group.size === 1 ? '1 person' : `${group.size} people`}` : 'nobody yet'}
        </dd>
        <dt>Time for a task</dt>
        <dd>{formatDuration(taskSeconds)}</dd>
        <dt>Checklist</dt>
        <dd className="whitespace-pre-line">{checklist ?? 'none'}</dd>
      </dl>
    </section>
  )
}
