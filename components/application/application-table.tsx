import type { Route } from 'next'
import { AppMark } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import type { ApplicationList } from '@/lib/application-views'
import { CredentialBadge } from './credential-end'
import { HealthBadge } from './health-badge'
import { HealthDots } from './health-dots'

/** The applications: how each is reached, who owns it, and what lives in it. Cards on a phone. */
export function ApplicationTable({ list, now }: { list: ApplicationList; now: Date }) {
  if (list.rows.length === 0)
    return (
      <div className="card mt-5">
        <EmptyState
          icon="boxes"
          title="No application yet"
          actions={
            list.canCreate ? (
              <LinkButton variant="primary" href="/settings/access-management/applications/new">
                Add the first application
              </LinkButton>
            ) : undefined
          }
        >
          An application is a system people work in. Connect it, or let people give and take its access by
          hand.
        </EmptyState>
      </div>
    )
  return (
    <div className="card mt-5 overflow-hidden">
      <table className="table settings-table">
        <colgroup>
          <col />
          <col style={{ width: '220px' }} />
          <col style={{ width: '22%' }} />
          <col style={{ width: '110px' }} />
          <col style={{ width: '110px' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Application</th>
            <th scope="col">Connection</th>
            <th scope="col">Owners</th>
            <th scope="col" className="r">
              Entitlements
            </th>
            <th scope="col" className="r">
              Live grants
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <span className="row min-w-0">
                  <AppMark name={row.name} size={32} />
                  <span className="cell2">
                    <Link className="b" href={`/settings/access-management/applications/${row.id}` as Route}>
                      {row.name}
                    </Link>
                    <small>{row.connector ?? 'Given and taken by people'}</small>
                  </span>
                </span>
              </th>
              <td data-label="Connection">
                {row.archived ? (
                  <Badge icon="ban">Archived</Badge>
                ) : (
                  <span className="conn-cell">
                    <HealthBadge health={row.health} />
                    <CredentialBadge endsAt={row.credentialEndsAt} now={now} />
                    <HealthDots dots={row.dots} />
                    {row.findings > 0 ? (
                      <Badge tone="warn" icon="git-compare">
                        {row.findings === 1 ? '1 finding' : `${row.findings} findings`}
                      </Badge>
                    ) : null}
                  </span>
                )}
              </td>
              <td data-label="Owners">
                {row.owners.length ? (
                  <span>{row.owners.join(', ')}</span>
                ) : (
                  <span className="c-warn b">no owner</span>
                )}
              </td>
              <td data-label="Entitlements" className="r num">
                {row.entitlements}
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
