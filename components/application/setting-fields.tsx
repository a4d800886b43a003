'use client'

import { useState } from 'react'
import type { SettingField } from '@/lib/application-views'
import type { FormState } from '@/lib/form'
import { playing, settingGroups } from '@/lib/setting-fields'
import { SettingInput } from './setting-input'

type Props = {
  fields: readonly SettingField[]
  /** `settings` or `secrets`: the inputs are called `<prefix>.<field>`. */
  prefix: string
  state: FormState<unknown>
  /** Tells the inputs of several forms on one page apart. */
  scope?: string
  /** Why fields that say which system this is cannot be changed now. */
  fixed?: string
}

const startOf = ({ kind, value }: SettingField) => String(value ?? (kind === 'switch' ? 'false' : ''))

/**
 * The form of a connector, drawn from its schema. What plays no part for the choices made is put aside with everything
 * that was typed into it, and is not sent.
 */
export function SettingFields({ fields, prefix, state, scope, fixed }: Props) {
  const [values, setValues] = useState(() => Object.fromEntries(fields.map((f) => [f.name, startOf(f)])))
  const shown = playing(fields, values)
  return settingGroups(fields).map(({ title, fields: under }) => {
    const inputs = under.map((field) => (
      <div key={field.name} hidden={!shown.has(field.name)}>
        <SettingInput
          field={field}
          prefix={prefix}
          scope={scope}
          state={state}
          fixed={field.target ? fixed : undefined}
          off={!shown.has(field.name)}
          onValue={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
        />
      </div>
    ))
    if (!title) return inputs
    const empty = !under.some((field) => shown.has(field.name))
    return (
      <fieldset key={under[0]?.name} className="set-group" hidden={empty}>
        <legend>{title}</legend>
        {inputs}
      </fieldset>
    )
  })
}
