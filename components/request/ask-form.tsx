'use client'

import { useState } from 'react'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, Fieldset } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { askedSteps, firstName } from '@/lib/asking-words'
import type { ApprovalStep } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'
import { momentIn } from '@/lib/forms/people'
import type { SendForm } from '@/lib/forms/state'
import type { ApplicationView, EntitlementView, History } from '@/lib/views'
import { AskHead, AskSide } from './ask-parts'
import { ForWhom } from './for-whom'
import { PastRequests } from './past-requests'
import { useSendForm } from './use-form'
import { START_ID, WhenField } from './when-field'

export type AskFormProps = {
  entitlement: EntitlementView
  application: ApplicationView
  permanent: boolean
  presets: readonly {
    seconds: number
    noticeSeconds: number
    problem: string | null
    /** The policy agrees to it without asking anybody. */
    automatic: boolean
  }[]
  /** The same for a permanent one. */
  automatic: boolean
  /** Whom it is for, where that is somebody else. */
  beneficiary: { id: string; name: string } | null
  people: readonly { id: string; name: string; team: string | null }[]
  reminders: readonly number[]
  decideWithinSeconds: number
  reasonRequired: boolean
  extensions: boolean
  steps: readonly ApprovalStep[]
  approverNames: readonly (readonly string[])[]
  usualSeconds: number | null
  past: History
  now: Date
  zone: string
  ask: SendForm<{ requestId: string }>
}

const controls = {
  seconds: 'how-long',
  reason: 'why',
  startAt: START_ID,
  when: START_ID,
}

/** Asks for an entitlement: how long, why, when, and beside it what will happen. */
export function AskForm(props: AskFormProps) {
  const { presets, permanent, zone, now, beneficiary } = props
  const who = beneficiary ? firstName(beneficiary.name) : null
  const form = useSendForm(props.ask, controls)
  const first = presets.find((p) => !p.problem)
  const [seconds, setSeconds] = useState(form.was('seconds') ?? String(first?.seconds ?? ''))
  const [reason, setReason] = useState(form.was('reason') ?? '')
  const typed = form.was('when') === 'set' ? form.was('startAt') : undefined
  const [start, setStart] = useState(typed ? momentIn(typed, zone) : null)
  const preset = presets.find((p) => String(p.seconds) === seconds && !p.problem) ?? null
  const extra = props.steps.some((step) => step.separationId)
  const byRule = permanent ? props.automatic : (preset?.automatic ?? false)
  const asked = askedSteps(props.steps, props.approverNames, byRule)

  return (
    <form className="rq" {...form.props}>
      <input type="hidden" name="entitlementId" value={props.entitlement.id} />
      <input type="hidden" name="zone" value={zone} />
      {beneficiary ? <input type="hidden" name="personId" value={beneficiary.id} /> : null}
      {permanent ? <input type="hidden" name="permanent" value="on" /> : null}
      <div className="rq-main">
        <ErrorSummary problems={form.problems} title={summaryTitle(form.problems.length)} />
        <AskHead entitlement={props.entitlement} application={props.application} />
        <ForWhom people={props.people} beneficiary={beneficiary} />
        {permanent ? (
          <p className="hint">
            This policy gives it without an end, so there is no notice either. {who ?? 'You'} can give it back
            any time.
          </p>
        ) : (
          <Fieldset
            id={controls.seconds}
            legend="For how long"
            legendClassName="rq-l"
            error={form.error('seconds')}
            hint={
              props.extensions
                ? 'Take the shortest that does the job. You can ask for more before it ends.'
                : 'Take the shortest that does the job.'
            }
          >
            <div className="rq-cards">
              {presets.map((p) => (
                <label className="radio-card" key={p.seconds}>
                  <input
                    type="radio"
                    className="radio"
                    name="seconds"
                    value={p.seconds}
                    checked={seconds === String(p.seconds)}
                    disabled={p.problem !== null}
                    onChange={() => setSeconds(String(p.seconds))}
                  />
                  <span>
                    <span className="radio-card-title">{formatDuration(p.seconds)}</span>
                    <span className="radio-card-hint">
                      {p.problem ??
                        `${who ? `${who} is told` : 'You’ll be told'} ${formatDuration(p.noticeSeconds)} before${p.automatic && !extra ? ', agreed at once' : ''}`}
                    </span>
                  </span>
                </label>
              ))}
            </div>
          </Fieldset>
        )}
        <Field
          id={controls.reason}
          label={<span className="rq-l">{who ? `Why ${who} needs it` : 'Why you need it'}</span>}
          note={props.reasonRequired ? undefined : 'if you like'}
          error={form.error('reason')}
          hint="Whoever decides reads this first. A ticket number helps."
          aside={`${reason.length.toLocaleString('en')} of 2,000`}
        >
          <Textarea
            name="reason"
            rows={3}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            placeholder="What are you going to do there, and for which ticket?"
          />
        </Field>
        <WhenField
          was={form.was}
          error={form.error('startAt')}
          hint={`It is given then, if somebody agreed by then.${permanent ? '' : ' The time counts from the start.'}`}
          now={now}
          zone={zone}
          onStart={setStart}
        />
        <PastRequests
          past={props.past}
          now={now}
          zone={zone}
          onUse={(again) => {
            setReason(again.reason)
            if (presets.some((p) => p.seconds === again.seconds && !p.problem))
              setSeconds(String(again.seconds))
            document.getElementById(controls.reason)?.focus()
          }}
        />
      </div>
      <AskSide
        {...props}
        {...asked}
        preset={preset}
        startAt={start}
        pending={form.pending}
        atOnce={asked.steps.length === 0}
      />
    </form>
  )
}

function summaryTitle(count: number): string {
  return count === 1 ? '1 thing to fix, nothing was sent' : `${count} things to fix, nothing was sent`
}
