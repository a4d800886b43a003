import type { Route } from 'next'
import { Icon } from '@/components/ui/icon'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import type { GroupListRow } from '@/lib/people-views'
import { Places, usesOf } from './group-uses'

/** The groups: how many are in each, and where it is used. Cards on a phone. */
export function GroupTable({ rows }: { rows: readonly GroupListRow[] }) {
  if (rows.length === 0)
    return (
      <div className="card mt-4">
        <EmptyState icon="network" title="No group yet">
          A group is a set of people that access policies can name: to ask, to decide, or to give and take by
          hand.
        </EmptyState>
      </div>
    )
  return (
    <div className="card mt-4 overflow-hidden">
      <table className="table settings-table">
        <colgroup>
          <col style={{ width: '36%' }} />
          <col style={{ width: '110px' }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" className="r">
              Members
            </th>
            <th scope="col">Used</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <span className="row min-w-0 items-start!">
                  <Icon name="network" className="ink2 mt-0.5" />
                  <span className="cell2">
                    <span className="row flex-wrap">
                      <Link className="b" href={`/settings/people/groups/${row.id}` as Route}>
                        {row.name}
                      </Link>
                      {row.active ? null : <Badge icon="ban">Deactivated</Badge>}
                      {row.provisioner ? <Badge icon="lock">Kept by {row.provisioner}</Badge> : null}
                    </span>
                    {row.description ? <small>{row.description}</small> : null}
                  </span>
                </span>
              </th>
              <td data-label="Members" className="r num">
                {row.size === 0 && row.active && row.uses.decides.length > 0 ? (
                  <span className="c-warn b">nobody</span>
                ) : (
                  row.size
                )}
              </td>
              <td data-label="Used">
                <Uses row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Uses({ row }: { row: GroupListRow }) {
  const uses = usesOf(row.uses)
  if (uses.length === 0) return <span className="ink2">nowhere</span>
  return (
    <span className="group-uses">
      {uses.map(({ label, places, under }) => (
        <span key={label}>
          <span className="ink2">{label}</span> <Places places={places} under={under} linked={false} />
        </span>
      ))}
    </span>
  )
}
