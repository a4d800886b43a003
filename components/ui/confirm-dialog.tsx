'use client'

import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import clsx from 'clsx'
import { type FormEvent, type ReactElement, type ReactNode, useState, useTransition } from 'react'
import { Button } from './button'
import { Field, FieldError } from './field'
import { Icon, type IconName } from './icon'
import { Textarea } from './input'

export type Consequence = { icon?: IconName; tone?: 'bad' | 'warn' | 'ok'; text: ReactNode }

export type ConfirmDialogProps = {
  /** The question: "Revoke Ana's access now?" */
  title: string
  /** What happens, to whom, how early, who is told. One line each. */
  consequences: readonly Consequence[]
  /** Names the act: "Revoke now". */
  confirmLabel: string
  confirmIcon?: IconName
  /** Says what the safe way keeps: "Keep the access". */
  keepLabel: string
  tone?: 'danger' | 'primary'
  /** Asks for a typed reason. */
  reason?: { label?: string; hint?: string; required?: boolean; maxLength?: number; placeholder?: string }
  /** Runs the act. A returned string is what went wrong and keeps the question open. */
  onConfirm: (reason: string) => Promise<string | undefined | null>
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** More of the form, above the reason. */
  children?: ReactNode
}

/** Asks once more, naming the consequences. Focus starts on the reason, else on the safe button. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    consequences,
    reason,
    trigger,
    keepLabel,
    confirmLabel,
    confirmIcon,
    tone = 'danger',
  } = props
  const [ownOpen, setOwnOpen] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [missing, setMissing] = useState(false)
  const [pending, start] = useTransition()
  const open = props.open ?? ownOpen

  function setOpen(next: boolean) {
    if (pending) return
    if (next) {
      setProblem(null)
      setMissing(false)
    }
    setOwnOpen(next)
    props.onOpenChange?.(next)
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    // Portals bubble through React: a form around the trigger must not be sent along.
    event.stopPropagation()
    const form = event.currentTarget
    const typed = String(new FormData(form).get('reason') ?? '').trim()
    if (reason?.required && !typed) {
      setMissing(true)
      form.querySelector('textarea')?.focus()
      return
    }
    setMissing(false)
    start(async () => {
      const refused = await props.onConfirm(typed)
      if (refused) {
        setProblem(refused)
        return
      }
      setOwnOpen(false)
      props.onOpenChange?.(false)
    })
  }

  return (
    <Base.Root open={open} onOpenChange={(next) => setOpen(next)}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className="dialog-scrim" />
        <Base.Viewport className="dialog-wrap">
          <Base.Popup className="dialog" render={<form onSubmit={submit} noValidate />}>
            <Base.Title>{title}</Base.Title>
            <Base.Description render={<ul className="dialog-list" />}>
              {consequences.map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of sentences, never reordered.
                <li key={index}>
                  <Icon
                    name={line.icon ?? 'arrow-right'}
                    className={clsx(line.tone ? `c-${line.tone}` : 'ink2')}
                  />
                  <span>{line.text}</span>
                </li>
              ))}
            </Base.Description>
            {props.children}
            {reason ? (
              <Field
                label={reason.label ?? 'Reason'}
                hint={reason.hint}
                required={reason.required}
                error={missing ? 'Say why. Whoever is told reads this first.' : null}
              >
                <Textarea
                  name="reason"
                  maxLength={reason.maxLength ?? 2_000}
                  placeholder={reason.placeholder}
                />
              </Field>
            ) : null}
            {problem ? (
              <div role="alert" className="mt-3">
                <FieldError>{problem}</FieldError>
              </div>
            ) : null}
            <div className="dialog-acts">
              <Base.Close render={<Button disabled={pending}>{keepLabel}</Button>} />
              <Button
                type="submit"
                variant={tone === 'danger' ? 'danger-solid' : 'primary'}
                icon={confirmIcon}
                pending={pending}
              >
                {confirmLabel}
              </Button>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
