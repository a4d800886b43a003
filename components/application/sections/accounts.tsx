'use client'

import type { Route } from 'next'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Combobox, type ComboItem } from '@/components/ui/combobox'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { useToast } from '@/components/ui/toast'
import type { AccountsView, LinkedView } from '@/lib/account-views'
import type { ApplicationPage } from '@/lib/application-views'
import { formatClock } from '@/lib/format'
import { fieldError, type SendForm, sent, typed } from '@/lib/forms/state'
import { QuestionCard } from '../account-question'
import { FormDialog } from '../form-dialog'

export type AccountActions = {
  link: SendForm<{ account: string }>
  unlink: SendForm<{ account: string }>
}

type Props = {
  page: Pick<ApplicationPage, 'id' | 'name'>
  accounts: AccountsView
  now: Date
  zone: string
  actions: AccountActions
}

/** Who is who in the application's system: what is asked, and who is linked to which account. */
export function AccountsSection({ page, accounts, now, zone, actions }: Props) {
  const { questions, linked, more } = accounts
  return (
    <div className="stack mt-4 gap-4!">
      {questions.map((question) => (
        <QuestionCard
          key={question.id}
          applicationId={page.id}
          question={question}
          typing={accounts.typing}
          now={now}
          zone={zone}
          link={actions.link}
        />
      ))}
      <section className="card overflow-hidden" aria-labelledby="linked-accounts">
        <div className="card-head flex-wrap">
          <h2 className="card-title" id="linked-accounts">
            Linked accounts
          </h2>
          <span className="grow" />
          {accounts.mayLink && accounts.typing ? (
            <LinkDialog page={page} people={accounts.people} action={actions.link} />
          ) : null}
        </div>
        {linked.length === 0 ? (
          <EmptyState icon="link" title="Nobody is linked yet">
            {accounts.typing
              ? 'An account is found by the person’s address at their first lease, and stays theirs by its immutable id.'
              : 'An account is found by the person’s address at their first lease.'}
          </EmptyState>
        ) : (
          <table className="table settings-table">
            <colgroup>
              <col />
              <col style={{ width: '26%' }} />
              <col style={{ width: '24%' }} />
              <col style={{ width: '110px' }} />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Person</th>
                <th scope="col">Account</th>
                <th scope="col">Since</th>
                <th scope="col">
                  <span className="sr">Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {linked.map((row) => (
                <LinkedRow key={row.id} page={page} row={row} now={now} zone={zone} unlink={actions.unlink} />
              ))}
            </tbody>
          </table>
        )}
        {more > 0 ? (
          <p className="hint card-pad">and {more} more. A person’s account stands with their grants.</p>
        ) : null}
      </section>
    </div>
  )
}

type RowProps = Omit<Props, 'accounts' | 'actions'> & { row: LinkedView; unlink: AccountActions['unlink'] }

function LinkedRow({ page, row, now, zone, unlink }: RowProps) {
  const { person } = row
  return (
    <tr>
      <th scope="row">
        <span className="row min-w-0">
          <Avatar name={person.name} />
          <span className="cell2">
            <span>
              <Link className="b" href={`/settings/people/${person.id}` as Route}>
                {person.name}
              </Link>
              {person.active ? null : (
                <>
                  {' '}
                  <Badge>deactivated</Badge>
                </>
              )}
            </span>
            <small className="wrap-anywhere">{person.email}</small>
          </span>
        </span>
      </th>
      <td data-label="Account">
        <span className="cell2">
          <span className="wrap-anywhere">{row.account}</span>
          <small className="mono wrap-anywhere">{row.externalId}</small>
        </span>
      </td>
      <td data-label="Since">
        <span className="cell2">
          <span>{formatClock(row.since, zone, now)}</span>
          <small>
            {row.by ? `linked by ${row.by}` : 'found by the address'}
            {row.emailThen ? `, which was ${row.emailThen}` : ''}
          </small>
        </span>
      </td>
      <td className="r">
        {row.mayChange && row.liveGrants === 0 ? (
          <UnlinkButton page={page} row={row} action={unlink} />
        ) : null}
        {row.mayChange && row.liveGrants > 0 ? (
          <small className="ink2" title="An account is unlinked when nothing that was given to it is left">
            {row.liveGrants === 1 ? '1 live grant' : `${row.liveGrants} live grants`}
          </small>
        ) : null}
      </td>
    </tr>
  )
}

function UnlinkButton({
  page,
  row,
  action,
}: {
  page: Props['page']
  row: LinkedView
  action: AccountActions['unlink']
}) {
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Unlink ${row.account} from ${row.person.name}?`}
      trigger={<Button size="sm">Unlink</Button>}
      consequences={[
        {
          icon: 'link',
          text: `At ${row.person.name}’s next lease the account is found by the address again, or asked for.`,
        },
        { icon: 'info', text: 'What was given before stays on record with this account.' },
      ]}
      confirmLabel="Unlink"
      keepLabel="Keep it linked"
      onConfirm={async () => {
        const form = new FormData()
        form.set('applicationId', page.id)
        form.set('accountId', row.id)
        const state = await sent(action, form)
        if (state.status !== 'done') return state.message ?? 'That did not work. Try again'
        toast({ title: `${row.account} is unlinked` })
        return null
      }}
    />
  )
}

function LinkDialog({
  page,
  people,
  action,
}: {
  page: Props['page']
  people: AccountsView['people']
  action: AccountActions['link']
}) {
  const items = people.map(
    ({ id, name, team }): ComboItem => ({ value: id, label: name, sub: team ?? undefined, kind: 'person' }),
  )
  return (
    <FormDialog
      title={`Link an account on ${page.name}`}
      description="It is looked up there before it is linked."
      trigger={
        <Button size="sm" icon="link">
          Link an account
        </Button>
      }
      action={action}
      hidden={{ applicationId: page.id }}
      submitLabel="Look up and link"
      done="Account linked"
    >
      {(state) => (
        <>
          <Field label="Person" required error={fieldError(state, 'personId')}>
            <Combobox name="personId" items={items} placeholder="Find a person" empty="Nobody of that name" />
          </Field>
          <Field
            label="Account"
            required
            error={fieldError(state, 'text')}
            hint="Its name, login, address or id there; an exact match only."
          >
            <Input name="text" autoComplete="off" defaultValue={typed(state, 'text')} />
          </Field>
        </>
      )}
    </FormDialog>
  )
}
