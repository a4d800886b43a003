'use client'

import { IconButton } from '@/components/ui/button'
import { type ComboItem, MultiCombobox } from '@/components/ui/combobox'
import { DurationInput } from '@/components/ui/duration-input'
import { Field, FieldError } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Select } from '@/components/ui/select'
import { type ApprovalStep, type ApproverRef, type PolicyDefinition, policyLimits } from '@/lib/domain/policy'
import { Question } from './step-parts'
import { fieldId, type Problems } from './steps'
import { useRows } from './use-rows'

type Props = {
  definition: PolicyDefinition
  define: (change: Partial<PolicyDefinition>) => void
  /** Everybody and every group that can be asked, after the two that are found by role. */
  approvers: readonly ComboItem[]
  /** How many people are in a step's sets at present, the manager counted as one. */
  poolOf: (step: ApprovalStep) => number
  problems: Problems
}

const newStep: ApprovalStep = { approvers: [{ kind: 'owners' }], quorum: 1 }

/** Who has to agree, step by step. */
export function StepApproval({ definition, define, approvers, poolOf, problems }: Props) {
  const { steps } = definition
  const rows = useRows<ApprovalStep>(
    steps,
    (next) => define({ steps: next }),
    (i) => `Step ${i + 1}`,
  )
  const full = steps.length >= policyLimits.steps ? `At most ${policyLimits.steps} steps` : undefined
  return (
    <>
      <Question sub="Steps run in order. One no ends the request. Nobody decides on their own request, and nobody counts twice.">
        Who has to agree?
      </Question>
      <div id={fieldId('steps')} tabIndex={-1}>
        {problems.steps ? <FieldError>{problems.steps}</FieldError> : null}
        <ol className="flow" ref={rows.list}>
          <li>
            <span className="f-cap">
              <Icon name="send" />
              Someone asks
              <small>from the catalogue{definition.reasonRequired ? ', with a reason' : ''}</small>
            </span>
          </li>
          {steps.map((step, i) => (
            <li key={rows.keyOf(i)} data-row>
              <Join
                label={i === 0 ? 'Add a step at the start' : `Add a step after step ${i}`}
                reason={full}
                add={() => rows.insert(i, newStep)}
              />
              <StepCard
                index={i}
                step={step}
                approvers={approvers}
                pool={poolOf(step)}
                problems={problems}
                change={(next) => define({ steps: steps.map((s, at) => (at === i ? next : s)) })}
                remove={() => rows.remove(i)}
                grip={rows.grip(i)}
              />
            </li>
          ))}
          <li>
            <Join
              label="Add a step at the end"
              reason={full}
              add={() => rows.insert(steps.length, newStep)}
            />
            <Outcomes definition={definition} define={define} problems={problems} />
          </li>
        </ol>
      </div>
      <p className="sr" aria-live="polite">
        {rows.said}
      </p>
    </>
  )
}

function Join({ label, reason, add }: { label: string; reason?: string; add: () => void }) {
  return (
    <div className="f-join">
      {reason ? null : (
        <button type="button" className="ins" aria-label={label} onClick={add}>
          <Icon name="plus" size={12} />
          Step
        </button>
      )}
    </div>
  )
}

type CardProps = {
  index: number
  step: ApprovalStep
  approvers: readonly ComboItem[]
  pool: number
  problems: Problems
  change: (step: ApprovalStep) => void
  remove: () => void
  grip: ReturnType<ReturnType<typeof useRows>['grip']>
}

function StepCard({ index, step, approvers, pool, problems, change, remove, grip }: CardProps) {
  const number = index + 1
  const chosen = step.approvers.map((ref) => itemOf(ref, approvers))
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

type OutcomeProps = Pick<Props, 'definition' | 'define' | 'problems'>

function Outcomes({ definition, define, problems }: OutcomeProps) {
  return (
    <div className="f-out">
      <div className="card">
        <Icon name="circle-check" className="c-ok" />
        <div className="grow">
          <h2>All steps agreed</h2>
          <p>Given at once, or at the start that was asked for. If the system does not answer, we try for</p>
          <Field
            label="Giving is tried for"
            hideLabel
            id={fieldId('startWithinSeconds')}
            error={problems.startWithinSeconds}
            className="mt-2 max-w-52"
          >
            <DurationInput
              label="Giving is tried for"
              value={definition.startWithinSeconds || null}
              onValueChange={(seconds) => define({ startWithinSeconds: seconds ?? 0 })}
            />
          </Field>
        </div>
      </div>
      <div className="card">
        <Icon name="hourglass" className="c-off" />
        <div className="grow">
          <h2>Undecided after</h2>
          <p>The request lapses. They may ask anew.</p>
          <Field
            label="Undecided after"
            hideLabel
            id={fieldId('decideWithinSeconds')}
            error={problems.decideWithinSeconds}
            className="mt-2 max-w-52"
          >
            <DurationInput
              label="Undecided after"
              value={definition.decideWithinSeconds || null}
              onValueChange={(seconds) => define({ decideWithinSeconds: seconds ?? 0 })}
            />
          </Field>
        </div>
      </div>
    </div>
  )
}

/** The two kinds of approver that are found by role. */
export const roleApprovers: readonly ComboItem[] = [
  { value: 'manager', label: 'Manager', sub: 'of whoever asks' },
  { value: 'owners', label: 'Application owners', sub: 'of what is asked for' },
]

function itemOf(ref: ApproverRef, items: readonly ComboItem[]): ComboItem {
  const value = ref.kind === 'person' || ref.kind === 'group' ? `${ref.kind}:${ref.id}` : ref.kind
  return items.find((item) => item.value === value) ?? { value, label: 'somebody who is gone' }
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
