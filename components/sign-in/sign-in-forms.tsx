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

export type ProviderFormsProps = {
  act: FormAction<{ to: string }>
  providers: readonly { id: string; name: string }[]
  next: string
  /** Somebody who is signed in proves once more who they are. */
  again?: boolean
}

/** A button for each identity provider; only the first one is the main one. */
export function ProviderForms({ act, providers, next, again }: ProviderFormsProps) {
  const [state, send] = useActionState(act, idle)
  return (
    <div className="stack gap-2.5!">
      <Trouble state={state} />
      {providers.map((provider, index) => (
        <form action={send} key={provider.id}>
          <input type="hidden" name="next" value={next} />
          <input type="hidden" name="provider" value={provider.id} />
          {again ? <input type="hidden" name="again" value="yes" /> : null}
          <SubmitButton variant={index === 0 ? 'primary' : 'default'} size="lg" block>
            Continue with {provider.name}
          </SubmitButton>
        </form>
      ))}
    </div>
  )
}

export type LinkFormProps = {
  act: FormAction<null>
  next: string
  domain: string
  /** Whose address it is, where that is known. */
  email?: string
}

export function LinkForm({ act, next, domain, email = '' }: LinkFormProps) {
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
            defaultValue={typeof typed === 'string' ? typed : email}
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
  heading?: string
}

/** Each name is a button: in the demo one is whom one chooses to be. */
export function DemoForm({ act, next, people, heading = 'Sign in to the demo as' }: DemoFormProps) {
  const [state, send] = useActionState(act, idle)
  return (
    <section aria-labelledby="demo-people">
      <h2 id="demo-people" className="label">
        {heading}
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
