'use client'

import { RadioCards, Switch } from '@/components/ui/choice'
import { type ComboItem, MultiCombobox } from '@/components/ui/combobox'
import { Field, FieldError } from '@/components/ui/field'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { PolicyNames } from '@/lib/policy-words'
import { goneItem } from './gone-item'
import { Question } from './step-parts'
import { fieldId, type Problems } from './steps'

type Props = {
  definition: PolicyDefinition
  define: (change: Partial<PolicyDefinition>) => void
  people: readonly ComboItem[]
  groups: readonly ComboItem[]
  names: PolicyNames
  eligible: number
  problems: Problems
}

/** Who may ask. */
export function StepRequesters({ definition, define, people, groups, names, eligible, problems }: Props) {
  const { requesters, reasonRequired } = definition
  const some =
    requesters.kind === 'some' ? requesters : { kind: 'some' as const, groupIds: [], personIds: [] }
  return (
    <>
      <Question sub="People ask for themselves, or their manager or an admin asks for them. Who belongs to a group is read when they ask, and again before anything is given.">
        Who may ask for it?
      </Question>
      <fieldset id={fieldId('requesters')} tabIndex={-1} aria-label="Who may request">
        <RadioCards
          name="requesters"
          value={requesters.kind}
          onValueChange={(kind) =>
            define({ requesters: kind === 'anyone' ? { kind: 'anyone' } : { ...some } })
          }
          options={[
            { value: 'anyone', label: 'Anyone', hint: 'Everybody in the organisation.' },
            { value: 'some', label: 'Some people', hint: 'The members of groups, and people by name.' },
          ]}
        />
        {requesters.kind === 'some' ? (
          <div className="stack mt-5 gap-4!">
            <Field label="Groups">
              <MultiCombobox
                items={groups}
                placeholder="Find a group"
                value={pick(groups, requesters.groupIds, names)}
                onValueChange={(items) =>
                  define({ requesters: { ...requesters, groupIds: items.map((i) => i.value) } })
                }
              />
            </Field>
            <Field label="People">
              <MultiCombobox
                items={people}
                placeholder="Find a person"
                value={pick(people, requesters.personIds, names)}
                onValueChange={(items) =>
                  define({ requesters: { ...requesters, personIds: items.map((i) => i.value) } })
                }
              />
            </Field>
          </div>
        ) : null}
        {problems.requesters ? (
          <div className="mt-3">
            <FieldError>{problems.requesters}</FieldError>
          </div>
        ) : (
          <p className="hint mt-3" role="status">
            {eligible === 1 ? '1 person may ask at present.' : `${eligible} people may ask at present.`}
          </p>
        )}
      </fieldset>
      <div className="card card-pad mt-6">
        <Switch
          label="A reason is required"
          hint="Approvers read it first, and it stays in the record."
          checked={reasonRequired}
          onChange={(event) => define({ reasonRequired: event.target.checked })}
        />
      </div>
    </>
  )
}

/** Items by id, in the order of the ids; one that is gone can still be taken out. */
export function pick(items: readonly ComboItem[], ids: readonly string[], names: PolicyNames): ComboItem[] {
  const known = new Map(items.map((item) => [item.value, item]))
  return ids.map((id) => known.get(id) ?? { value: id, ...goneItem(id, names) })
}
