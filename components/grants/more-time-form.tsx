'use client'

import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { RadioRows, type RowOption } from '@/components/ui/choice'
import { DialogClose } from '@/components/ui/dialog'
import { Field, Fieldset } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'

export interface MoreTimeFormProps {
  readonly options: RowOption<string>[]
  /** The length that is chosen at first; without one nothing can be asked for, and `closed` says why. */
  readonly first: number | undefined
  readonly closed: string
  /** Stands where the lengths are not known yet. */
  readonly waiting?: ReactNode
  readonly reasonRequired: boolean
  readonly reasonHint?: string
  readonly keepLabel: string
  /** Asks; what went wrong keeps the form open with everything that was typed. */
  readonly ask: (input: { seconds: string; reason: string }) => Promise<string | null>
}

/** How much longer and why: the inside of a dialog that asks for more time. */
export function MoreTimeForm(props: MoreTimeFormProps) {
  const { options, first, reasonRequired } = props
  const [problem, setProblem] = useState<string | null>(null)
  const [missing, setMissing] = useState(false)
  const [pending, setPending] = useState(false)
  const name = useId()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const reason = String(form.get('reason') ?? '').trim()
    setMissing(reasonRequired && reason === '')
    if (reasonRequired && reason === '') return
    setPending(true)
    setProblem(await props.ask({ seconds: String(form.get(name) ?? ''), reason }))
    setPending(false)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Fieldset legend="How much longer">
        {props.waiting ?? (
          <RadioRows
            name={name}
            defaultValue={first === undefined ? undefined : String(first)}
            options={options}
          />
        )}
      </Fieldset>
      <Field
        className="mt-4"
        label="Reason"
        hint={props.reasonHint}
        note={reasonRequired ? undefined : 'optional'}
        required={reasonRequired}
        error={missing ? 'Say why it is needed longer' : null}
      >
        <Textarea name="reason" maxLength={2_000} />
      </Field>
      {problem ? (
        <p className="field-error" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="dialog-acts">
        <DialogClose>
          <Button disabled={pending}>{props.keepLabel}</Button>
        </DialogClose>
        <Button
          type="submit"
          variant="primary"
          icon="timer-reset"
          pending={pending}
          reason={first === undefined ? props.closed : undefined}
        >
          Ask for more time
        </Button>
      </div>
    </form>
  )
}
