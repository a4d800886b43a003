'use client'

import { type ComboItem, MultiCombobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import type { ApplicationChoices } from '@/lib/application-views'
import type { FormState } from '@/lib/form'
import { fieldError } from '@/lib/forms/state'

type Props = { state: FormState<unknown>; name?: string; description?: string | null }

/** What an application is called and what it is. */
export function AboutFields({ state, name, description }: Props) {
  return (
    <>
      <Field label="Name" id="application-name" required error={fieldError(state, 'name')}>
        <Input
          name="name"
          defaultValue={name}
          maxLength={120}
          autoComplete="off"
          placeholder="Data warehouse"
        />
      </Field>
      <Field label="Description" note="optional" error={fieldError(state, 'description')}>
        <Textarea name="description" rows={2} defaultValue={description ?? ''} />
      </Field>
    </>
  )
}

type OwnerProps = {
  choices: ApplicationChoices
  owners?: readonly { readonly id: string; readonly name: string }[]
  state: FormState<unknown>
}

/** Who owns an application. */
export function OwnerField({ choices, owners = [], state }: OwnerProps) {
  const items = choices.people.map(
    (p): ComboItem => ({ value: p.id, label: p.name, sub: p.team ?? undefined, kind: 'person' }),
  )
  const chosen = owners.map(
    (o): ComboItem =>
      items.find((item) => item.value === o.id) ?? { value: o.id, label: o.name, sub: 'deactivated' },
  )
  return (
    <Field
      label="Owners"
      hint="They see every grant of this application, can revoke, and are asked where a policy says so."
      error={fieldError(state, 'ownerIds')}
    >
      <MultiCombobox name="ownerIds" items={items} defaultValue={chosen} placeholder="Find a person" />
    </Field>
  )
}
