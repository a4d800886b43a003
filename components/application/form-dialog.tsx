'use client'

import { type FormEvent, type ReactElement, type ReactNode, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { FieldError } from '@/components/ui/field'
import { useToast } from '@/components/ui/toast'
import { useFocusOnProblem } from '@/components/ui/use-focus-on-problem'
import { type FormState, idle } from '@/lib/form'
import { type SendForm, sent } from '@/lib/forms/state'

type Props<R> = {
  title: string
  description?: ReactNode
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  action: SendForm<R>
  /** Sent along unseen: ids and the version one looked at. */
  hidden: Readonly<Record<string, string | number>>
  submitLabel: string
  /** Said when it is done. */
  done: string
  wide?: boolean
  children: (state: FormState<R>) => ReactNode
}

/** A short form in a dialog. It stays open, with everything typed, until it was done. */
export function FormDialog<R>(props: Props<R>) {
  const { title, description, trigger, action, hidden, submitLabel, done, wide } = props
  const toast = useToast()
  const [own, setOwn] = useState(false)
  const [state, setState] = useState<FormState<R>>(idle)
  const [pending, start] = useTransition()
  const element = useFocusOnProblem(state)
  const open = props.open ?? own

  function setOpen(next: boolean) {
    if (pending) return
    if (next) setState(idle)
    setOwn(next)
    props.onOpenChange?.(next)
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    event.stopPropagation()
    const form = new FormData(event.currentTarget)
    start(async () => {
      const answer = await sent(action, form)
      setState(answer)
      if (answer.status === 'done') {
        toast({ title: done })
        setOwn(false)
        props.onOpenChange?.(false)
      }
    })
  }

  const atField = Object.entries(state.lastResult?.error ?? {}).some(([name, found]) => name && found?.length)
  const trouble = state.status === 'refused' || state.status === 'failed'
  return (
    <Dialog
      title={title}
      description={description}
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      wide={wide}
    >
      <form ref={element} onSubmit={submit} noValidate className="dialog-form">
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="dialog-fields">{props.children(state)}</div>
        {trouble && (!atField || state.code !== 'invalid') && state.message ? (
          <div role="alert" className="mt-3">
            <FieldError>{state.message}</FieldError>
          </div>
        ) : null}
        <div className="dialog-acts">
          <DialogClose>
            <Button disabled={pending}>Close without saving</Button>
          </DialogClose>
          <Button type="submit" variant="primary" pending={pending}>
            {submitLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
