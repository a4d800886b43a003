'use client'

import clsx from 'clsx'
import { createContext, type ReactNode, useContext, useId } from 'react'
import { Icon } from './icon'

type FieldWiring = { id: string; describedBy?: string; invalid: boolean; required: boolean }

const FieldContext = createContext<FieldWiring | null>(null)

type ControlProps = {
  id?: string
  required?: boolean
  'aria-describedby'?: string
  'aria-invalid'?: boolean | 'true' | 'false' | 'grammar' | 'spelling'
}

/** What a control inside a `Field` must carry; its own props win. */
export function useFieldWiring(own: ControlProps = {}) {
  const field = useContext(FieldContext)
  return {
    id: own.id ?? field?.id,
    required: own.required ?? (field?.required || undefined),
    'aria-describedby': own['aria-describedby'] ?? field?.describedBy,
    'aria-invalid': own['aria-invalid'] ?? (field?.invalid || undefined),
  }
}

export type FieldProps = {
  label: ReactNode
  /** Fixed id of the control, so that an error summary can link to it. */
  id?: string
  /** A few words after the label: "needed if you deny". */
  note?: ReactNode
  hint?: ReactNode
  /** Right of the hint: a counter, a limit. */
  aside?: ReactNode
  error?: string | string[] | null
  required?: boolean
  /** Keeps the label for readers only. */
  hideLabel?: boolean
  className?: string
  children: ReactNode
}

/** Label, control, hint and error, wired to each other. */
export function Field(props: FieldProps) {
  const { label, id, note, hint, aside, error, required = false, hideLabel, className, children } = props
  const own = useId()
  const message = firstMessage(error)
  const hintId = hint ? `${own}-hint` : undefined
  const errorId = message ? `${own}-error` : undefined
  const wiring: FieldWiring = {
    id: id ?? `${own}-control`,
    describedBy: clsx(errorId, hintId) || undefined,
    invalid: Boolean(message),
    required,
  }
  return (
    <div className={clsx('field', className)}>
      <label className={hideLabel ? 'sr' : 'label'} htmlFor={wiring.id}>
        {label}
        {note ? <small> {note}</small> : null}
      </label>
      <FieldContext value={wiring}>{children}</FieldContext>
      {message ? <FieldError id={errorId}>{message}</FieldError> : null}
      {hint || aside ? (
        <div className="field-row">
          <span className="hint" id={hintId}>
            {hint}
          </span>
          {aside ? <span className="hint num">{aside}</span> : null}
        </div>
      ) : null}
    </div>
  )
}

export type FieldsetProps = Omit<FieldProps, 'required' | 'label'> & {
  legend: ReactNode
  legendClassName?: string
}

/** The same for a group of radios or checkboxes. */
export function Fieldset(props: FieldsetProps) {
  const { legend, legendClassName, id, note, hint, aside, error, hideLabel, className, children } = props
  const own = useId()
  const message = firstMessage(error)
  const hintId = hint ? `${own}-hint` : undefined
  const errorId = message ? `${own}-error` : undefined
  return (
    <fieldset
      className={clsx('field', className)}
      id={id}
      tabIndex={id ? -1 : undefined}
      aria-describedby={clsx(errorId, hintId) || undefined}
    >
      <legend className={hideLabel ? 'sr' : (legendClassName ?? 'label')}>
        {legend}
        {note ? <small> {note}</small> : null}
      </legend>
      {children}
      {message ? <FieldError id={errorId}>{message}</FieldError> : null}
      {hint || aside ? (
        <div className="field-row">
          <span className="hint" id={hintId}>
            {hint}
          </span>
          {aside ? <span className="hint num">{aside}</span> : null}
        </div>
      ) : null}
    </fieldset>
  )
}

/** What is wrong, beside the control. Icon and words, not only colour. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p className="field-error" id={id}>
      <Icon name="circle-alert" size={14} />
      {children}
    </p>
  )
}

function firstMessage(error: FieldProps['error']): string | undefined {
  return (Array.isArray(error) ? error[0] : error) || undefined
}
