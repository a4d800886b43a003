'use client'

import { type FormEvent, useState, useTransition } from 'react'
import { Button, LinkButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import type { ApplicationChoices, ApplicationSaved, ConnectorChoice } from '@/lib/application-views'
import { BY_HAND, byHand } from '@/lib/connector-search'
import { type FormState, idle } from '@/lib/form'
import { fieldError, problemsOf, type SendForm, sent } from '@/lib/forms/state'
import { AboutFields, OwnerField } from './about-fields'
import { ByHandFields } from './by-hand-fields'
import { SettingFields } from './setting-fields'
import { isNeeded, settingId } from './setting-input'
import { WAY_SEARCH, WayPicker } from './way-picker'

type Props = {
  connectors: readonly ConnectorChoice[]
  choices: ApplicationChoices
  action: SendForm<ApplicationSaved>
}

/** Adds an application: how it is reached decides which questions follow. */
export function NewApplication({ connectors, choices, action }: Props) {
  const [kind, setKind] = useState<string | null>(null)
  // What was typed for one system is still there when one comes back from a look at another.
  const [seen, setSeen] = useState<readonly string[]>([])
  const [state, setState] = useState<FormState<ApplicationSaved>>(idle)
  const [pending, start] = useTransition()
  const connector = connectors.find((c) => c.id === kind)

  function choose(id: string) {
    setKind(id)
    setSeen((before) => (before.includes(id) ? before : [...before, id]))
    setState(idle)
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const missing = missingIn(form, kind, connector)
    if (missing) setState(missing)
    else start(async () => setState(await sent(action, form)))
  }

  return (
    <form onSubmit={submit} noValidate className="screen-new-app stack mt-5 max-w-3xl gap-5!">
      <ErrorSummary problems={problemsIn(state, connector)} />
      <WayPicker
        choices={[...connectors, byHand]}
        value={kind}
        onValue={choose}
        error={fieldError(state, 'kind')}
      />
      {connectors
        .filter((one) => seen.includes(one.id))
        .map((one) => (
          <fieldset
            key={one.id}
            className="card card-pad way-form"
            hidden={one !== connector}
            disabled={one !== connector}
          >
            <legend className="sr">How to reach it</legend>
            <h2 className="card-title">How to reach it: {one.name}</h2>
            <input type="hidden" name="connector" value={one.id} />
            <SettingFields fields={one.fields} prefix="settings" scope={one.id} state={state} />
            <p className="hint">Secrets are sealed at once and can be replaced, never read back.</p>
          </fieldset>
        ))}
      {seen.includes(BY_HAND) ? (
        <fieldset className="card card-pad way-form" hidden={kind !== BY_HAND} disabled={kind !== BY_HAND}>
          <legend className="sr">How it is done by hand</legend>
          <h2 className="card-title">How it is done by hand</h2>
          <ByHandFields choices={choices} value={null} state={state} />
        </fieldset>
      ) : null}
      <AboutFields state={state} />
      <OwnerField choices={choices} state={state} />
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
function missingIn(
  form: FormData,
  kind: string | null,
  connector: ConnectorChoice | undefined,
): FormState<never> | null {
  const settings = (connector?.fields ?? [])
    // What plays no part is not in the form, and is not missing.
    .filter((f) => isNeeded(f) && f.kind !== 'switch' && form.has(`settings.${f.name}`))
    .map((f): [string, string] => [`settings.${f.name}`, `${f.label} is needed`])
  const needed: [name: string, message: string][] = [
    ...(kind ? [] : [['kind', 'Choose how access is given'] as [string, string]]),
    ...settings,
    ...(kind === BY_HAND
      ? [['fulfilmentGroupId', 'Choose the group that gives and takes by hand'] as [string, string]]
      : []),
    ['name', 'Give the application a name'],
  ]
  const missing = needed.filter(([name]) => !String(form.get(name) ?? '').trim())
  if (missing.length === 0) return null
  const error = Object.fromEntries(missing.map(([name, message]) => [name, [message]]))
  return { status: 'refused', code: 'invalid', lastResult: { status: 'error', error } }
}

function problemsIn(state: FormState<unknown>, connector: ConnectorChoice | undefined) {
  const settings = (connector?.fields ?? []).map((f) => `settings.${f.name}`)
  return problemsOf(state, {
    kind: WAY_SEARCH,
    name: 'application-name',
    fulfilmentGroupId: 'fulfilmentGroupId',
    ...Object.fromEntries(settings.map((name) => [name, settingId(name, connector?.id)])),
  })
}
