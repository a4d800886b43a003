'use client'

import type { ReactNode } from 'react'
import type { DataColumn } from '@/components/data-table'
import { LeaseText, LiveLeaseBar } from '@/components/lease/lease-clock'
import { PersonCell } from '@/components/people/person'
import { EntitlementName } from '@/components/request/entitlement-name'
import { AppMark } from '@/components/ui/avatar'
import { Icon } from '@/components/ui/icon'
import { formatClock, formatDurationShort } from '@/lib/format'
import { columnLabels, type GrantColumn } from '@/lib/grant-url'
import type { GrantListRow } from '@/lib/grant-views'
import { askedEndOf, leaseFactsOf } from './lease-facts'
import { NoticeCell } from './notice-cell'
import { StatusCell } from './status-badge'

interface CellFacts {
  readonly now: Date
  readonly zone: string
  /** Whether the entitlement's cell must name the application, for want of a column that does. */
  readonly nameApplication?: boolean
}

const widths: Record<GrantColumn, number | undefined> = {
  application: 138,
  entitlement: 132,
  status: 160,
  granted: 124,
  expiry: 250,
  notice: 142,
  reason: 200,
  policy: 150,
}
const unsortable: ReadonlySet<GrantColumn> = new Set(['notice', 'reason', 'policy'])

/** The table's columns; `menu` is the acts of a row. */
export function grantTableColumns(
  facts: CellFacts,
  menu: (row: GrantListRow) => ReactNode,
): DataColumn<GrantListRow>[] {
  const column = (id: GrantColumn, cell: (row: GrantListRow) => ReactNode, className?: string) => ({
    id,
    header: columnLabels[id],
    cell,
    width: widths[id],
    sortable: !unsortable.has(id),
    hideable: true,
    className,
  })
  return [
    {
      id: 'person',
      header: 'Person',
      cell: (row) => <PersonCell name={row.person.name} sub={row.person.team ?? undefined} />,
      width: 152,
      sortable: true,
      lead: true,
    },
    column('application', (row) => (
      <span className="row">
        <AppMark name={row.application.name} />
        <span className="trunc">{row.application.name}</span>
      </span>
    )),
    column('entitlement', (row) => (
      <span className="cell2">
        <span className="trunc" title={row.entitlement.name}>
          <EntitlementName name={row.entitlement.name} />
        </span>
        {facts.nameApplication ? <small className="trunc">{row.application.name}</small> : null}
        {row.emergency ? (
          <small className="row row-4 text-(--bad)!">
            <Icon name="triangle-alert" size={12} />
            Emergency
          </small>
        ) : null}
        {row.preexisting ? (
          <small className="row row-4">
            <Icon name="pin" size={12} />
            held before, stays
          </small>
        ) : null}
      </span>
    )),
    column('status', (row) => <StatusCell row={row} now={facts.now} />),
    column('granted', (row) => <GrantedCell row={row} {...facts} />),
    column('expiry', (row) => <ExpiryCell row={row} {...facts} />, 'c-exp'),
    column('notice', (row) => <NoticeCell row={row} {...facts} />, 'num'),
    column('reason', (row) => (
      <span className="trunc block ink2" title={row.reason ?? undefined}>
        {row.reason || 'none'}
      </span>
    )),
    column('policy', (row) => <span className="trunc block">{row.policy}</span>),
    {
      id: 'menu',
      header: 'Actions',
      hideHeader: true,
      width: 46,
      cell: menu,
      className: 'c-more',
    },
  ]
}

function GrantedCell({ row, now, zone }: CellFacts & { row: GrantListRow }) {
  if (!row.grantedAt)
    return (
      <span className="ink2">{row.state === 'failed' || row.state === 'ended' ? 'never' : 'not yet'}</span>
    )
  return (
    <span className="cell2 num">
      <span className="trunc">{formatClock(row.grantedAt, zone, now)}</span>
      <small>{row.durationSeconds === null ? 'permanent' : formatDurationShort(row.durationSeconds)}</small>
    </span>
  )
}

/** Words and bar of one lease; the card on a phone shows the same two. */
export function ExpiryCell({ row, now, zone }: CellFacts & { row: GrantListRow }) {
  const facts = leaseFactsOf(row)
  return (
    <>
      <LeaseText facts={facts} now={now} zone={zone} style="column" />
      <LiveLeaseBar facts={facts} now={now} zone={zone} ghostEnd={askedEndOf(row)} />
    </>
  )
}
