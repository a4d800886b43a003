'use client'

import type { ReactNode } from 'react'
import { CheckboxField, Switch } from '@/components/ui/choice'
import { type ComboItem, MultiCombobox } from '@/components/ui/combobox'
import { DurationInput } from '@/components/ui/duration-input'
import { Field, FieldError } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { HOUR } from '@/lib/domain/duration'
import { type AutomaticRule, type PolicyDefinition, type Risk, risks } from '@/lib/domain/policy'
import { type PolicyNames, riskWords } from '@/lib/policy-words'
import { pick } from './step-requesters'
import { fieldId, type Problems } from './steps'

type Props = {
  definition: PolicyDefinition
  define: (change: Pick<PolicyDefinition, 'automatic'>) => void
  groups: readonly ComboItem[]
  names: PolicyNames
  problems: Problems
}

/** When nobody has to be asked: conditions that must all hold. */
export function AutomaticCard({ definition, define, groups, names, problems }: Props) {
  const { automatic: rule } = definition
  return (
    <section className="f-step card" aria-label="Agreed at once" id={fieldId('automatic')} tabIndex={-1}>
      <div className="f-toggle">
        <Switch
          label="Agreed at once"
          hint="Where all of these hold, nobody is asked. Never for whoever published the version, and never for what they ask for somebody else."
          checked={rule !== null}
          onChange={(event) => define({ automatic: event.target.checked ? usualRule(definition) : null })}
        />
        {problems.automatic ? <FieldError>{problems.automatic}</FieldError> : null}
      </div>
      {rule ? (
        <Conditions
          rule={rule}
          permanent={definition.mode === 'permanent'}
          usualSeconds={shortest(definition)}
          groups={groups}
          names={names}
          problems={problems}
          change={(part) => define({ automatic: { ...rule, ...part } })}
        />
      ) : null}
    </section>
  )
}

type ConditionProps = Pick<Props, 'groups' | 'names' | 'problems'> & {
  rule: AutomaticRule
  permanent: boolean
  usualSeconds: number
  change: (part: Partial<AutomaticRule>) => void
}

function Conditions({ rule, permanent, usualSeconds, groups, names, problems, change }: ConditionProps) {
  const never = permanent ? 'Permanent access has no length, so this never holds.' : undefined
  return (
    <div className="f-body">
      <span className="f-l">They are in</span>
      <Field label="They are in one of these groups" hideLabel>
        <MultiCombobox
          items={groups}
          placeholder="Any group, or none: leave it empty"
          value={pick(groups, rule.groupIds, names)}
          onValueChange={(items) => change({ groupIds: items.map((i) => i.value) })}
        />
      </Field>
      <span className="f-l is-top">Length</span>
      <Condition
        label="It is for at most"
        hint={never}
        on={rule.maxSeconds !== null}
        toggle={(on) => change({ maxSeconds: on ? usualSeconds : null })}
        locked={permanent && rule.maxSeconds === null}
      >
        <Field
          label="It is for at most"
          hideLabel
          id={fieldId('automatic.maxSeconds')}
          error={problems['automatic.maxSeconds']}
          className="mt-2"
        >
          <DurationInput
            className="max-w-52"
            label="It is for at most"
            value={rule.maxSeconds || null}
            onValueChange={(seconds) => change({ maxSeconds: seconds ?? 0 })}
          />
        </Field>
      </Condition>
      <span className="f-l">Risk</span>
      <Select
        aria-label="Risk of what is asked for"
        className="f-sel max-w-60"
        value={rule.maxRisk ?? 'any'}
        options={[
          { value: 'any', label: 'Plays no part' },
          ...risks.map((risk) => ({ value: risk, label: upperFirst(riskWords(risk)) })),
        ]}
        onValueChange={(value) => change({ maxRisk: value === 'any' ? null : (value as Risk) })}
      />
      <span className="f-l is-top">Held before</span>
      <Condition
        label="They held it not long ago"
        on={rule.heldWithinDays !== null}
        toggle={(on) => change({ heldWithinDays: on ? 30 : null })}
      >
        <Field
          label="In the last, days"
          id={fieldId('automatic.heldWithinDays')}
          error={problems['automatic.heldWithinDays']}
          className="mt-2"
        >
          <Input
            inputMode="numeric"
            autoComplete="off"
            frameClassName="w-20!"
            value={rule.heldWithinDays || ''}
            onChange={(event) => change({ heldWithinDays: days(event.target.value) })}
          />
        </Field>
      </Condition>
    </div>
  )
}

function Condition(props: {
  label: string
  hint?: string
  on: boolean
  locked?: boolean
  toggle: (on: boolean) => void
  children: ReactNode
}) {
  const { label, hint, on, locked, toggle, children } = props
  return (
    <div>
      <CheckboxField
        label={label}
        hint={hint}
        checked={on}
        disabled={locked}
        onChange={(event) => toggle(event.target.checked)}
      />
      {on ? children : null}
    </div>
  )
}

/** What the toggle starts with: the shortest length of what can do little harm. */
function usualRule(definition: PolicyDefinition): AutomaticRule {
  const maxSeconds = definition.mode === 'permanent' ? null : shortest(definition)
  return { groupIds: [], maxSeconds, maxRisk: 'low', heldWithinDays: null }
}

function shortest({ presets }: PolicyDefinition): number {
  const lengths = presets.map((p) => p.seconds).filter((s) => s > 0)
  return lengths.length > 0 ? Math.min(...lengths) : 6 * HOUR
}

const days = (text: string) => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : 0)
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
