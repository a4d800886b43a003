import type { Route } from 'next'
import { EntitlementName } from '@/components/request/entitlement-name'
import { LinkButton } from '@/components/ui/button'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatDurationShort } from '@/lib/format'
import type { PolicyList, PolicyListRow } from '@/lib/policy-views'
import { plain, policyWords } from '@/lib/policy-words'
import { PolicyBadge } from './policy-overview'

/** The policies: what each offers, for how long, and how many live under it. Cards on a phone. */
export function PolicyTable({ list }: { list: PolicyList }) {
  if (list.rows.length === 0)
    return (
      <div className="card mt-5">
        <EmptyState
          icon="scroll-text"
          title="No access policy yet"
          actions={
            list.canCreate ? (
              <LinkButton variant="primary" href="/settings/access-management/policies/new">
                Write the first policy
              </LinkButton>
            ) : undefined
          }
        >
          Until a policy offers something, the catalogue is empty. A policy says who may ask for what, who has
          to agree and for how long.
        </EmptyState>
      </div>
    )
  return (
    <div className="card mt-5 overflow-hidden">
      <table className="table settings-table">
        <colgroup>
          <col />
          <col style={{ width: '22%' }} />
          <col style={{ width: '26%' }} />
          <col className="not-tablet" style={{ width: '12%' }} />
          <col style={{ width: '84px' }} />
          <col style={{ width: '84px' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col">Status</th>
            <th scope="col">Offers</th>
            <th scope="col" className="not-tablet">
              Lengths
            </th>
            <th scope="col" className="r">
              Live grants
            </th>
            <th scope="col" className="r">
              Pending
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <Row key={row.id} row={row} list={list} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ row, list }: { row: PolicyListRow; list: PolicyList }) {
  const offers = row.definition ? policyWords(row.definition, list.names).entitlements : []
  return (
    <tr>
      <th scope="row">
        <span className="cell2">
          <Link className="b" href={`/settings/access-management/policies/${row.id}` as Route}>
            {row.name}
          </Link>
          {row.description ? <small>{row.description}</small> : null}
        </span>
      </th>
      <td data-label="Status">
        <span className="inline-flex flex-wrap gap-1.5">
          <PolicyBadge archived={row.archived} number={row.number} hasDraft={row.hasDraft} />
          <GapBadge gap={row.gap} />
        </span>
      </td>
      <td data-label="Offers">
        <span>
          {offers.flat().map((piece, i) =>
            typeof piece === 'string' ? (
              // A cell is no sentence: without its full stop.
              piece.replace(/\.$/, '')
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence in their order.
              <EntitlementName key={i} name={plain([piece])} />
            ),
          )}
        </span>
      </td>
      <td data-label="Lengths" className="not-tablet">
        {row.definition ? lengthsOf(row) : ''}
      </td>
      <td data-label="Live grants" className="r num">
        {row.liveGrants}
      </td>
      <td data-label="Pending" className="r num">
        {row.pending}
      </td>
    </tr>
  )
}

/** Says at a glance that a request under this policy could find nobody who may agree. */
function GapBadge({ gap }: Pick<PolicyListRow, 'gap'>) {
  if (!gap) return null
  const all = gap.blocked === gap.eligible
  return (
    <Badge tone={all ? 'bad' : 'warn'} icon="triangle-alert">
      {all ? 'Nobody could agree' : `Nobody could agree for ${gap.blocked} of ${gap.eligible}`}
    </Badge>
  )
}

function lengthsOf({ definition }: PolicyListRow): string {
  if (!definition) return ''
  if (definition.mode === 'permanent') return 'Permanent'
  return definition.presets
    .filter((p) => p.seconds > 0)
    .map((p) => formatDurationShort(p.seconds))
    .join(', ')
}
