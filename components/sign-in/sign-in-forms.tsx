'use client'

import { useActionState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { SubmitButton } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Callout } from '@/components/ui/labels'
import { type FormAction, type FormState, idle } from '@/lib/form'

/** Why the last try did not work, where that belongs to no field. */
function Trouble({ state }: { state: FormState }) {
  if (!state.message || state.status === 'idle') return null
  return (
    <Callout tone="bad" role="alert">
      {state.message}
    </Callout>
  )
}

export function ProviderForm({
  act,
  name,
  next,
}: {
  act: FormAction<{ to: string }>
  name: string
  next: string
}) {
  const [state, send] = useActionState(act, idle)
  return (
    <form action={send}>
      <Trouble state={state} />
      <input type="hidden" name="next" value={next} />
      <SubmitButton variant="primary" size="lg" block>
        Continue with {name}
      </SubmitButton>
    </form>
  )
}

export function LinkForm({ act, next, domain }: { act: FormAction<null>; next: string; domain: string }) {
  const [state, send] = useActionState(act, idle)
  const typed = state.lastResult?.initialValue?.email
  const error = state.lastResult?.error?.email
  return (
    <form action={send} noValidate>
      {error ? null : <Trouble state={state} />}
      <input type="hidden" name="next" value={next} />
      <Field label="Work e-mail" error={error} hint="The link works once, for 15 minutes." required>
        <div className="si-row">
          <Input
            key={state.at}
            name="email"
            type="email"
            inputMode="email"
            autoComplete="email"
            placeholder={`you@${domain}`}
            defaultValue={typeof typed === 'string' ? typed : ''}
            frameClassName="grow"
          />
          <SubmitButton size="lg">Send me a link</SubmitButton>
        </div>
      </Field>
    </form>
  )
}

export type DemoFormProps = {
  act: FormAction<{ to: string }>
  next: string
  people: readonly { id: string; name: string; title: string | null; parts: readonly string[] }[]
}

/** Each name is a button: in the demo one is whom one chooses to be. */
export function DemoForm({ act, next, people }: DemoFormProps) {
  const [state, send] = useActionState(act, idle)
  return (
    <section aria-labelledby="demo-people">
      <h2 id="demo-people" className="label">
        Sign in to the demo as
      </h2>
      <Trouble state={state} />
      <ul className="si-people">
        {people.map((person) => (
          <li key={person.id}>
            <form action={send}>
              <input type="hidden" name="next" value={next} />
              <button type="submit" name="personId" value={person.id} className="si-person">
                <Avatar name={person.name} />
                <span className="grow">
                  <span className="b trunc">{person.name}</span>
                  <small className="trunc">
                    {[person.title, ...person.parts].filter(Boolean).join(' · ')}
                  </small>
                </span>
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}

export type ConfirmFormProps = { act: FormAction<{ to: string }>; email: string; token: string; next: string }

export function ConfirmForm({ act, email, token, next }: ConfirmFormProps) {
  const [state, send] = useActionState(act, idle)
  return (
    <form action={send} className="mt-[22px]">
      <Trouble state={state} />
      <input type="hidden" name="email" value={email} />
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="next" value={next} />
      <SubmitButton variant="primary" size="lg" block>
        Sign in as {email}
      </SubmitButton>
    </form>
  )
}
