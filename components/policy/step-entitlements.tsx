'use client'

import { useState } from 'react'
import { EntitlementName } from '@/components/request/entitlement-name'
import { AppMark } from '@/components/ui/avatar'
import { CheckboxField } from '@/components/ui/choice'
import { FieldError } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Input } from '@/components/ui/input'
import { Badge, EmptyState } from '@/components/ui/labels'
import type { EntitlementChoice } from '@/lib/policy-views'
import { Question } from './step-parts'
import { fieldId, type Problems } from './steps'

type Props = {
  choices: readonly EntitlementChoice[]
  chosen: readonly string[]
  choose: (ids: string[]) => void
  problems: Problems
}

const risks = { low: 'off', medium: 'warn', high: 'bad' } as const

/** What the policy offers, by application; what cannot be offered is folded away, with its reason. */
export function StepEntitlements({ choices, chosen, choose, problems }: Props) {
  const [search, setSearch] = useState('')
  const text = search.trim().toLowerCase()
  const shown = choices.filter((c) => `${c.name} ${c.application}`.toLowerCase().includes(text))
  const open = shown.filter((c) => !c.why || chosen.includes(c.id))
  const closed = shown.filter((c) => c.why && !chosen.includes(c.id))
  const gone = chosen.filter((id) => !choices.some((c) => c.id === id))
  const toggle = (id: string, on: boolean) =>
    choose(on ? [...chosen, id] : chosen.filter((other) => other !== id))
  return (
    <>
      <Question sub="One policy offers an entitlement, so that nobody has to choose between rules.">
        What can people ask for?
      </Question>
      {choices.length === 0 ? (
        <EmptyState icon="boxes" title="There is nothing to offer yet">
          Add an application under Settings, Applications; its entitlements are listed here.
        </EmptyState>
      ) : (
        <fieldset id={fieldId('entitlementIds')} tabIndex={-1} aria-label="Entitlements">
          <div className="mb-3 flex flex-wrap items-center gap-3">
            <Input
              icon="search"
              type="search"
              frameClassName="max-w-72"
              aria-label="Find an entitlement"
              placeholder="Find an entitlement"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
            <span className="hint" role="status">
              {chosen.length === 1 ? '1 chosen' : `${chosen.length} chosen`}
            </span>
          </div>
          {problems.entitlementIds ? <FieldError>{problems.entitlementIds}</FieldError> : null}
          {gone.map((id) => (
            <CheckboxField
              key={id}
              checked
              label="An entitlement that does not exist any more"
              hint="Take it out"
              onChange={() => toggle(id, false)}
            />
          ))}
          {shown.length === 0 ? <p className="ink2 mt-4">Nothing is called “{search.trim()}”.</p> : null}
          <Cards list={open} chosen={chosen} toggle={toggle} />
          {open.length > 0 || text ? null : (
            <p className="ink2 mt-4">Everything that can be offered is offered already.</p>
          )}
          {closed.length > 0 ? (
            // Whoever looks for one of them should see it, and why.
            <details key={text ? 'found' : 'all'} className="p-closed" open={text !== '' || undefined}>
              <summary>
                <Icon name="chevron-right" size={14} />
                {closed.length} that cannot be offered
              </summary>
              <Cards list={closed} chosen={chosen} toggle={toggle} />
            </details>
          ) : null}
        </fieldset>
      )}
    </>
  )
}

type ListProps = {
  list: readonly EntitlementChoice[]
  chosen: readonly string[]
  toggle: (id: string, on: boolean) => void
}

/** One card for each application. */
function Cards({ list, ...rest }: ListProps) {
  const byApplication = new Map<string, EntitlementChoice[]>()
  for (const choice of list)
    byApplication.set(choice.applicationId, [...(byApplication.get(choice.applicationId) ?? []), choice])
  return (
    <div className="stack mt-3 gap-3!">
      {[...byApplication].map(([applicationId, those]) => (
        <ApplicationCard key={applicationId} name={those[0]?.application ?? ''} list={those} {...rest} />
      ))}
    </div>
  )
}

type CardProps = ListProps & { name: string }

function ApplicationCard({ name, list, chosen, toggle }: CardProps) {
  return (
    <section className="card" aria-label={name}>
      <div className="card-head">
        <AppMark name={name} />
        <h2 className="card-title">{name}</h2>
      </div>
      <ul className="p-choices">
        {list.map((choice) => {
          const on = chosen.includes(choice.id)
          return (
            <li key={choice.id}>
              <CheckboxField
                checked={on}
                // What is chosen already can always be taken out.
                disabled={choice.why !== null && !on}
                label={
                  <span className="b">
                    <EntitlementName name={choice.name} />
                  </span>
                }
                hint={choice.why ?? choice.description}
                onChange={(event) => toggle(choice.id, event.target.checked)}
              />
              {choice.risk === 'low' ? null : (
                <Badge tone={risks[choice.risk]} icon="flag">
                  {choice.risk === 'high' ? 'High risk' : 'Medium risk'}
                </Badge>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
