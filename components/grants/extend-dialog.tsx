'use client'

import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choice'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field, Fieldset } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { useToast } from '@/components/ui/toast'
import { formatClock, formatDuration } from '@/lib/format'
import { sent } from '@/lib/forms/state'
import type { GrantDetails } from '@/lib/grant-views'
import { formOf, type GrantActs, problemOf } from './acts'
import { firstName } from './revoke-dialog'

export interface ExtendDialogProps {
  readonly details: GrantDetails
  readonly now: Date
  readonly zone: string
  readonly act: GrantActs['extend']
  readonly onClose: () => void
}

/** Asks for more time for the holder. It asks only: the policy's approvers decide, and the asker is none of them. */
export function ExtendDialog({ details, now, zone, act, onClose }: ExtendDialogProps) {
  const { row, extension, reasonRequired } = details
  const toast = useToast()
  const name = useId()
  const [problem, setProblem] = useState<string | null>(null)
  const [missing, setMissing] = useState(false)
  const [pending, setPending] = useState(false)
  const first = firstName(row)
  const choices = extension?.choices ?? []
  const fits = choices.find((choice) => !choice.why)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const reason = String(form.get('reason') ?? '').trim()
    setMissing(reasonRequired && reason === '')
    if (reasonRequired && reason === '') return
    setPending(true)
    const seconds = String(form.get(name) ?? '')
    const wrong = problemOf(await sent(act, formOf({ grantId: row.id, seconds, reason })))
    setPending(false)
    setProblem(wrong)
    if (wrong) return
    toast({
      title: `More time was asked for ${first}`,
      description: 'The approvers were told. The end moves when they agree.',
    })
    onClose()
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Ask for more time for ${first}`}
      description={`The approvers of ${details.policy.name} decide. Whoever asks, and ${first}, cannot.`}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Fieldset legend="How much longer">
          <RadioRows
            name={name}
            defaultValue={fits ? String(fits.seconds) : undefined}
            options={choices.map((choice) => ({
              value: String(choice.seconds),
              label: formatDuration(choice.seconds),
              hint: choice.why ?? `told ${formatDuration(choice.noticeSeconds)} before the end`,
              disabled: choice.why !== null,
              endLabel: 'until',
              end: formatClock(choice.end, zone, now),
            }))}
          />
        </Fieldset>
        <Field
          className="mt-4"
          label="Reason"
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
            <Button disabled={pending}>Keep the end as it is</Button>
          </DialogClose>
          <Button
            type="submit"
            variant="primary"
            icon="timer-reset"
            pending={pending}
            reason={fits ? undefined : 'No length fits the policy any more'}
          >
            Ask for more time
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
