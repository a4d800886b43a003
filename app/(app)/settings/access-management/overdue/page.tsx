import type { Metadata, Route } from 'next'
import { LeaseClock } from '@/components/lease/lease-clock'
import { ClosedTable } from '@/components/overdue/closed-table'
import { OverdueCard } from '@/components/overdue/overdue-card'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { notHere } from '@/lib/not-here'
import { overduePage } from '@/lib/queries/overdue'
import { requireViewer } from '@/lib/session'
import * as acts from './actions'

export const metadata: Metadata = { title: 'Overdue' }

export default async function OverduePage() {
  const { ctx, now, zone } = await requireViewer()
  const page = await overduePage(ctx, now)
  if (!page) return notHere()
  const { items, total, closed } = page
  return (
    <PageFrame crumbs={[...accessCrumbs, { label: 'Overdue' }]} className="screen-overdue">
      <div className="page-head">
        <h1 className="page-title">Overdue</h1>
      </div>
      <p className="page-sub">What should be gone and is not. We keep trying until it is seen gone.</p>
      <LeaseClock now={now}>
        {items.map((item) => (
          <OverdueCard key={item.row.id} item={item} now={now} zone={zone} acts={{ ...acts }} />
        ))}
      </LeaseClock>
      {total > items.length ? (
        <p className="hint mt-4">
          These are the {items.length} that are overdue for longest.{' '}
          <Link className="u" href={'/settings/access-management/grants?show=overdue' as Route}>
            All {total.toLocaleString('en')}
          </Link>
        </p>
      ) : null}
      {total === 0 ? (
        <div className="card mt-4">
          <EmptyState icon="shield-check" title="Nothing is overdue">
            Every access that should be gone was seen gone.
          </EmptyState>
        </div>
      ) : null}
      <ClosedTable rows={closed} now={now} zone={zone} />
    </PageFrame>
  )
}
