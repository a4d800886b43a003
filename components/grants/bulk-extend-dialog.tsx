'use client'

import { type FormEvent, useEffect, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choice'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field, Fieldset } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { idle } from '@/lib/form'
import { formatDuration } from '@/lib/format'
import type { ActOutcome, GrantListRow } from '@/lib/grant-views'
import { formOf, type GrantActs, problemOf } from './acts'
import { askLengths } from './ask'
import { BulkOutcome } from './bulk-outcome'

export interface BulkExtendDialogProps {
  /** The selected grants that can still be extended. */
  readonly rows: readonly GrantListRow[]
  readonly act: GrantActs['extendSelected']
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Asks for the same more time for several holders. It asks only: each policy's approvers decide. */
export function BulkExtendDialog({ rows, act, onClose, onDone }: BulkExtendDialogProps) {
  // The list goes on living behind the question; what was asked about stays what was selected then.
  const [asked] = useState(rows)
  const [lengths, setLengths] = useState<readonly number[] | null>(null)
  const [outcome, setOutcome] = useState<readonly ActOutcome[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [missing, setMissing] = useState(false)
  const [pending, setPending] = useState(false)
  const name = useId()
  useEffect(() => {
    let current = true
    askLengths(asked.map((row) => row.id)).then(
      (found) => current && setLengths(found),
      () => current && setProblem('The lengths could not be read. Close this and try again.'),
    )
    return () => {
      current = false
    }
  }, [asked])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const reason = String(form.get('reason') ?? '').trim()
    setMissing(reason === '')
    if (reason === '') return
    setPending(true)
    const seconds = String(form.get(name) ?? '')
    const answer = await act(idle, formOf({ grantIds: asked.map((row) => row.id), seconds, reason }))
    setPending(false)
    const wrong = problemOf(answer)
    setProblem(wrong)
    if (!wrong) setOutcome(answer.result ?? [])
  }

  if (outcome)
    return (
      <BulkOutcome
        rows={asked}
        outcome={outcome}
        done="asked for"
        note="The approvers were told. An end moves when they agree."
        onClose={onDone}
      />
    )
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Ask for more time on ${asked.length === 1 ? '1 grant' : `${asked.length} grants`}`}
      description="Each is a request of its own. The approvers of its policy decide; whoever asks cannot."
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Fieldset legend="How much longer">
          {lengths ? (
            <RadioRows
              name={name}
              defaultValue={lengths[0] ? String(lengths[0]) : undefined}
              options={lengths.map((seconds) => ({
                value: String(seconds),
                label: formatDuration(seconds),
                hint: 'where its policy offers it',
              }))}
            />
          ) : (
            <p className="hint">{problem ? null : 'Looking up the lengths…'}</p>
          )}
        </Fieldset>
        <Field
          className="mt-4"
          label="Reason"
          hint="The same for all of them."
          required
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
            <Button disabled={pending}>Keep the ends as they are</Button>
          </DialogClose>
          <Button
            type="submit"
            variant="primary"
            icon="timer-reset"
            pending={pending}
            reason={lengths?.length ? undefined : 'There is no length to ask for yet'}
          >
            Ask for more time
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
