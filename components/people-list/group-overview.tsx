import type { Route } from 'next'
import { Avatar } from '@/components/ui/avatar'
import { Icon } from '@/components/ui/icon'
import { Badge, Callout, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatClock } from '@/lib/format'
import type { GroupPage } from '@/lib/people-views'
import { type GroupActions, GroupActs, TakeGroupOut, TakeOut } from './group-acts'
import { Places, usesOf } from './group-uses'

type Props = { page: GroupPage; now: Date; zone: string; actions: GroupActions }

/** One group: who is in it, and where it is used. */
export function GroupOverview({ page, now, zone, actions }: Props) {
  return (
    <>
      <div className="page-head flex-wrap">
        <h1 className="page-title">{page.name}</h1>
        {page.active ? null : <Badge icon="ban">Deactivated</Badge>}
        {page.provisioner ? <Badge icon="lock">Kept by {page.provisioner}</Badge> : null}
        {page.managedBy === 'oidc' ? <Badge icon="lock">Kept by single sign-on</Badge> : null}
        {page.candidates ? <GroupActs page={page} actions={actions} /> : null}
      </div>
      {page.description ? <p className="page-sub">{page.description}</p> : null}
      {page.within.length > 0 ? (
        <p className="page-sub">
          In the {page.within.length === 1 ? 'group' : 'groups'}{' '}
          {page.within.map((outer, i) => (
            <span key={outer.id}>
              {i > 0 ? ', ' : ''}
              <Link href={`/settings/people/groups/${outer.id}` as Route}>{outer.name}</Link>
            </span>
          ))}
          : whoever is found through this one is found there as well.
        </p>
      ) : null}
      {page.provisioner ? (
        <p className="page-sub">
          {page.provisioner} provisions this group: its name and its members are changed there.
        </p>
      ) : null}
      <Trouble page={page} now={now} zone={zone} />
      <div className="person-cols">
        <Members page={page} actions={actions} />
        <Uses page={page} />
      </div>
    </>
  )
}

function Trouble({ page, now, zone }: Omit<Props, 'actions'>) {
  const { deactivatedAt, uses } = page
  if (deactivatedAt)
    return (
      <div className="mt-4">
        <Callout icon="ban">
          Deactivated {formatClock(deactivatedAt, zone, now)}. Nobody is found through it, neither to ask nor
          to decide.
        </Callout>
      </div>
    )
  if (uses.decides.length === 0 || page.size > 0) return null
  return (
    <div className="mt-4">
      <Callout tone="warn">
        Nobody is in it who could decide, and an empty group means nobody can, never everybody.
      </Callout>
    </div>
  )
}

function Members({ page, actions }: Pick<Props, 'page' | 'actions'>) {
  return (
    <section className="card" aria-labelledby="group-members">
      <div className="card-head">
        <h2 className="card-title" id="group-members">
          Members
        </h2>
        <span className="hint num">{page.members.length || ''}</span>
      </div>
      {page.members.length + page.groups.length === 0 ? (
        <EmptyState icon="users" title="Nobody is in this group" />
      ) : (
        <ul className="group-members">
          {page.groups.map((inner) => (
            <li key={inner.id}>
              <Icon name="network" className="ink2" />
              <span className="cell2 grow">
                <Link className="b" href={`/settings/people/groups/${inner.id}` as Route}>
                  {inner.name}
                </Link>
                <small>{inner.size === 1 ? '1 person' : `${inner.size} people`} through this group</small>
              </span>
              {inner.active ? null : <Badge icon="ban">Deactivated</Badge>}
              {page.groupCandidates ? (
                <TakeGroupOut page={page} inner={inner} action={actions.unnest} />
              ) : null}
            </li>
          ))}
          {page.members.map((member) => (
            <li key={member.id}>
              <Avatar name={member.name} />
              <span className="cell2 grow">
                <Link className="b" href={`/settings/people/${member.id}` as Route}>
                  {member.name}
                </Link>
                <small className="trunc" title={member.email}>
                  {[member.team, member.email].filter(Boolean).join(' · ')}
                </small>
              </span>
              {member.active ? null : (
                <Badge tone="off" icon="user-x">
                  Deactivated
                </Badge>
              )}
              {page.candidates && !page.managedBy ? (
                <TakeOut page={page} member={member} action={actions.takeOut} preview={actions.preview} />
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Uses({ page }: Pick<Props, 'page'>) {
  const uses = usesOf(page.uses)
  return (
    <section className="card" aria-labelledby="group-uses">
      <div className="card-head">
        <h2 className="card-title" id="group-uses">
          Where it is used
        </h2>
      </div>
      {uses.length === 0 ? (
        <EmptyState title="Nowhere" heading="h3">
          An access policy can name it: to ask, or to decide.
        </EmptyState>
      ) : (
        <dl className="group-use-facts card-pad">
          {uses.map(({ label, places, under }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <Places places={places} under={under} linked={page.opensPlaces} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
