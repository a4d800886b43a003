import type { Route } from 'next'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { formatClock, formatLateness } from '@/lib/format'
import type { ClosedItem } from '@/lib/overdue-views'

interface Props {
  readonly rows: readonly ClosedItem[]
  readonly now: Date
  readonly zone: string
}

/** What was overdue in the last 30 days and is closed, and how. */
export function ClosedTable({ rows, now, zone }: Props) {
  if (rows.length === 0) return null
  return (
    <section className="section mt-5" aria-labelledby="closed">
      <div className="section-head">
        <h2 id="closed" className="section-title">
          Closed in the last 30 days
        </h2>
      </div>
      <ul className="card o-closed">
        {rows.map((row) => (
          <li key={row.id}>
            <Link className="b wrap-anywhere" href={`/settings/access-management/grants/${row.id}` as Route}>
              {row.person}
            </Link>
            <span className="wrap-anywhere">
              {row.entitlement} <span className="ink2">{row.application}</span>
            </span>
            <span className="num">{row.lateMs === null ? '' : `${formatLateness(row.lateMs)} late`}</span>
            <How row={row} at={formatClock(row.closedAt, zone, now)} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function How({ row, at }: { row: ClosedItem; at: string }) {
  if (row.how === 'attested')
    return (
      <span className="row row-6">
        <Icon name="users" size={14} className="c-warn" />
        <span>
          Attested {at} <span className="ink2">by {row.by.join(' and ')}</span>
        </span>
      </span>
    )
  return (
    <span className="row row-6">
      <Icon
        name={row.how === 'seen' ? 'shield-check' : 'triangle-alert'}
        size={14}
        className={row.how === 'seen' ? 'c-ok' : 'c-warn'}
      />
      <span>
        {row.how === 'seen' ? 'Seen absent' : 'Said to be gone, not verified'} {at}
      </span>
    </span>
  )
}
