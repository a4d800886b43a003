'use client'

import type { Route } from 'next'
import { useState } from 'react'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Button, IconButton } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { Select } from '@/components/ui/select'
import type { ApplicationPage, EntitlementRow } from '@/lib/application-views'
import type { FormState } from '@/lib/form'
import { fieldError, type SendForm } from '@/lib/forms/state'
import { FormDialog } from './form-dialog'

type Props = {
  page: ApplicationPage
  /** "synced today 14:00" */
  note: string | null
  add: SendForm<{ entitlementId: string }>
  describe: SendForm<{ entitlementId: string; version: number }>
}

const FEW = 12
const looks = {
  requestable: { tone: 'ok', icon: 'circle-check', words: 'Requestable' },
  'not-offered': { tone: 'off', icon: 'circle-dashed', words: 'Not offered' },
  'not-requestable': { tone: 'off', icon: 'lock', words: 'Not requestable' },
  closed: { tone: 'off', icon: 'circle-x', words: 'Closed' },
} as const

/** What an application can give: whether it can be asked for, and why not. */
export function EntitlementsCard({ page, note, add, describe }: Props) {
  const [search, setSearch] = useState('')
  const [all, setAll] = useState(false)
  const text = search.trim().toLowerCase()
  const found = page.entitlements.filter((e) => e.name.toLowerCase().includes(text))
  const shown = all || text ? found : found.slice(0, FEW)
  const rest = found.length - shown.length
  const count = page.entitlements.length === 1 ? '1 entitlement' : `${page.entitlements.length} entitlements`
  return (
    <section className="card" aria-labelledby="entitlements">
      <div className="card-head flex-wrap py-1.5">
        <h2 className="card-title" id="entitlements">
          Entitlements
        </h2>
        <span className="hint">{[count, note].filter(Boolean).join(', ')}</span>
        <span className="grow" />
        {page.entitlements.length > FEW ? (
          <Input
            icon="search"
            type="search"
            frameClassName="max-w-48"
            aria-label="Find an entitlement"
            placeholder="Find an entitlement"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        ) : null}
        {page.can.edit && page.byHand ? <AddEntitlement page={page} action={add} /> : null}
      </div>
      {page.entitlements.length === 0 ? (
        <EmptyState icon="key-round" title="Nothing listed yet">
          {page.byHand
            ? 'Add what people can ask for here, by the name they know it by.'
            : 'Sync the catalogue to read what this system can give.'}
        </EmptyState>
      ) : (
        <table className="table settings-table">
          <colgroup>
            <col />
            <col style={{ width: '33%' }} />
            <col style={{ width: '19%' }} />
            <col style={{ width: '76px' }} />
            {page.can.edit ? <col style={{ width: '48px' }} /> : null}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Entitlement</th>
              <th scope="col">Can be asked for</th>
              <th scope="col">Policy</th>
              <th scope="col" className="r">
                Grants
              </th>
              {page.can.edit ? (
                <th scope="col">
                  <span className="sr">Edit</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.id} row={row} page={page} describe={describe} />
            ))}
          </tbody>
        </table>
      )}
      {rest > 0 ? (
        <div className="e-more">
          <button type="button" className="link-btn t-xs" onClick={() => setAll(true)}>
            Show {rest} more
          </button>
        </div>
      ) : null}
      {text && found.length === 0 ? (
        <p className="ink2 card-pad">Nothing is called “{search.trim()}”.</p>
      ) : null}
    </section>
  )
}

type RowProps = { row: EntitlementRow; page: ApplicationPage; describe: Props['describe'] }

function Row({ row, page, describe }: RowProps) {
  const { tone, icon, words } = looks[row.status]
  return (
    <tr>
      <th scope="row">
        <span className="cell2">
          <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="b">
              <EntitlementName name={row.name} />
            </span>
            {row.risk === 'low' ? null : (
              <Badge tone={row.risk === 'high' ? 'bad' : 'warn'} icon="flag">
                {row.risk === 'high' ? 'High risk' : 'Medium risk'}
              </Badge>
            )}
          </span>
          {row.description ? <small>{row.description}</small> : null}
          {row.apart.length > 0 ? (
            <small>
              Kept apart by{' '}
              {row.apart.map((rule, i) => (
                <span key={rule.id}>
                  {i > 0 ? ', ' : ''}
                  <Link href={`/settings/access-management/separation/${rule.id}` as Route}>{rule.name}</Link>
                </span>
              ))}
            </small>
          ) : null}
        </span>
      </th>
      <td data-label="Can be asked for">
        <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge tone={tone} icon={icon} line={row.status === 'not-offered'}>
            {words}
          </Badge>
          {row.why ? <span className="why">{row.why}</span> : null}
          {row.status === 'not-offered' && page.can.administer ? (
            <Link href="/settings/access-management/policies/new">Make a policy</Link>
          ) : null}
        </span>
      </td>
      <td data-label="Policy">
        {row.policy && page.can.seePolicies ? (
          <Link href={`/settings/access-management/policies/${row.policy.id}` as Route}>
            {row.policy.name}
          </Link>
        ) : (
          <span className="ink2">{row.policy?.name ?? 'none'}</span>
        )}
      </td>
      <td data-label="Grants" className="r num">
        {row.liveGrants}
      </td>
      {page.can.edit ? (
        <td className="row-acts">
          <FormDialog
            title={`Describe ${row.name}`}
            description="What people read before they ask, and what the holder reads once it is given. The name belongs to the system."
            trigger={<IconButton icon="pencil" label={`Edit ${row.name}`} />}
            action={describe}
            hidden={{ entitlementId: row.id, version: row.version }}
            submitLabel="Save description"
            done={`${row.name} saved`}
          >
            {(state) => <WordFields row={row} state={state} />}
          </FormDialog>
        </td>
      ) : null}
    </tr>
  )
}

function AddEntitlement({ page, action }: { page: ApplicationPage; action: Props['add'] }) {
  return (
    <FormDialog
      title={`Add an entitlement to ${page.name}`}
      trigger={
        <Button size="sm" icon="plus">
          Add entitlement
        </Button>
      }
      action={action}
      hidden={{ applicationId: page.id }}
      submitLabel="Add entitlement"
      done="Entitlement added"
    >
      {(state) => (
        <>
          <Field label="Name" required error={fieldError(state, 'name')}>
            <Input name="name" autoComplete="off" maxLength={150} />
          </Field>
          <WordFields state={state} />
        </>
      )}
    </FormDialog>
  )
}

function WordFields({ row, state }: { row?: EntitlementRow; state: FormState<unknown> }) {
  return (
    <>
      <Field label="Description" note="optional" error={fieldError(state, 'description')}>
        <Textarea name="description" rows={2} defaultValue={row?.description ?? ''} />
      </Field>
      <Field
        label="How to use it"
        note="optional"
        hint="Mailed to the holder once the access is given."
        error={fieldError(state, 'howToUse')}
      >
        <Textarea name="howToUse" rows={3} defaultValue={row?.howToUse ?? ''} />
      </Field>
      <Field label="Risk" hint="High risk is never decided in bulk." error={fieldError(state, 'risk')}>
        <Select
          name="risk"
          defaultValue={row?.risk ?? 'low'}
          options={[
            { value: 'low', label: 'Low' },
            { value: 'medium', label: 'Medium' },
            { value: 'high', label: 'High' },
          ]}
        />
      </Field>
    </>
  )
}
