import type { Route } from 'next'
import { LinkButton } from '@/components/ui/button'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import type { SeparationList, SeparationRow } from '@/lib/separation-views'
import { ApartNames, EffectBadge, SEPARATION } from './rule-parts'

/** The rules: what each keeps apart, what it does, and how many hold two of it. Cards on a phone. */
export function RuleTable({ list }: { list: SeparationList }) {
  if (list.rows.length === 0)
    return (
      <div className="card mt-5">
        <EmptyState
          icon="split"
          title="Nothing is kept apart yet"
          actions={
            list.canEdit ? (
              <LinkButton variant="primary" href={`${SEPARATION}/new`}>
                Write the first rule
              </LinkButton>
            ) : undefined
          }
        >
          A rule names entitlements that nobody may hold together, such as making payments and approving them.
          Whoever asks for the other half is refused, or needs one more approval.
        </EmptyState>
      </div>
    )
  return (
    <div className="card mt-5 overflow-hidden">
      <table className="table settings-table">
        <colgroup>
          <col />
          <col style={{ width: '34%' }} />
          <col style={{ width: '24%' }} />
          <col style={{ width: '118px' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Kept apart</th>
            <th scope="col">What happens</th>
            <th scope="col" className="r">
              Hold two today
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ row }: { row: SeparationRow }) {
  return (
    <tr>
      <th scope="row">
        <span className="cell2">
          <Link className="b" href={`${SEPARATION}/${row.id}` as Route}>
            {row.name}
          </Link>
          <small>{row.reason}</small>
        </span>
      </th>
      <td data-label="Kept apart">
        <span>
          <ApartNames entitlements={row.entitlements} />
        </span>
      </td>
      <td data-label="What happens">
        <span className="cell2">
          <span>
            <EffectBadge row={row} />
          </span>
          {row.approvers && !row.archivedAt ? <small>by {row.approvers}</small> : null}
        </span>
      </td>
      <td data-label="Hold two today" className="r num">
        {row.holders ? (
          <Badge tone="warn" icon="users">
            {row.holders}
          </Badge>
        ) : (
          (row.holders ?? <span className="ink2">not all yours</span>)
        )}
      </td>
    </tr>
  )
}
