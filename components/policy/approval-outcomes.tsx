'use client'

import { DurationInput } from '@/components/ui/duration-input'
import { Field } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { ApprovalClock } from './approval-clock'
import { Reminders } from './reminders'
import { fieldId, type Problems } from './steps'

type Props = {
  definition: PolicyDefinition
  define: (change: Partial<PolicyDefinition>) => void
  problems: Problems
}

/** What becomes of a request: agreed to, or undecided, with whom is reminded on the way. */
export function Outcomes({ definition, define, problems }: Props) {
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
      <div className="card f-wide">
        <Icon name="bell" className="ink2" />
        <div className="grow min-w-0">
          <h2>While nobody answers</h2>
          <Reminders definition={definition} define={define} problems={problems} />
          <ApprovalClock definition={definition} />
        </div>
      </div>
    </div>
  )
}
