import type { Route } from 'next'
import NextLink from 'next/link'
import { Avatar } from '@/components/ui/avatar'
import { Badge, Callout, EmptyState } from '@/components/ui/labels'
import { formatClock } from '@/lib/format'
import type { GroupPage } from '@/lib/people-views'
import { type GroupActions, GroupActs, TakeOut } from './group-acts'
import { Places, usesOf } from './group-uses'

/** Who says who is in a group, where that is not done here. */
const keepers = { scim: 'the directory (SCIM)', oidc: 'single sign-on' } as const

type Props = { page: GroupPage; now: Date; zone: string; actions: GroupActions }

/** One group: who is in it, and where it is used. */
export function GroupOverview({ page, now, zone, actions }: Props) {
  return (
    <>
      <div className="page-head flex-wrap">
        <h1 className="page-title">{page.name}</h1>
        {page.active ? null : <Badge icon="ban">Deactivated</Badge>}
        {page.managedBy ? <Badge icon="lock">Kept by {keepers[page.managedBy]}</Badge> : null}
        {page.candidates ? <GroupActs page={page} actions={actions} /> : null}
      </div>
      {page.description ? <p className="page-sub">{page.description}</p> : null}
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
  if (uses.decides.length === 0 || page.members.some((m) => m.active)) return null
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
      {page.members.length === 0 ? (
        <EmptyState icon="users" title="Nobody is in this group" />
      ) : (
        <ul className="group-members">
          {page.members.map((member) => (
            <li key={member.id}>
              <Avatar name={member.name} />
              <span className="cell2 grow">
                <NextLink className="b" href={`/settings/people/${member.id}` as Route}>
                  {member.name}
                </NextLink>
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
