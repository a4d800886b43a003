'use client'

import type { ComboItem } from '@/components/ui/combobox'
import { FieldError } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { type ApprovalStep, type PolicyDefinition, policyLimits } from '@/lib/domain/policy'
import type { PolicyNames } from '@/lib/policy-words'
import { Outcomes } from './approval-outcomes'
import { StepCard } from './approval-step-card'
import { AutomaticCard } from './automatic-card'
import { EmergencyCard } from './emergency-card'
import { Question } from './step-parts'
import { fieldId, type Problems } from './steps'
import { useRows } from './use-rows'

type Props = {
  definition: PolicyDefinition
  define: (change: Partial<PolicyDefinition>) => void
  /** Everybody and every group that can be asked, after the two that are found by role. */
  approvers: readonly ComboItem[]
  groups: readonly ComboItem[]
  names: PolicyNames
  /** How many people are in a step's sets at present, the manager counted as one. */
  poolOf: (step: ApprovalStep) => number
  problems: Problems
}

const newStep: ApprovalStep = { approvers: [{ kind: 'owners' }], quorum: 1 }

/** Who has to agree, step by step. */
export function StepApproval({ definition, define, approvers, groups, names, poolOf, problems }: Props) {
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
          <li>
            <div className="f-join" />
            <AutomaticCard
              definition={definition}
              define={define}
              groups={groups}
              names={names}
              problems={problems}
            />
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
                names={names}
                pool={poolOf(step)}
                decideWithinSeconds={definition.decideWithinSeconds}
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
      <EmergencyCard definition={definition} define={define} problems={problems} />
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
