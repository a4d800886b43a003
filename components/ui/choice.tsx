'use client'

import clsx from 'clsx'
import { type ComponentProps, type ReactNode, useEffect, useRef } from 'react'
import { Icon, type IconName } from './icon'

export type CheckboxProps = Omit<ComponentProps<'input'>, 'type'> & {
  /** Some but not all of a group. */
  indeterminate?: boolean
}

/** A bare checkbox; give it `aria-label` or put it in a label. */
export function Checkbox({ indeterminate = false, className, ...props }: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = indeterminate
  }, [indeterminate])
  return <input {...props} ref={box} type="checkbox" className={clsx('check', className)} />
}

type TickProps = Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; hint?: ReactNode }

/** Checkbox with its words. */
export function CheckboxField({ label, hint, className, ...props }: TickProps) {
  return (
    <label className={clsx('tick', className)}>
      <input {...props} type="checkbox" className="check" />
      <span>
        {label}
        {hint ? <small>{hint}</small> : null}
      </span>
    </label>
  )
}

/** On or off, at once. */
export function Switch({ label, hint, className, ...props }: TickProps) {
  return (
    <label className={clsx('tick', className)}>
      {/* biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox brings its own checked state. */}
      <input {...props} type="checkbox" role="switch" className="switch" />
      <span>
        {label}
        {hint ? <small>{hint}</small> : null}
      </span>
    </label>
  )
}

export type Option<Value extends string = string> = {
  value: Value
  label: ReactNode
  hint?: ReactNode
  /** Cannot be picked; `hint` says why. */
  disabled?: boolean
  icon?: IconName
}

type GroupProps<Value extends string> = {
  name: string
  options: Option<Value>[]
  value?: Value
  defaultValue?: Value
  onValueChange?: (value: Value) => void
  required?: boolean
  className?: string
}

function radioProps<Value extends string>(group: GroupProps<Value>, option: Option<Value>) {
  const controlled = group.value !== undefined
  return {
    type: 'radio' as const,
    name: group.name,
    value: option.value,
    disabled: option.disabled,
    required: group.required,
    checked: controlled ? group.value === option.value : undefined,
    defaultChecked: controlled ? undefined : group.defaultValue === option.value,
    onChange: () => group.onValueChange?.(option.value),
  }
}

/** Plain radios, one per line. Native, so a form works without JavaScript. */
export function RadioGroup<Value extends string>(group: GroupProps<Value>) {
  return (
    <div className={clsx('stack gap-2!', group.className)}>
      {group.options.map((option) => (
        <label className="tick" key={option.value}>
          <input {...radioProps(group, option)} className="radio" />
          <span>
            {option.label}
            {option.hint ? <small>{option.hint}</small> : null}
          </span>
        </label>
      ))}
    </div>
  )
}

/** Large radios for a choice that shapes the rest of the form. */
export function RadioCards<Value extends string>(group: GroupProps<Value>) {
  return (
    <div className={clsx('radio-cards', group.className)}>
      {group.options.map((option) => (
        <label className="radio-card" key={option.value}>
          <input {...radioProps(group, option)} className="radio" />
          <span>
            <span className="radio-card-title">{option.label}</span>
            {option.hint ? <span className="radio-card-hint">{option.hint}</span> : null}
          </span>
        </label>
      ))}
    </div>
  )
}

export type RowOption<Value extends string = string> = Option<Value> & {
  tag?: string
  /** Right side: small words, then the value ("until about", "Fri 13:58"). */
  end?: ReactNode
  endLabel?: ReactNode
}

/** Radio rows: a length, what it means, when it would end. */
export function RadioRows<Value extends string>(
  group: Omit<GroupProps<Value>, 'options'> & { options: RowOption<Value>[] },
) {
  return (
    <div className={clsx('opts', group.className)}>
      {group.options.map((option) => (
        <label className="opt" key={option.value}>
          <input {...radioProps(group, option)} className="radio" />
          <span>
            <b>
              {option.label}
              {option.tag ? <span className="tag">{option.tag}</span> : null}
            </b>
            {option.hint ? <small>{option.hint}</small> : null}
          </span>
          <span className="opt-end">
            {option.endLabel ? <small>{option.endLabel}</small> : null}
            {option.end}
          </span>
        </label>
      ))}
    </div>
  )
}

/** A few short answers in one bar, as part of a form. */
export function SegmentedRadios<Value extends string>(group: GroupProps<Value>) {
  return (
    <div className={clsx('seg', group.className)}>
      {group.options.map((option) => (
        <label className="seg-item" key={option.value}>
          <input {...radioProps(group, option)} className="sr" />
          {option.icon ? <Icon name={option.icon} size={14} /> : null}
          {option.label}
        </label>
      ))}
    </div>
  )
}
