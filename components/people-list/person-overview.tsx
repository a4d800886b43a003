import type { Route } from 'next'
import type { ReactNode } from 'react'
import { BrakesCard } from '@/components/brakes/brakes-card'
import { LeaseClock, LeaseText, LiveLeaseBar } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Avatar } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Callout, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatClock, zoneLabel } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { PersonPage } from '@/lib/people-views'
import type { LeaseView } from '@/lib/views'
import { DeactivatePerson, type PersonActions } from './deactivate-person'
import { Roles } from './people-table'
import { PersonRoles } from './person-roles'
import { ReactivatePerson } from './reactivate-person'

type Props = {
  page: PersonPage
  now: Date
  zone: string
  canOpen: boolean
  /** What there is to say and to do about being away. */
  away: ReactNode
  /** Where they are signed in, for whoever may see it. */
  sessions: ReactNode
  /** Whoever looks is this person. */
  self: boolean
  actions: PersonActions & { reactivate: SendForm<null>; setRole: SendForm<null> }
}

/** One person: who they are here, what they hold, and what they held. */
export function PersonOverview({ page, now, zone, canOpen, away, sessions, self, actions }: Props) {
  return (
    <LeaseClock now={now}>
      <div className="row flex-wrap gap-3.5!">
        <Avatar name={page.name} size={40} />
        <div className="min-w-0 grow">
          <h1 className="page-title">{page.name}</h1>
          <p className="ink2">
            {[page.title, page.team].filter(Boolean).join(', ')}
            {page.title || page.team ? ' · ' : ''}
            {page.email}
          </p>
        </div>
        <Roles roles={page.roles} active={page.active} />
        {page.canEdit ? (
          <LinkButton icon="pencil" href={`/settings/people/${page.id}/edit`}>
            Edit
          </LinkButton>
        ) : null}
        {page.deactivate ? (
          <DeactivatePerson page={page} refusal={page.deactivate.refusal} self={self} {...actions} />
        ) : null}
        {page.canReactivate ? <ReactivatePerson page={page} reactivate={actions.reactivate} /> : null}
      </div>
      {page.deactivatedAt ? (
        <div className="mt-4">
          <Callout icon="user-x">
            Deactivated {formatClock(page.deactivatedAt, zone, now)}. They cannot sign in or ask, and what
            they held is taken back.
          </Callout>
        </div>
      ) : null}
      <div className="person-cols">
        <div className="stack gap-4!">
          <Grants
            title="Holds now"
            empty="Holds nothing at present."
            rows={page.holds}
            {...{ now, zone, canOpen }}
          />
          <Grants
            title="Held before"
            empty="Nothing has ended yet."
            rows={page.held}
            {...{ now, zone, canOpen }}
          />
          {page.partly ? (
            <p className="hint px-1">Only grants of the applications you own are listed.</p>
          ) : null}
        </div>
        <div className="stack gap-4!">
          <Facts page={page} now={now} />
          {page.roleChanges ? (
            <PersonRoles page={page} changes={page.roleChanges} self={self} setRole={actions.setRole} />
          ) : null}
          {away}
          {sessions}
          {page.canTakeBack && page.holds.length > 0 ? (
            <BrakesCard words={`Takes back at once what ${page.name} holds, and calls off what is agreed.`}>
              <LinkButton icon="undo" href={`/settings/take-back?person=${page.id}`}>
                Take everything back…
              </LinkButton>
            </BrakesCard>
          ) : null}
          {page.canErase ? (
            <section className="card card-pad stack" aria-labelledby="person-data">
              <h2 className="card-title" id="person-data">
                Personal data
              </h2>
              <p className="ink2">What timeline entries say of {page.name} can be erased for good.</p>
              <div>
                <LinkButton icon="trash" href={`/settings/people/${page.id}/erase`}>
                  Erase personal data…
                </LinkButton>
              </div>
            </section>
          ) : null}
        </div>
      </div>
    </LeaseClock>
  )
}

function Facts({ page, now }: { page: PersonPage; now: Date }) {
  return (
    <section className="card" aria-labelledby="person-facts">
      <div className="card-head">
        <h2 className="card-title" id="person-facts">
          In the organisation
        </h2>
      </div>
      <dl className="facts card-pad">
        <dt>Manager</dt>
        <dd>
          {page.manager ? (
            <>
              <Link href={`/settings/people/${page.manager.id}` as Route}>{page.manager.name}</Link>
              {page.manager.active ? '' : ' (deactivated)'}
            </>
          ) : (
            'none'
          )}
        </dd>
        <dt>Manages</dt>
        <dd>{page.reports === 0 ? 'nobody' : page.reports === 1 ? '1 person' : `${page.reports} people`}</dd>
        <dt>Groups</dt>
        <dd>
          {page.groups.length
            ? page.groups.map((group, i) => (
                <span key={group.id}>
                  {i > 0 ? ', ' : ''}
                  {page.opensGroups ? (
                    <Link href={`/settings/people/groups/${group.id}` as Route}>{group.name}</Link>
                  ) : (
                    group.name
                  )}
                  {group.active ? (group.through ? ' (through another group)' : '') : ' (deactivated)'}
                </span>
              ))
            : 'none'}
        </dd>
        <dt>Owns</dt>
        <dd>
          {page.owns.length
            ? page.owns.map((place, i) => (
                <span key={place.id}>
                  {i > 0 ? ', ' : ''}
                  {place.name}
                </span>
              ))
            : 'no application'}
        </dd>
        <dt>Time zone</dt>
        <dd>{page.zone ? zoneLabel(page.zone, now) : 'the organisation’s'}</dd>
        <dt>Dates and times</dt>
        <dd>{page.locale ?? 'as usual'}</dd>
      </dl>
    </section>
  )
}

type GrantsProps = {
  title: string
  empty: string
  rows: readonly LeaseView[]
  now: Date
  zone: string
  canOpen: boolean
}

function Grants({ title, empty, rows, now, zone, canOpen }: GrantsProps) {
  const id = title.toLowerCase().replaceAll(' ', '-')
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 className="card-title" id={id}>
          {title}
        </h2>
        <span className="hint num">{rows.length || ''}</span>
      </div>
      {rows.length === 0 ? (
        <EmptyState title={empty} />
      ) : (
        <ul className="person-grants">
          {rows.map((row) => (
            <li key={row.id}>
              <span className="cell2">
                {canOpen ? (
                  <Link className="b" href={`/settings/access-management/grants/${row.id}` as Route}>
                    <EntitlementName name={row.entitlement.name} />
                  </Link>
                ) : (
                  <span className="b">
                    <EntitlementName name={row.entitlement.name} />
                  </span>
                )}
                <small>{row.application.name}</small>
              </span>
              <span className="min-w-0">
                <LeaseText facts={row.times} now={now} zone={zone} />
                <LiveLeaseBar facts={row.times} now={now} zone={zone} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
