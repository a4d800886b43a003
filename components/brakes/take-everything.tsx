'use client'

import { LeaseText, useNow } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { useSendForm } from '@/components/request/use-form'
import { LinkButton, SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Textarea } from '@/components/ui/input'
import { Callout, EmptyState } from '@/components/ui/labels'
import type { SendForm } from '@/lib/forms/state'
import type { NamedOutcome } from '@/lib/grant-views'
import type { LeaseView } from '@/lib/views'

type TakeEverythingProps = {
  scope: 'person' | 'application'
  id: string
  /** "from Ana Oliveira", "on Stripe". */
  where: string
  rows: readonly (LeaseView & { holder: string })[]
  /** More than are listed. */
  more: number
  backHref: string
  now: Date
  zone: string
  take: SendForm<{ outcome: NamedOutcome[]; left: number }>
}

/** What would be taken, one by one, then a reason and one button; afterwards what became of each. */
export function TakeEverything(props: TakeEverythingProps) {
  const { rows, where, more, backHref } = props
  const now = useNow(props.now)
  const form = useSendForm(props.take, { reason: 'why' })
  const done = form.state.status === 'done' ? form.state.result : null
  if (done) return <Outcome {...props} outcome={done.outcome} left={done.left} />
  if (rows.length === 0)
    return (
      <EmptyState
        icon="circle-check"
        heading="h2"
        title="Nothing is held here"
        actions={<LinkButton href={backHref}>Back</LinkButton>}
      >
        There is nothing to take back {where}.
      </EmptyState>
    )
  const all = rows.length + more
  return (
    <form className="stack gap-5! max-w-2xl" aria-label={`Take everything back ${where}`} {...form.props}>
      <input type="hidden" name="scope" value={props.scope} />
      <input type="hidden" name="id" value={props.id} />
      <ErrorSummary problems={form.problems} title="Nothing was taken" />
      <Callout tone="bad" icon="octagon-alert">
        <p>
          {all === 1 ? 'This 1 access is' : `These ${all} accesses are`} taken back at once, each on its own;
          what is agreed for later is called off. The holders are told why. It stays loudly in the timeline.
        </p>
      </Callout>
      <section className="card" aria-label="What is taken">
        <ul className="person-grants">
          {rows.map((row) => (
            <li key={row.id}>
              <span className="cell2">
                <span className="b">
                  <EntitlementName name={row.entitlement.name} />
                </span>
                <small>
                  {row.holder}, {row.application.name}
                </small>
              </span>
              <span className="min-w-0">
                <LeaseText facts={row.times} now={now} zone={props.zone} />
                {row.preexisting ? <small className="ink2"> Held before, so it stays there.</small> : null}
              </span>
            </li>
          ))}
        </ul>
        {more > 0 ? <p className="hint card-pad">and {more} more</p> : null}
      </section>
      <Field id="why" label="Reason" required hint="The holders read this." error={form.error('reason')}>
        <Textarea name="reason" rows={3} maxLength={2000} defaultValue={form.was('reason')} />
      </Field>
      <div className="row">
        <SubmitButton variant="danger-solid" pending={form.pending}>
          {all === 1 ? 'Take it back now' : all === 2 ? 'Take both back now' : `Take all ${all} back now`}
        </SubmitButton>
        <LinkButton href={backHref}>Keep everything</LinkButton>
      </div>
    </form>
  )
}

function Outcome(props: TakeEverythingProps & { outcome: readonly NamedOutcome[]; left: number }) {
  const { outcome, left, where, backHref } = props
  const refused = outcome.filter((one) => one.refused !== null)
  return (
    <section className="stack gap-4! max-w-2xl" aria-live="polite">
      <Callout tone={refused.length ? 'warn' : 'ok'} role="status">
        <p>
          {outcome.length - refused.length} of {outcome.length} {where} are being taken back.
          {left > 0 ? ` ${left} are left: do it once more.` : ''}
        </p>
      </Callout>
      <ul className="g-outcome card card-pad" aria-label="What became of each">
        {outcome.map(({ grantId, holder, entitlement, refused: why }) => (
          <li key={grantId} className="row">
            <Icon name={why ? 'circle-alert' : 'check'} className={why ? 'c-warn' : 'c-ok'} />
            <span className="grow">
              <b className="b">{holder}</b> <EntitlementName name={entitlement} />
              <small className="block ink2">{why ?? 'Being taken back'}</small>
            </span>
          </li>
        ))}
      </ul>
      <div className="row">
        <LinkButton href={backHref}>Back</LinkButton>
        <LinkButton href="/settings/access-management/grants?status=ending">What is ending now</LinkButton>
      </div>
    </section>
  )
}
