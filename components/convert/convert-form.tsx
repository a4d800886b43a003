'use client'

import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, Fieldset } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import { useToast } from '@/components/ui/toast'
import { type ConversionPlan, conversionLengths, type HolderView, USUAL_WARNING } from '@/lib/conversion'
import { plus } from '@/lib/domain/duration'
import { type FormState, idle } from '@/lib/form'
import { formatDuration } from '@/lib/format'
import { momentIn, wallClock } from '@/lib/forms/people'
import { fieldError, problemsOf, type SendForm, sent } from '@/lib/forms/state'
import { zoneOf } from '@/lib/reader-zone'
import { HolderTable } from './holder-table'
import { PlanCard } from './plan-card'

type Props = {
  application: { id: string; name: string }
  entitlement: { id: string; name: string }
  holders: readonly HolderView[]
  now: Date
  zone: string
  actions: { preview: SendForm<ConversionPlan>; convert: SendForm<{ grantIds: string[] }> }
}

const controls = { holders: 'cv-holders', startAt: 'cv-start', endsAt: 'cv-end', reason: 'cv-reason' }

/** Whose access becomes a lease, from when, until when and why; shown as it would be before it is done. */
export function ConvertForm({ application, entitlement, holders, now, zone, actions }: Props) {
  const router = useRouter()
  const toast = useToast()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [ends, setEnds] = useState<Readonly<Record<string, string>>>({})
  const [startAt, setStartAt] = useState(wallClock(plus(now, USUAL_WARNING), zone))
  const [endsAt, setEndsAt] = useState('')
  const [reason, setReason] = useState('')
  const [state, setState] = useState<FormState<unknown>>(idle)
  const [plan, setPlan] = useState<ConversionPlan | null>(null)
  const [pending, start] = useTransition()

  /** What was shown is about what was typed then. */
  const changed =
    <V,>(set: (value: V) => void) =>
    (value: V) => {
      set(value)
      setPlan(null)
    }

  function form(): FormData {
    const chosen = holders
      .filter((one) => ticked.has(one.externalId))
      .map(({ externalId }) => ({ externalId, ...(ends[externalId] ? { endsAt: ends[externalId] } : {}) }))
    const data = new FormData()
    const values = {
      entitlementId: entitlement.id,
      holders: JSON.stringify(chosen),
      startAt,
      endsAt,
      zone,
      reason,
    }
    for (const [name, value] of Object.entries(values)) data.set(name, value)
    return data
  }

  function ask() {
    start(async () => {
      const answer = await sent(actions.preview, form())
      setState(answer)
      setPlan(answer.status === 'done' ? (answer.result ?? null) : null)
    })
  }

  function convert() {
    start(async () => {
      const answer = await sent(actions.convert, form())
      setState(answer)
      if (answer.status !== 'done') return setPlan(null)
      const count = answer.result?.grantIds.length ?? 0
      toast({
        title: count === 1 ? '1 lease is planned' : `${count} leases are planned`,
        description: 'Everybody concerned is being told.',
      })
      setPlan(null)
      setTicked(new Set())
      setReason('')
      router.refresh()
    })
  }

  const startMoment = startAt ? momentIn(startAt, zone) : now
  return (
    <form
      className="stack gap-4!"
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <ErrorSummary problems={problemsOf(state, controls)} />
      <HolderTable
        id={controls.holders}
        application={application}
        entitlement={entitlement.name}
        holders={holders}
        ticked={ticked}
        onTick={changed(setTicked)}
        ends={ends}
        onEnds={changed(setEnds)}
        error={fieldError(state, 'holders')}
        zone={zone}
      />
      <section className="card card-pad stack gap-4!" aria-label="When and why">
        <div className="cv-when">
          <Field
            id={controls.startAt}
            label="It begins"
            note={`in ${zoneOf(zone)}`}
            required
            error={fieldError(state, 'startAt')}
            hint="At least a day ahead, so that people can say that it is wrong."
          >
            <Input
              type="datetime-local"
              value={startAt}
              min={wallClock(now, zone)}
              onChange={(event) => changed(setStartAt)(event.target.value)}
            />
          </Field>
          <Field
            id={controls.endsAt}
            label="It ends"
            note={`in ${zoneOf(zone)}`}
            required
            error={fieldError(state, 'endsAt')}
            hint="For everybody without an end of their own above."
          >
            <Input
              type="datetime-local"
              value={endsAt}
              min={startAt}
              onChange={(event) => changed(setEndsAt)(event.target.value)}
            />
          </Field>
        </div>
        <Fieldset legend="Ends after" legendClassName="sr">
          <div className="row flex-wrap">
            {conversionLengths.map((seconds) => (
              <Button
                key={seconds}
                size="sm"
                onClick={() => changed(setEndsAt)(wallClock(plus(startMoment, seconds), zone))}
              >
                {formatDuration(seconds)} later
              </Button>
            ))}
          </div>
        </Fieldset>
        <Field
          id={controls.reason}
          label="Reason"
          required
          error={fieldError(state, 'reason')}
          hint="Stands in the mail to everybody concerned."
        >
          <Textarea
            rows={2}
            maxLength={2000}
            value={reason}
            onChange={(event) => changed(setReason)(event.target.value)}
          />
        </Field>
        {plan ? null : (
          <div className="row">
            <Button type="submit" variant="primary" pending={pending}>
              Show what will happen
            </Button>
          </div>
        )}
      </section>
      {plan ? (
        <PlanCard plan={plan} pending={pending} onConfirm={convert} onBack={() => setPlan(null)} />
      ) : null}
    </form>
  )
}
