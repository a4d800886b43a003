import type { Route } from 'next'
import type { ReactNode } from 'react'
import { TimeText } from '@/components/lease/lease-clock'
import { Timeline, type TimelineItem } from '@/components/timeline/timeline'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { Segmented } from '@/components/ui/tabs'
import type { AccessReviewPage } from '@/lib/access-review-views'
import { missedWords, reviewerNames, ruleWords, statusWords } from '@/lib/access-review-words'
import type { LineStatus } from '@/lib/domain/access-review'
import { formatClock } from '@/lib/format'
import { type TimelineEntryView, timelineWords } from '@/lib/timeline-words'
import { CannotBe } from './plan-card'
import { ACCESS_REVIEWS, LineBadge, LineWhat, Progress, ReviewBadge, Said, whoOf } from './review-parts'

type Props = {
  page: AccessReviewPage
  story: readonly TimelineEntryView[]
  /** Only lines that stand so; null for all. */
  show: LineStatus | null
  callOff: ReactNode
  now: Date
  zone: string
}

/** One access review as whoever started it and an auditor see it: progress, every line, and what happened. */
export function ReviewOverview({ page, story, show, callOff, now, zone }: Props) {
  const mine = page.lines.filter((line) => line.mine && line.status !== 'kept').length
  return (
    <>
      <div className="page-head flex-wrap">
        <h1 className="page-title">{page.name}</h1>
        <ReviewBadge row={page} />
        <div className="page-actions">
          {mine > 0 ? (
            <LinkButton variant="primary" icon="list-checks" href={`/approvals/access-reviews/${page.id}`}>
              Review {mine === 1 ? 'yours' : `your ${mine}`}
            </LinkButton>
          ) : null}
          <LinkButton icon="download" href={`${ACCESS_REVIEWS}/${page.id}/export`} download external>
            Export CSV
          </LinkButton>
          {callOff}
        </div>
      </div>
      <p className="page-sub">
        Who held what on {page.application.name} when it started, {formatClock(page.startedAt, zone, now)}.
        Reviewed by {page.rule === 'people' ? reviewerNames(page.named) : ruleWords[page.rule]}.
      </p>
      <div className="p-cols ar-cols">
        <Lines page={page} show={show} now={now} zone={zone} />
        <div className="stack gap-4!">
          <section className="card ar-facts" aria-labelledby="ar-facts">
            <div className="card-head">
              <h2 className="card-title" id="ar-facts">
                Progress
              </h2>
            </div>
            <div className="card-pad stack gap-3!">
              <Progress counts={page.counts} label={`Decided of ${page.name}`} />
              <dl className="facts">
                <dt>{page.closedAt ? (page.state === 'called_off' ? 'Called off' : 'Closed') : 'Due'}</dt>
                <dd>
                  <TimeText at={page.closedAt ?? page.until} now={now} zone={zone} />
                </dd>
                <dt>Kept</dt>
                <dd>{page.counts.kept}</dd>
                <dt>Removed</dt>
                <dd>{page.counts.removed}</dd>
                <dt>Missed</dt>
                <dd>{page.counts.missed}</dd>
                <dt>Ended meanwhile</dt>
                <dd>{page.counts.over}</dd>
                <dt>If nobody decides</dt>
                <dd>{missedWords[page.consequence]}</dd>
              </dl>
            </div>
          </section>
          <CannotBe plan={page} />
          <section className="card" aria-labelledby="ar-story">
            <div className="card-head">
              <h2 className="card-title" id="ar-story">
                What happened
              </h2>
            </div>
            <div className="card-pad">
              <Timeline
                entries={story.map((entry) => itemOf(entry, page, now, zone))}
                now={now}
                zone={zone}
              />
            </div>
          </section>
        </div>
      </div>
    </>
  )
}

function itemOf(entry: TimelineEntryView, page: AccessReviewPage, now: Date, zone: string): TimelineItem {
  const place = { zone, now, application: page.application.name }
  return { id: entry.id, at: entry.at, ...timelineWords(entry, place) }
}

const statuses = Object.keys(statusWords) as LineStatus[]

/** A status as an address says it; null where it says none that there is. */
export const shownStatus = (wanted: unknown): LineStatus | null =>
  statuses.find((status) => status === wanted) ?? null

function Lines({ page, show, now, zone }: Pick<Props, 'page' | 'show' | 'now' | 'zone'>) {
  const here = `${ACCESS_REVIEWS}/${page.id}`
  const lines = show ? page.lines.filter(({ status }) => status === show) : page.lines
  const some = statuses.filter((status) => page.counts[status] > 0 || status === show)
  return (
    <section className="card overflow-hidden" aria-labelledby="ar-lines">
      <div className="card-head">
        <h2 className="card-title" id="ar-lines">
          {page.lines.length === 1 ? '1 line' : `${page.lines.length} lines`}
        </h2>
      </div>
      {some.length > 1 ? (
        <div className="ar-show">
          <Segmented
            label="Lines by how they stand"
            items={[
              { href: here, label: 'All', current: show === null },
              ...some.map((status) => ({
                href: `${here}?show=${status}`,
                label: statusWords[status],
                count: page.counts[status],
                hot: status === 'missed',
                current: status === show,
              })),
            ]}
          />
        </div>
      ) : null}
      {lines.length === 0 ? <p className="hint card-pad">No line stands so.</p> : null}
      <ul className="ar-rows">
        {lines.map((line) => (
          <li className="ar-row" key={line.id}>
            <div className="grow min-w-0">
              <p className="ar-who">
                {line.grantId ? (
                  <Link className="b" href={`/settings/access-management/grants/${line.grantId}` as Route}>
                    {whoOf(line)}
                  </Link>
                ) : (
                  <b className="b">{whoOf(line)}</b>
                )}
                <LineBadge status={line.status} />
              </p>
              <p className="ink2">
                <LineWhat line={line} now={now} zone={zone} />
              </p>
              <p className="ink2">
                <Said line={line} page={page} now={now} zone={zone} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Where a review was just started. */
export function Started({ lines }: { lines: number }) {
  return (
    <Callout tone="ok" role="status">
      Started with {lines === 1 ? '1 line' : `${lines} lines`}. Every reviewer is being told.
    </Callout>
  )
}
