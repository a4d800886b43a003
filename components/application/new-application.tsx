'use client'

import { type FormEvent, useState, useTransition } from 'react'
import { Button, LinkButton } from '@/components/ui/button'
import { RadioCards } from '@/components/ui/choice'
import { ErrorSummary } from '@/components/ui/error-summary'
import type { ApplicationChoices, ApplicationSaved, ConnectorChoice } from '@/lib/application-views'
import { type FormState, idle } from '@/lib/form'
import { problemsOf, type SendForm, sent } from '@/lib/forms/state'
import { AboutFields, OwnerField } from './about-fields'
import { ByHandFields } from './by-hand-fields'
import { SettingInput } from './setting-input'

type Props = {
  connectors: readonly ConnectorChoice[]
  choices: ApplicationChoices
  action: SendForm<ApplicationSaved>
}

const BY_HAND = 'by-hand'

/** Adds an application: how it is reached decides which questions follow. */
export function NewApplication({ connectors, choices, action }: Props) {
  const [kind, setKind] = useState<string>(connectors[0]?.id ?? BY_HAND)
  const [state, setState] = useState<FormState<ApplicationSaved>>(idle)
  const [pending, start] = useTransition()
  const connector = connectors.find((c) => c.id === kind)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const missing = missingIn(form, connector)
    if (missing) setState(missing)
    else start(async () => setState(await sent(action, form)))
  }

  return (
    <form onSubmit={submit} noValidate className="stack mt-5 max-w-2xl gap-5!">
      <ErrorSummary problems={problemsIn(state, connector)} />
      <AboutFields state={state} />
      <OwnerField choices={choices} state={state} />
      <fieldset>
        <legend className="label mb-1.5">How access is given</legend>
        <RadioCards
          name="kind"
          value={kind}
          onValueChange={setKind}
          options={[
            ...connectors.map((c) => ({ value: c.id, label: c.name, hint: c.description })),
            { value: BY_HAND, label: 'By hand', hint: 'People give and take it, as tasks with a due time.' },
          ]}
        />
      </fieldset>
      {connector ? (
        <div className="stack card card-pad gap-4!" key={connector.id}>
          <input type="hidden" name="connector" value={connector.id} />
          <h2 className="card-title">How to reach it</h2>
          {connector.fields.map((field) => (
            <SettingInput key={field.name} field={field} prefix="settings" state={state} />
          ))}
          <p className="hint">Secrets are sealed at once and can be replaced, never read back.</p>
        </div>
      ) : (
        <div className="stack card card-pad gap-4!">
          <h2 className="card-title">How it is done by hand</h2>
          <ByHandFields choices={choices} value={null} state={state} />
        </div>
      )}
      <div className="row">
        <Button type="submit" variant="primary" pending={pending}>
          Add application
        </Button>
        <LinkButton href="/settings/access-management/applications" variant="ghost">
          Back to applications
        </LinkButton>
      </div>
    </form>
  )
}

/** Everything that has to be filled in and is not, at once; the server looks at the values, one kind at a time. */
function missingIn(form: FormData, connector: ConnectorChoice | undefined): FormState<never> | null {
  const needed: [name: string, message: string][] = [
    ['name', 'Give the application a name'],
    ...(connector
      ? connector.fields
          .filter((f) => f.required && f.kind !== 'switch')
          .map((f): [string, string] => [`settings.${f.name}`, `${f.label} is needed`])
      : [['fulfilmentGroupId', 'Choose the group that gives and takes by hand'] as [string, string]]),
  ]
  const missing = needed.filter(([name]) => !String(form.get(name) ?? '').trim())
  if (missing.length === 0) return null
  const error = Object.fromEntries(missing.map(([name, message]) => [name, [message]]))
  return { status: 'refused', code: 'invalid', lastResult: { status: 'error', error } }
}

function problemsIn(state: FormState<unknown>, connector: ConnectorChoice | undefined) {
  const settings = (connector?.fields ?? []).map((f) => `settings.${f.name}`)
  return problemsOf(state, {
    name: 'application-name',
    fulfilmentGroupId: 'fulfilmentGroupId',
    ...Object.fromEntries(settings.map((name) => [name, name])),
  })
}
