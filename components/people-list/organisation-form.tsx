'use client'

import { type FormEvent, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Combobox } from '@/components/ui/combobox'
import { DurationInput } from '@/components/ui/duration-input'
import { Field, FieldError } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { useToast } from '@/components/ui/toast'
import { useFocusOnProblem } from '@/components/ui/use-focus-on-problem'
import { type FormState, idle } from '@/lib/form'
import { fieldError, type SendForm, sent } from '@/lib/forms/state'

type Props = {
  name: string
  timeZone: string
  floorSeconds: number
  payloadDays: number | null
  version: number
  zones: readonly string[]
  action: SendForm<{ version: number }>
}

/** What holds for the whole organisation. */
export function OrganisationForm({
  name,
  timeZone,
  floorSeconds,
  payloadDays,
  version,
  zones,
  action,
}: Props) {
  const toast = useToast()
  const [state, setState] = useState<FormState<{ version: number }>>(idle)
  const [pending, start] = useTransition()
  const element = useFocusOnProblem(state)
  const items = zones.map((zone) => ({ value: zone, label: zone }))

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    start(async () => {
      const answer = await sent(action, form)
      setState(answer)
      if (answer.status === 'done') toast({ title: 'Organisation saved' })
    })
  }

  const trouble = state.status === 'failed' || (state.status === 'refused' && state.code !== 'invalid')
  return (
    <form ref={element} onSubmit={submit} noValidate className="card card-pad stack gap-5!">
      <input type="hidden" name="version" value={version} />
      <Field label="Name" required error={fieldError(state, 'name')}>
        <Input name="name" defaultValue={name} maxLength={120} autoComplete="organization" />
      </Field>
      <Field
        label="Time zone"
        required
        hint="Times are shown in it to everybody who has set none of their own."
        error={fieldError(state, 'timeZone')}
      >
        <Combobox name="timeZone" items={items} defaultValue={{ value: timeZone, label: timeZone }} />
      </Field>
      <Field
        label="Minimum duration"
        hint="No policy may offer a shorter length. It can be lowered to 15 minutes. What is agreed or running keeps its length."
        error={fieldError(state, 'floorSeconds')}
        className="max-w-72"
      >
        <DurationInput label="Minimum duration" name="floorSeconds" defaultValue={floorSeconds} />
      </Field>
      <Field
        label="Keep what timeline entries say, in days"
        hint="At least 30; left empty, for ever. After that who did what, and when, stays, and the rest is erased for good. What is not over yet is kept until it is."
        error={fieldError(state, 'payloadDays')}
        className="max-w-72"
      >
        <Input
          name="payloadDays"
          type="text"
          inputMode="numeric"
          defaultValue={payloadDays ?? ''}
          maxLength={5}
          autoComplete="off"
        />
      </Field>
      {trouble && state.message ? (
        <div role="alert">
          <FieldError>{state.message}</FieldError>
        </div>
      ) : null}
      <div className="row">
        <Button type="submit" variant="primary" pending={pending}>
          Save organisation
        </Button>
      </div>
    </form>
  )
}
