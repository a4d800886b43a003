'use client'

import { Switch } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { SettingField } from '@/lib/application-views'
import type { FormState } from '@/lib/form'
import { fieldError } from '@/lib/forms/state'

type Props = {
  field: SettingField
  /** `settings` or `secrets`: the inputs are called `<prefix>.<field>`. */
  prefix: string
  state: FormState<unknown>
  /** Why it cannot be changed now. */
  fixed?: string
}

/** One setting of a connector, drawn from its schema. */
export function SettingInput({ field, prefix, state, fixed }: Props) {
  const name = `${prefix}.${field.name}`
  const value = field.value === undefined ? undefined : String(field.value)
  const error = fieldError(state, name)
  if (field.kind === 'switch')
    return <Switch name={name} label={field.label} hint={field.help} defaultChecked={field.value === true} />
  return (
    <Field
      id={name}
      label={field.label}
      note={field.required ? undefined : 'optional'}
      required={field.required}
      hint={fixed ?? field.help}
      error={error}
    >
      {field.kind === 'choice' ? (
        <Select
          name={name}
          defaultValue={value}
          options={(field.options ?? []).map((option) => ({ value: option, label: option }))}
        />
      ) : field.kind === 'multiline' ? (
        <Textarea
          name={name}
          rows={4}
          maxLength={40_000}
          defaultValue={value}
          placeholder={field.placeholder}
          spellCheck={false}
          readOnly={fixed !== undefined}
          tabIndex={fixed === undefined ? undefined : -1}
        />
      ) : (
        <Input
          name={name}
          type={field.secret ? 'password' : 'text'}
          maxLength={4_000}
          inputMode={field.kind === 'number' ? 'numeric' : undefined}
          autoComplete={field.secret ? 'new-password' : 'off'}
          spellCheck={false}
          defaultValue={field.secret ? undefined : value}
          placeholder={field.placeholder}
          readOnly={fixed !== undefined}
          tabIndex={fixed === undefined ? undefined : -1}
        />
      )}
    </Field>
  )
}
