'use client'

import { FormDialog } from '@/components/application/form-dialog'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import type { FormState } from '@/lib/form'
import { fieldError, type SendForm } from '@/lib/forms/state'

type Props = { state: FormState<unknown>; name?: string; description?: string | null }

/** What a group is called and what it is for. */
export function GroupFields({ state, name, description }: Props) {
  return (
    <>
      <Field label="Name" id="group-name" required error={fieldError(state, 'name')}>
        <Input
          name="name"
          defaultValue={name}
          maxLength={80}
          autoComplete="off"
          placeholder="Data stewards"
        />
      </Field>
      <Field label="Description" note="optional" error={fieldError(state, 'description')}>
        <Textarea name="description" rows={2} defaultValue={description ?? ''} maxLength={500} />
      </Field>
    </>
  )
}

/** Makes a group; its page, where people are added, opens next. */
export function NewGroup({ create }: { create: SendForm<{ groupId: string }> }) {
  return (
    <FormDialog
      title="New group"
      description="People are added on its page, which opens next."
      trigger={
        <Button variant="primary" icon="plus">
          New group
        </Button>
      }
      action={create}
      hidden={{}}
      submitLabel="Make the group"
      done="Group made"
    >
      {(state) => <GroupFields state={state} />}
    </FormDialog>
  )
}
