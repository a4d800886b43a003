'use client'

import type { Route } from 'next'
import { useState, useTransition } from 'react'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { Icon, type IconName } from '@/components/ui/icon'
import { Textarea } from '@/components/ui/input'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { useToast } from '@/components/ui/toast'
import type { ReadingSummary } from '@/lib/application-views'
import type { FindingsView, FindingView } from '@/lib/finding-views'
import { formatClock } from '@/lib/format'
import { fieldError, type SendForm, sent } from '@/lib/forms/state'
import { FormDialog } from './form-dialog'
import { RemoveFound } from './remove-found'

type Props = {
  view: FindingsView
  actions: {
    readHolding: SendForm<ReadingSummary>
    adopt: SendForm<null>
    ignore: SendForm<null>
    removeFound: SendForm<{ ordered: number }>
  }
  now: Date
  zone: string
}

/** What was found, each with what one may do about it; several may be removed in one go. */
export function FindingsCard({ view, actions, now, zone }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const removable = view.items.filter(
    (item) => item.kind === 'unknown_holder' && !item.removing && !item.fixed,
  )
  const selected = removable.filter((item) => chosen.has(item.id))
  const choose = (id: string, on: boolean) =>
    setChosen((all) => new Set(on ? [...all, id] : [...all].filter((one) => one !== id)))
  return (
    <section className="card" aria-labelledby="findings">
      <div className="card-head flex-wrap py-1.5">
        <h2 className="card-title" id="findings">
          Findings
        </h2>
        <span className="hint">
          {view.readAt ? `all read ${formatClock(view.readAt, zone, now)}` : 'not all read yet'}
        </span>
        <span className="grow" />
        {view.can.settle && removable.length > 0 ? (
          <RemoveFound
            view={view}
            items={selected}
            act={actions.removeFound}
            onDone={() => setChosen(new Set())}
          />
        ) : null}
        {view.can.read ? <ReadNow view={view} act={actions.readHolding} /> : null}
      </div>
      {view.items.length === 0 ? (
        <EmptyState icon="circle-check" title={view.readAt ? 'Nothing found' : 'Nothing to compare yet'}>
          {view.lists
            ? view.readAt
              ? 'Whoever holds access here has a lease or a standing right to it. It is read every six hours.'
              : 'The first complete reading makes the baseline: whoever holds access then is standing. It is read every six hours.'
            : 'This system cannot say who holds what, so our record cannot be held against it.'}
        </EmptyState>
      ) : (
        <ul>
          {view.items.map((item) => (
            <Row
              key={item.id}
              item={item}
              view={view}
              actions={actions}
              chosen={chosen.has(item.id)}
              choose={choose}
              now={now}
              zone={zone}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

const looks: Record<FindingView['kind'], { icon: IconName; words: string }> = {
  unknown_holder: { icon: 'user-x', words: 'holds it without a lease' },
  missing_holder: { icon: 'ban', words: 'does not hold it, though the lease runs' },
  indirect_rest: { icon: 'git-compare', words: 'still has its effect after the lease' },
  came_back: { icon: 'undo', words: 'had it again after it was seen gone' },
  sessions_left: { icon: 'plug', words: 'has open sessions after the lease' },
  others_moved: { icon: 'users', words: 'was changed, and others of the set moved with it' },
}

type RowProps = Props & {
  item: FindingView
  chosen: boolean
  choose: (id: string, on: boolean) => void
}

function Row({ item, view, actions, chosen, choose, now, zone }: RowProps) {
  const { icon, words } = looks[item.kind]
  const unknown = item.kind === 'unknown_holder'
  const settle = view.can.settle
  return (
    <li className="finding flex-wrap">
      {settle && unknown && !item.removing && !item.fixed ? (
        <Checkbox
          className="mt-0.5"
          aria-label={`Choose ${item.who} in ${item.entitlement}`}
          checked={chosen}
          onChange={(event) => choose(item.id, event.target.checked)}
        />
      ) : (
        <Icon name={icon} className="c-warn" />
      )}
      <div className="min-w-0 grow basis-64">
        <p>
          <b>{item.who}</b> {words}: <EntitlementName name={item.entitlement} />
        </p>
        <p className="hint">
          {[
            item.account ? `account ${item.account}${item.byAddress ? ', known by its address' : ''}` : null,
            unknown ? null : item.detail,
            `since ${formatClock(item.foundAt, zone, now)}`,
            item.seenAt ? `last seen ${formatClock(item.seenAt, zone, now)}` : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {item.fixed ? <p className="hint">Cannot be removed from here. {item.fixed}</p> : null}
        {item.removing ? (
          <p className="mt-1">
            <Badge tone="wait" icon="undo">
              Being removed
            </Badge>
            <span className="hint ml-2">
              {item.removing.lastAnswer
                ? `Last answer: ${item.removing.lastAnswer}`
                : 'Closed once it is seen gone.'}
            </span>
          </p>
        ) : null}
      </div>
      <div className="acts">
        {item.grantId ? (
          <Link className="btn btn-sm" href={`/settings/access-management/grants/${item.grantId}` as Route}>
            Open the grant
          </Link>
        ) : null}
        {view.can.convert && unknown && item.entitlementId ? (
          <Link
            className="btn btn-sm"
            href={
              `/settings/access-management/applications/${view.applicationId}/convert?entitlement=${item.entitlementId}` as Route
            }
          >
            Lease it…
          </Link>
        ) : null}
        {settle && unknown ? (
          <Settle
            title={`Adopt ${item.who} as standing?`}
            description={`They hold ${item.entitlement} rightly and for good: no reading finds them again, and nothing ends by itself.`}
            label="Adopt as standing"
            short="Adopt"
            done={`${item.who} is standing`}
            item={item}
            action={actions.adopt}
          />
        ) : null}
        {settle ? (
          <Settle
            title="Leave this finding be?"
            description="It is not shown again for as long as every reading finds it. Gone once and back, it is found anew."
            label="Ignore finding"
            short="Ignore"
            done="Finding ignored"
            item={item}
            action={actions.ignore}
          />
        ) : null}
      </div>
    </li>
  )
}

type SettleProps = {
  title: string
  description: string
  label: string
  short: string
  done: string
  item: FindingView
  action: SendForm<null>
}

function Settle({ title, description, label, short, done, item, action }: SettleProps) {
  return (
    <FormDialog
      title={title}
      description={description}
      trigger={
        <Button size="sm" aria-label={`${label}: ${item.who} in ${item.entitlement}`}>
          {short}
        </Button>
      }
      action={action}
      hidden={{ findingId: item.id }}
      submitLabel={label}
      done={done}
    >
      {(state) => (
        <Field
          label="Reason"
          required
          hint="Stays in the application’s timeline."
          error={fieldError(state, 'reason')}
        >
          <Textarea name="reason" rows={2} maxLength={2_000} />
        </Field>
      )}
    </FormDialog>
  )
}

function ReadNow({ view, act }: { view: FindingsView; act: SendForm<ReadingSummary> }) {
  const toast = useToast()
  const [pending, start] = useTransition()
  const read = () =>
    start(async () => {
      const form = new FormData()
      form.set('applicationId', view.applicationId)
      const state = await sent(act, form)
      if (state.status === 'done' && state.result)
        toast({
          title: state.result.problems > 0 ? 'Not everything could be read' : 'Holders read',
          description: state.result.problem ?? summaryWords(state.result),
          ...(state.result.problems > 0 ? { tone: 'bad' as const } : {}),
        })
      else
        toast({
          title: 'The holders were not read',
          description: state.message ?? 'That did not work. Try again',
          tone: 'bad',
        })
    })
  return (
    <Button size="sm" icon="refresh" pending={pending} onClick={read}>
      Read holders now
    </Button>
  )
}

function summaryWords({ read, found, over, removing }: ReadingSummary): string {
  const parts = [
    found && `${found} found`,
    over && `${over} over`,
    removing && `${removing} being removed`,
  ].filter(Boolean)
  const what = read === 1 ? '1 entitlement' : `${read} entitlements`
  return parts.length ? `${what}: ${parts.join(', ')}.` : `${what}, nothing new.`
}
