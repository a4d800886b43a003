'use client'

import { useSendForm } from '@/components/request/use-form'
import { SubmitButton } from '@/components/ui/button'
import { RadioCards } from '@/components/ui/choice'
import { MultiCombobox } from '@/components/ui/combobox'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, FieldError } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import type { SeparationEffect } from '@/lib/domain/separation'
import type { FormState } from '@/lib/form'
import type { SendForm } from '@/lib/forms/state'
import type { SeparationChoice, SeparationChoices } from '@/lib/separation-views'

type Saved = { separationId: string; version: number }

type RuleFormProps = {
  choices: SeparationChoices
  action: SendForm<Saved>
  /** The rule as it stands; absent for a new one. */
  rule?: {
    readonly id: string
    readonly version: number
    readonly name: string
    readonly reason: string
    readonly effect: SeparationEffect
    readonly entitlements: readonly SeparationChoice[]
    readonly approvers: readonly SeparationChoice[]
  }
}

const controls = {
  name: 'rule-name',
  entitlementIds: 'rule-entitlements',
  reason: 'rule-reason',
  effect: 'rule-effect',
  approvers: 'rule-approvers',
}

/** One rule: what is kept apart, why, and what happens to whoever asks for the other half. */
export function RuleForm({ choices, action, rule }: RuleFormProps) {
  const form = useSendForm(action, controls)
  const { state } = form
  const effect = form.was('effect') === 'extra_step' ? 'extra_step' : (rule?.effect ?? 'refuse')
  const effectError = form.error('effect')
  return (
    <form
      className="sep-form stack gap-5!"
      aria-label={rule ? `Rule ${rule.name}` : 'New rule'}
      {...form.props}
    >
      {rule ? (
        <>
          <input type="hidden" name="separationId" value={rule.id} />
          <input type="hidden" name="version" value={rule.version} />
        </>
      ) : null}
      <ErrorSummary problems={form.problems} title="Nothing was saved" />
      <Field label="Name" id={controls.name} required error={form.error('name')}>
        <Input
          name="name"
          defaultValue={form.was('name') ?? rule?.name}
          maxLength={80}
          autoComplete="off"
          placeholder="Pay or approve"
        />
      </Field>
      <Field
        label="Nobody may hold together"
        id={controls.entitlementIds}
        required
        hint="Any two of them, by whatever account. Two to twenty."
        error={form.error('entitlementIds')}
      >
        <MultiCombobox
          name="entitlementIds"
          items={choices.entitlements}
          defaultValue={chosen(state, 'entitlementIds', choices.entitlements, rule?.entitlements)}
          placeholder="Find an entitlement"
        />
      </Field>
      <Field
        label="Why they do not go together"
        id={controls.reason}
        required
        hint="Whoever is refused and whoever decides reads this."
        error={form.error('reason')}
      >
        <Textarea
          name="reason"
          rows={2}
          maxLength={500}
          defaultValue={form.was('reason') ?? rule?.reason}
          placeholder="Whoever makes a payment does not approve it."
        />
      </Field>
      <fieldset id={controls.effect} tabIndex={-1}>
        <legend className="label mb-1.5">Whoever asks for the other half</legend>
        <RadioCards
          name="effect"
          defaultValue={effect}
          options={[
            {
              value: 'refuse',
              label: 'Is refused',
              hint: 'With the reason. It holds for emergency access too.',
            },
            {
              value: 'extra_step',
              label: 'Needs one more approval',
              hint: 'After the steps of the policy. Emergency access does not wait for it.',
            },
          ]}
        />
        {effectError ? <FieldError>{effectError}</FieldError> : null}
      </fieldset>
      <div className="sep-approvers">
        <Field
          label="Who decides on the extra step"
          id={controls.approvers}
          hint="One yes is enough. Nobody decides on their own request, and nobody counts on two steps."
          error={form.error('approvers')}
        >
          <MultiCombobox
            name="approvers"
            items={choices.approvers}
            defaultValue={chosen(state, 'approvers', choices.approvers, rule?.approvers)}
            placeholder="Add a person, a group, the manager or the owners"
          />
        </Field>
      </div>
      <p className="hint">
        It holds from now on, also for what is asked for already. Nothing is taken from whoever holds two of
        them.
      </p>
      <div>
        <SubmitButton variant="primary" pending={form.pending}>
          {rule ? 'Save rule' : 'Make rule'}
        </SubmitButton>
      </div>
    </form>
  )
}

/** What was chosen before the last answer, else what the rule says. */
function chosen(
  state: FormState<unknown>,
  name: string,
  items: readonly SeparationChoice[],
  stands: readonly SeparationChoice[] = [],
): SeparationChoice[] {
  const sent = state.lastResult?.initialValue?.[name]
  if (sent === undefined) return [...stands]
  const values = [sent].flat()
  return [...items, ...stands].filter(
    (item, i, all) => values.includes(item.value) && all.findIndex((o) => o.value === item.value) === i,
  )
}
