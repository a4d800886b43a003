'use client'

import { FormDialog } from '@/components/application/form-dialog'
import { Button } from '@/components/ui/button'
import { fieldError, type SendForm } from '@/lib/forms/state'
import { ReadingFields } from './reading-fields'

type Props = {
  personId: string
  timeZone: string | null
  locale: string | null
  usual: string
  zones: readonly string[]
  now: Date
  save: SendForm<null>
}

/** Changes how oneself reads times. */
export function OwnReading({ personId, save, ...rest }: Props) {
  return (
    <FormDialog
      title="How you read times"
      description="On every page and in every mail to you."
      trigger={<Button icon="clock">Change…</Button>}
      action={save}
      hidden={{ personId }}
      submitLabel="Save"
      done="Saved"
    >
      {(state) => <ReadingFields {...rest} error={(name) => fieldError(state, name)} />}
    </FormDialog>
  )
}
