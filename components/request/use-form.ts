'use client'

import { type FormEvent, useActionState, useState, useTransition } from 'react'
import { type FormState, idle } from '@/lib/form'
import { fieldError, problemsOf, type SendForm, sent, typed } from '@/lib/forms/state'

/**
 * A form on a server action, which also works before any script has arrived. `error` and `was` read the last
 * answer by field; `problems` is all of it, for the summary. `controls` names the control of each field.
 */
export function useSendForm<R>(send: SendForm<R>, controls: Readonly<Record<string, string>>) {
  const [first, action] = useActionState<FormState<R>, FormData>(send, idle)
  const [answer, setAnswer] = useState<FormState<R> | null>(null)
  const [pending, start] = useTransition()
  const state = answer ?? first
  const [pressed, setPressed] = useState<string | null>(null)

  // Sent by hand: an action sent by the form itself would empty it afterwards, whatever was answered.
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (pending) return
    const { submitter } = event.nativeEvent as SubmitEvent
    const form = new FormData(event.currentTarget, submitter)
    setPressed(submitter instanceof HTMLButtonElement ? submitter.value : null)
    start(async () => setAnswer(await sent(send, form)))
  }

  return {
    state,
    /** For the `<form>`. */
    props: { action, onSubmit, noValidate: true },
    pending,
    /** The value of the button that was pressed, while its answer is awaited. */
    pressed: pending ? pressed : null,
    problems: problemsOf(state, controls),
    error: (name: string) => fieldError(state, name),
    was: (name: string) => typed(state, name),
  }
}
