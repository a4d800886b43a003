'use client'

import clsx from 'clsx'
import { type ComponentProps, type ReactNode, useState } from 'react'
import { useFieldWiring } from './field'
import { Icon, type IconName } from './icon'

export type InputProps = ComponentProps<'input'> & {
  icon?: IconName
  /** Right inside the frame: a key, a unit, a clear button. */
  after?: ReactNode
  frameClassName?: string
}

/** One line of text. Inside a `Field` it is wired by itself. */
export function Input({ icon, after, frameClassName, ...props }: InputProps) {
  const wiring = useFieldWiring(props)
  return (
    <div className={clsx('input', frameClassName)}>
      {icon ? <Icon name={icon} size={14} /> : null}
      <input type="text" {...props} {...wiring} />
      {after}
    </div>
  )
}

export type TextareaProps = ComponentProps<'textarea'> & {
  /** Counts what is typed against `maxLength`, in words a reader hears too. */
  counted?: boolean
}

/** Several lines of text: a reason, a note. */
export function Textarea({ counted, className, ...props }: TextareaProps) {
  const wiring = useFieldWiring(props)
  const initial = String(props.value ?? props.defaultValue ?? '').length
  const [typed, setTyped] = useState(initial)
  const length = props.value === undefined ? typed : initial
  return (
    <>
      <textarea
        rows={3}
        {...props}
        {...wiring}
        className={clsx('area', className)}
        onChange={(event) => {
          setTyped(event.target.value.length)
          props.onChange?.(event)
        }}
      />
      {counted && props.maxLength ? (
        <span className="hint num counter">
          {length.toLocaleString('en')} of {props.maxLength.toLocaleString('en')}
        </span>
      ) : null}
    </>
  )
}
