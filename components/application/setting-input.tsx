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
  /** Tells the inputs of several forms on one page apart. */
  scope?: string
  /** Why it cannot be changed now. */
  fixed?: string
  /** Plays no part at present: not sent. */
  off?: boolean
  onValue?: (value: string) => void
}

/** The id of a setting's control, for an error summary. */
export const settingId = (name: string, scope?: string) => (scope ? `${scope}.${name}` : name)

/** One setting of a connector, drawn from its schema. */
export function SettingInput({ field, prefix, state, scope, fixed, off, onValue }: Props) {
  const name = `${prefix}.${field.name}`
  const value = field.value === undefined ? undefined : String(field.value)
  const required = isNeeded(field)
  if (field.kind === 'switch')
    return (
      <Switch
        id={settingId(name, scope)}
        name={name}
        label={field.label}
        hint={field.help}
        defaultChecked={field.value === true}
        disabled={off}
        onChange={(event) => onValue?.(String(event.target.checked))}
      />
    )
  return (
    <Field
      id={settingId(name, scope)}
      label={field.label}
      note={required || field.set || value !== undefined ? undefined : 'optional'}
      required={required}
      hint={fixed ?? field.help}
      error={fieldError(state, name)}
    >
      <Control {...{ field, name, value, fixed, off, onValue }} />
    </Field>
  )
}

/** Whether a form asks for it while it is shown; a secret that is set already need not be typed again. */
export function isNeeded({ required, when, set }: SettingField): boolean {
  return !set && (required || (when?.required ?? false))
}

type ControlProps = Pick<Props, 'field' | 'fixed' | 'off' | 'onValue'> & {
  name: string
  value: string | undefined
}

function Control({ field, name, value, fixed, off, onValue }: ControlProps) {
  const still = { readOnly: fixed !== undefined, tabIndex: fixed === undefined ? undefined : -1 }
  const placeholder = field.set ? 'set; type to replace it' : field.placeholder
  if (field.kind === 'choice')
    return (
      <>
        {fixed === undefined ? null : <input type="hidden" name={name} value={value ?? ''} disabled={off} />}
        <Select
          name={name}
          defaultValue={value}
          disabled={off || fixed !== undefined}
          onValueChange={onValue}
          options={(field.options ?? []).map((option) => ({ value: option, label: option }))}
        />
      </>
    )
  if (field.kind === 'multiline')
    return (
      <Textarea
        {...still}
        name={name}
        rows={4}
        maxLength={40_000}
        defaultValue={field.secret ? undefined : value}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        disabled={off}
        className={field.secret ? 'secret-area' : undefined}
      />
    )
  return (
    <Input
      {...still}
      name={name}
      type={field.secret ? 'password' : 'text'}
      maxLength={4_000}
      inputMode={field.kind === 'number' ? 'numeric' : undefined}
      autoComplete={field.secret ? 'new-password' : 'off'}
      spellCheck={false}
      defaultValue={field.secret ? undefined : value}
      placeholder={placeholder}
      disabled={off}
    />
  )
}
