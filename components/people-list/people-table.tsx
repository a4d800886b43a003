import type { Route } from 'next'
import { Avatar } from '@/components/ui/avatar'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { awayShort } from '@/lib/away-words'
import type { PersonListRow } from '@/lib/people-views'

/** People with their team, manager, roles and groups. Cards on a phone. */
export function PeopleTable({
  rows,
  q,
  now,
  zone,
}: {
  rows: readonly PersonListRow[]
  q: string
  now: Date
  zone: string
}) {
  if (rows.length === 0)
    return (
      <div className="card mt-4">
        <EmptyState icon="users" title={q ? `Nobody matches “${q}”` : 'Nobody here'}>
          {q
            ? 'Search by name, e-mail address, team or title.'
            : 'People appear when they sign in for the first time.'}
        </EmptyState>
      </div>
    )
  return (
    <div className="card mt-4 overflow-hidden">
      <table className="table settings-table">
        <colgroup>
          <col />
          <col style={{ width: '12%' }} />
          <col style={{ width: '14%' }} />
          <col style={{ width: '13%' }} />
          <col style={{ width: '19%' }} />
          <col style={{ width: '92px' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Team</th>
            <th scope="col">Manager</th>
            <th scope="col">Roles</th>
            <th scope="col">Groups</th>
            <th scope="col" className="r">
              Live grants
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <span className="row min-w-0">
                  <Avatar name={row.name} />
                  <span className="cell2">
                    <Link className="b" href={`/settings/people/${row.id}` as Route}>
                      {row.name}
                    </Link>
                    <small className="trunc" title={row.email}>
                      {row.email}
                    </small>
                    {row.away ? <small>{awayShort(row.away, zone, now)}</small> : null}
                  </span>
                </span>
              </th>
              <td data-label="Team">
                <Or>{row.team}</Or>
              </td>
              <td data-label="Manager">
                <Or>{row.managerName}</Or>
              </td>
              <td data-label="Roles">
                <Roles roles={row.roles} active={row.active} />
              </td>
              <td data-label="Groups">
                <Or>{row.groups.join(', ')}</Or>
              </td>
              <td data-label="Live grants" className="r num">
                {row.liveGrants}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Or({ children }: { children: string | null }) {
  return children ? <span>{children}</span> : <span className="ink2">none</span>
}

/** What somebody is here, and whether they still are. */
export function Roles({ roles, active }: { roles: readonly string[]; active: boolean }) {
  if (active && roles.length === 0) return <span className="ink2">member</span>
  return (
    <span className="inline-flex flex-wrap gap-1.5">
      {active ? null : (
        <Badge tone="off" icon="user-x">
          Deactivated
        </Badge>
      )}
      {roles.map((role) => (
        <Badge key={role} tone="info">
          {role.charAt(0).toUpperCase() + role.slice(1)}
        </Badge>
      ))}
    </span>
  )
}
