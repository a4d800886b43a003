'use client'

import { IconButton } from '@/components/ui/button'
import { Switch } from '@/components/ui/choice'
import { type ComboItem, MultiCombobox } from '@/components/ui/combobox'
import { DurationInput } from '@/components/ui/duration-input'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { HOUR, MINUTE } from '@/lib/domain/duration'
import type { ApprovalStep, ApproverRef } from '@/lib/domain/policy'
import type { PolicyNames } from '@/lib/policy-words'
import { goneItem } from './gone-item'
import { fieldId, type Problems } from './steps'
import type { useRows } from './use-rows'

type CardProps = {
  index: number
  step: ApprovalStep
  approvers: readonly ComboItem[]
  /** What those are called who cannot be asked any more, too. */
  names: PolicyNames
  pool: number
  /** Until when the step could wait at all, in seconds. */
  decideWithinSeconds: number
  problems: Problems
  change: (step: ApprovalStep) => void
  remove: () => void
  grip: ReturnType<ReturnType<typeof useRows>['grip']>
}

/** One approval step: who is asked, how many have to agree, and who is asked too when nobody answers. */
export function StepCard(props: CardProps) {
  const { index, step, approvers, names, pool, decideWithinSeconds, problems, change, remove, grip } = props
  const number = index + 1
  const chosen = step.approvers.map((ref) => itemOf(ref, approvers, names))
  return (
    <section className="f-step card" aria-label={`Step ${number}`}>
      <div className="f-head">
        <IconButton
          icon="grip"
          label={`Move step ${number}, with the arrow keys`}
          className="grip"
          {...grip}
        />
        <span className="f-n" aria-hidden="true">
          {number}
        </span>
        <h2>
          {chosen.length
            ? chosen.map((item, i) => (i ? lowerFirst(item) : item.label)).join(' or ')
            : 'Nobody yet'}
        </h2>
        <span className="grow" />
        <IconButton icon="trash" label={`Remove step ${number}`} onClick={remove} />
      </div>
      <div className="f-body">
        <span className="f-l">Asked</span>
        <Field
          label={`Asked on step ${number}`}
          hideLabel
          id={fieldId(`steps.${index}.approvers`)}
          error={problems[`steps.${index}.approvers`]}
        >
          <MultiCombobox
            items={approvers}
            placeholder="Add a person, a group, the manager or the owners"
            value={chosen}
            onValueChange={(items) => change({ ...step, approvers: items.map(refOf) })}
          />
        </Field>
        <span className="f-l">Needed</span>
        <div className="row gap-1.5!">
          <Select
            aria-label={`Needed on step ${number}`}
            id={fieldId(`steps.${index}.quorum`)}
            className="f-sel w-28!"
            value={String(step.quorum)}
            options={quorumOptions(step, pool)}
            onValueChange={(value) => change({ ...step, quorum: value === 'all' ? 'all' : Number(value) })}
          />
          <span className="ink2">{quorumWords(step)}</span>
        </div>
        <span className="f-l is-top">No answer</span>
        <Escalation
          index={index}
          step={step}
          decideWithinSeconds={decideWithinSeconds}
          problems={problems}
          change={change}
        />
      </div>
    </section>
  )
}

function quorumOptions(step: ApprovalStep, pool: number) {
  const most = Math.max(1, Math.min(pool, 10), step.quorum === 'all' ? 1 : step.quorum)
  const numbers = Array.from({ length: most }, (_, i) => String(i + 1))
  return [
    ...numbers.map((n) => ({ value: n, label: pool >= Number(n) ? `${n} of ${pool}` : n })),
    { value: 'all', label: 'Everyone' },
  ]
}

function quorumWords({ quorum }: ApprovalStep): string {
  if (quorum === 'all') return 'all who are asked have to agree'
  return quorum === 1 ? 'one yes is enough' : `${quorum} different people have to agree`
}

type EscalationProps = Pick<CardProps, 'index' | 'step' | 'decideWithinSeconds' | 'problems' | 'change'>

function Escalation({ index, step, decideWithinSeconds, problems, change }: EscalationProps) {
  const { escalateSeconds, ...rest } = step
  const path = `steps.${index}.escalateSeconds`
  const label = `Ask the fallback too, step ${index + 1}, after`
  return (
    <div>
      <Switch
        label={
          <>
            Ask the fallback too<span className="sr"> on step {index + 1}</span>
          </>
        }
        hint="The application’s owners, then the admins. Whoever was asked first may still decide."
        checked={escalateSeconds !== undefined}
        onChange={(event) =>
          change(
            event.target.checked ? { ...rest, escalateSeconds: usualEscalation(decideWithinSeconds) } : rest,
          )
        }
      />
      {escalateSeconds === undefined ? null : (
        <Field label="After" id={fieldId(path)} error={problems[path]} className="mt-2">
          <DurationInput
            className="max-w-52"
            label={label}
            value={escalateSeconds || null}
            onValueChange={(seconds) => change({ ...rest, escalateSeconds: seconds ?? 0 })}
          />
        </Field>
      )}
    </div>
  )
}

/** 8 hours, or half of a shorter time to decide. */
function usualEscalation(decideWithinSeconds: number): number {
  const half = Math.floor(decideWithinSeconds / 2 / MINUTE) * MINUTE
  return Math.max(15 * MINUTE, Math.min(8 * HOUR, half))
}

/** The two kinds of approver that are found by role. */
export const roleApprovers: readonly ComboItem[] = [
  { value: 'manager', label: 'Manager', sub: 'of whoever asks' },
  { value: 'owners', label: 'Application owners', sub: 'of what is asked for' },
]

function itemOf(ref: ApproverRef, items: readonly ComboItem[], names: PolicyNames): ComboItem {
  const value = ref.kind === 'person' || ref.kind === 'group' ? `${ref.kind}:${ref.id}` : ref.kind
  return (
    items.find((item) => item.value === value) ?? { value, ...goneItem('id' in ref ? ref.id : '', names) }
  )
}

function refOf({ value }: ComboItem): ApproverRef {
  if (value === 'manager' || value === 'owners') return { kind: value }
  const [kind, id = ''] = value.split(':')
  return kind === 'group' ? { kind: 'group', id } : { kind: 'person', id }
}

/** "Manager or application owners"; names keep their capital. */
function lowerFirst({ value, label }: ComboItem): string {
  return value.includes(':') ? label : label.charAt(0).toLowerCase() + label.slice(1)
}
