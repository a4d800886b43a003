'use client'

import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Input } from '@/components/ui/input'
import { Callout, EmptyState } from '@/components/ui/labels'
import { Select } from '@/components/ui/select'
import { useToast } from '@/components/ui/toast'
import type { DrillView } from '@/lib/drill-views'
import { drillStepWords, proofWords } from '@/lib/drill-words'
import { formatClock } from '@/lib/format'
import { fieldError, type SendForm, sent, typed } from '@/lib/forms/state'
import { FormDialog } from './form-dialog'

export type DrillActions = {
  setAside: SendForm<{ account: string }>
  endDrill: SendForm<null>
  runDrill: SendForm<null>
}

type Props = { applicationId: string; drill: DrillView; now: Date; zone: string; actions: DrillActions }

/** The removal drill: what is set aside for it, the last proof step by step, and the buttons. */
export function DrillCard({ applicationId, drill, now, zone, actions }: Props) {
  const { aside, last } = drill
  return (
    <section className="card" aria-labelledby="removal-drill">
      <div className="card-head">
        <h2 className="card-title" id="removal-drill">
          Removal drill
        </h2>
        <span className="grow" />
        {drill.running ? <span className="hint">Under way</span> : null}
        {aside && drill.may.run ? (
          <RunButton applicationId={applicationId} action={actions.runDrill} />
        ) : null}
      </div>
      {last ? (
        <div className="card-pad pb-0!">
          <Callout tone={last.ok ? 'ok' : 'bad'} icon={last.ok ? 'shield-check' : 'octagon-alert'}>
            <b>{proofWords({ ...last, provenAt: drill.provenAt }, now)}.</b>
            {last.ok ? '' : ' Do not count on access being taken back here in time until it works again.'}
          </Callout>
        </div>
      ) : null}
      {last ? (
        <ul className="checks" aria-label={`Steps of the drill ${formatClock(last.at, zone, now)}`}>
          {last.steps.map((step) => (
            <li key={`${step.name} ${step.at}`}>
              <Icon
                name={step.ok ? 'circle-check' : 'circle-alert'}
                className={step.ok ? 'c-ok' : 'c-bad'}
                label={step.ok ? 'Went well' : 'Failed'}
              />
              <div>
                <span className={step.ok ? undefined : 'c-bad b'}>{drillStepWords[step.name]}</span>
                <small>
                  {step.detail} · {step.tookMs} ms
                </small>
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      {aside ? (
        <dl className="facts card-pad">
          <dt>Account</dt>
          <dd className="mono wrap-anywhere">{aside.account}</dd>
          <dt>Entitlement</dt>
          <dd className="mono wrap-anywhere">{aside.entitlement}</dd>
          <dt>When</dt>
          <dd>Every day; it waits for leases that are due to be taken, and while giving is stopped</dd>
        </dl>
      ) : (
        <EmptyState title="Removal is not proven here">
          {drill.why ??
            'Set an account and an entitlement aside that nobody uses. Every day they are given, seen, taken and seen gone.'}
        </EmptyState>
      )}
      {drill.may.set && !drill.why ? (
        <div className="card-pad row flex-wrap pt-0!">
          <SetDialog applicationId={applicationId} drill={drill} action={actions.setAside} />
          {aside ? <EndButton applicationId={applicationId} action={actions.endDrill} /> : null}
        </div>
      ) : null}
    </section>
  )
}

function RunButton({ applicationId, action }: { applicationId: string; action: SendForm<null> }) {
  const toast = useToast()
  const [pending, start] = useTransition()
  const run = () =>
    start(async () => {
      const form = new FormData()
      form.set('applicationId', applicationId)
      const state = await sent(action, form)
      if (state.status === 'done')
        toast({ title: 'The drill begins', description: 'Its steps stand here in a moment.' })
      else toast({ title: 'The drill did not begin', description: state.message, tone: 'bad' })
    })
  return (
    <Button size="sm" icon="play" pending={pending} onClick={run}>
      Run now
    </Button>
  )
}

function EndButton({ applicationId, action }: { applicationId: string; action: SendForm<null> }) {
  const toast = useToast()
  return (
    <ConfirmDialog
      title="End the removal drill here?"
      trigger={<Button>End the drill</Button>}
      consequences={[
        {
          icon: 'shield-check',
          tone: 'warn',
          text: 'Nothing proves any more that access can be taken back here.',
        },
        { icon: 'info', text: 'What was set aside is free again. The last proof stays in the timeline.' },
      ]}
      confirmLabel="End the drill"
      keepLabel="Keep proving it"
      onConfirm={async () => {
        const form = new FormData()
        form.set('applicationId', applicationId)
        const state = await sent(action, form)
        if (state.status !== 'done') return state.message ?? 'That did not work. Try again'
        toast({ title: 'The removal drill has ended' })
        return null
      }}
    />
  )
}

function SetDialog({
  applicationId,
  drill,
  action,
}: {
  applicationId: string
  drill: DrillView
  action: DrillActions['setAside']
}) {
  const options = drill.choices.map(({ id, name }) => ({ value: id, label: name }))
  if (options.length === 0 && !drill.aside)
    return (
      <p className="hint">
        Every entitlement here is offered by a policy. A drill needs one that nobody is offered.
      </p>
    )
  return (
    <FormDialog
      title="Set aside for the removal drill"
      description="It is given to this account and taken from it every day, so neither may be of use to anybody."
      trigger={<Button>{drill.aside ? 'Set others aside' : 'Set up the drill'}</Button>}
      action={action}
      hidden={{ applicationId }}
      submitLabel="Set aside"
      done="Set aside; the first drill begins"
    >
      {(state) => (
        <>
          <Field
            label="Entitlement"
            required
            error={fieldError(state, 'entitlementId')}
            hint="Only what no access policy offers. None can, as long as it is set aside."
          >
            <Select
              name="entitlementId"
              options={options}
              placeholder="Choose an entitlement"
              defaultValue={typed(state, 'entitlementId')}
            />
          </Field>
          <Field
            label="Account"
            required
            error={fieldError(state, 'account')}
            hint="As it is called there. It is nobody’s, and holds nothing of the entitlement."
          >
            <Input name="account" autoComplete="off" defaultValue={typed(state, 'account')} />
          </Field>
        </>
      )}
    </FormDialog>
  )
}
