import { Icon } from '@/components/ui/icon'
import { Badge } from '@/components/ui/labels'
import type { DirectoryPage, ScimClientView, ScimTokenView } from '@/lib/directory-views'
import { formatClock } from '@/lib/format'
import { type ClientActions, Disconnect, NewTokenButton, RevokeToken } from './client-acts'

type Times = { now: Date; zone: string }
type Props = Times & { client: ScimClientView; page: DirectoryPage; actions: ClientActions }

/** A connected client: what it provisions, and its tokens. */
export function ClientCard({ client, page, now, zone, actions }: Props) {
  const heading = `client-${client.id}`
  return (
    <section className="card" aria-labelledby={heading}>
      <div className="card-head">
        <h2 className="card-title" id={heading}>
          {client.name}
        </h2>
        <span className="hint">
          {counted(client.people, 'person', 'people')}, {counted(client.groups, 'group', 'groups')}
        </span>
        <span className="grow" />
        {page.mayEdit ? <Disconnect client={client} action={actions.disconnect} /> : null}
      </div>
      <ul className="group-members">
        {client.tokens.map((token) => (
          <li key={token.id}>
            <Icon name="key" className="ink2" />
            <Token token={token} wall={page.wall} now={now} zone={zone} />
            {page.mayEdit ? (
              <RevokeToken
                client={client}
                token={token}
                last={client.tokens.length === 1}
                action={actions.revokeToken}
              />
            ) : null}
          </li>
        ))}
        {client.tokens.length === 0 ? (
          <li>
            <Icon name="ban" className="ink2" />
            <span className="grow">No token is taken: {client.name} is shut out.</span>
          </li>
        ) : null}
      </ul>
      <div className="card-pad row flex-wrap">
        <span className="hint grow">
          Connected {formatClock(client.createdAt, zone, now)}
          {client.createdBy ? ` by ${client.createdBy}` : ''}.
        </span>
        {page.mayEdit ? (
          <NewTokenButton
            client={client}
            offered={client.tokens.length < page.tokensAtOnce}
            action={actions.addToken}
          />
        ) : null}
      </div>
    </section>
  )
}

function Token({ token, wall, now, zone }: Times & { token: ScimTokenView; wall: Date }) {
  const { createdAt, createdBy, lastUsedAt } = token
  return (
    <span className="cell2 grow">
      <span className="row flex-wrap">
        <span className="mono b">…{token.hint}</span>
        {lastUsedAt ? null : <Badge>Never used</Badge>}
      </span>
      <small>
        Made {formatClock(createdAt, zone, now)}
        {createdBy ? ` by ${createdBy}` : ''}
        {lastUsedAt ? ` · last used ${formatClock(lastUsedAt, zone, wall)}` : ''}
      </small>
    </span>
  )
}

const counted = (n: number, one: string, many: string) =>
  n === 1 ? `1 ${one}` : `${n.toLocaleString('en')} ${many}`
