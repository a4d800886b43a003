import type { Route } from 'next'
import { TimeText } from '@/components/lease/lease-clock'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import type { AccessReviewRow } from '@/lib/access-review-views'
import { ACCESS_REVIEWS, Progress, ReviewBadge } from './review-parts'

type Props = { rows: readonly AccessReviewRow[]; canStart: boolean; now: Date; zone: string }

/** Access reviews: of what, how far, until when. Cards on a phone. */
export function ReviewTable({ rows, canStart, now, zone }: Props) {
  if (rows.length === 0)
    return (
      <div className="card mt-5">
        <EmptyState
          icon="list-checks"
          title="No access review yet"
          actions={
            canStart ? (
              <LinkButton variant="primary" href={`${ACCESS_REVIEWS}/new`}>
                Start the first one
              </LinkButton>
            ) : undefined
          }
        >
          In an access review people look at who holds what on an application, and keep or remove each with a
          reason, by a date.
        </EmptyState>
      </div>
    )
  return (
    <div className="card mt-5 overflow-hidden">
      <table className="table settings-table">
        <colgroup>
          <col />
          <col style={{ width: '22%' }} />
          <col style={{ width: '24%' }} />
          <col style={{ width: '20%' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Access review</th>
            <th scope="col">Status</th>
            <th scope="col">Decided</th>
            <th scope="col">Date</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <span className="cell2">
                  <Link className="b" href={`${ACCESS_REVIEWS}/${row.id}` as Route}>
                    {row.name}
                  </Link>
                  <small>
                    {row.application.name}, started by {row.startedBy}
                  </small>
                </span>
              </th>
              <td data-label="Status">
                <ReviewBadge row={row} />
              </td>
              <td data-label="Decided">
                <Progress counts={row.counts} label={`Decided of ${row.name}`} />
              </td>
              <td data-label="Date">
                <TimeText
                  at={row.closedAt ?? row.until}
                  now={now}
                  zone={zone}
                  lead={row.closedAt ? (row.state === 'called_off' ? 'called off' : 'closed') : 'due'}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
