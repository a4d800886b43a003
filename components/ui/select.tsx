'use client'

import { Select as Base } from '@base-ui/react/select'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useFieldWiring } from './field'
import { Icon } from './icon'

export type SelectOption<Value extends string = string> = {
  value: Value
  label: string
  hint?: ReactNode
  disabled?: boolean
}

export type SelectProps<Value extends string> = {
  options: readonly SelectOption<Value>[]
  value?: Value
  defaultValue?: Value
  onValueChange?: (value: Value) => void
  /** Submits the value with the form under this name. */
  name?: string
  id?: string
  placeholder?: string
  disabled?: boolean
  required?: boolean
  invalid?: boolean
  className?: string
  'aria-label'?: string
}

/** One of a short list. For long lists with a search use `Combobox`. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { options, onValueChange, placeholder, className, invalid } = props
  const wiring = useFieldWiring({ id: props.id, 'aria-invalid': invalid, required: props.required })
  return (
    <Base.Root
      items={options}
      name={props.name}
      value={props.value}
      defaultValue={props.defaultValue}
      disabled={props.disabled}
      required={wiring.required}
      onValueChange={(value) => {
        if (value !== null) onValueChange?.(value as Value)
      }}
    >
      <Base.Trigger
        className={clsx('select', className)}
        id={wiring.id}
        aria-label={props['aria-label']}
        aria-describedby={wiring['aria-describedby']}
        aria-invalid={wiring['aria-invalid']}
      >
        <span className="trunc">
          <Base.Value placeholder={placeholder} />
        </span>
        <Base.Icon render={<Icon name="chevron-down" size={14} />} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="pop-float" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="pop min-w-(--anchor-width)!">
            <Base.List className="pop-list pop-scroll">
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled}
                  className={clsx('pop-item', option.hint && 'is-two')}
                >
                  <span className="grow">
                    <Base.ItemText>{option.label}</Base.ItemText>
                    {option.hint ? <small>{option.hint}</small> : null}
                  </span>
                  <Base.ItemIndicator className="pop-tick">
                    <Icon name="check" size={14} />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
