'use client'

import { Switch } from '@/components/ui/choice'
import { DurationInput } from '@/components/ui/duration-input'
import { Field } from '@/components/ui/field'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { fieldId, type Problems } from './steps'

type Props = {
  definition: Pick<PolicyDefinition, 'emergency'>
  define: (change: Pick<PolicyDefinition, 'emergency'>) => void
  problems: Problems
}

/** Whether people may take it at once, before anybody agreed. For permanent policies too: it always ends. */
export function EmergencyCard({ definition, define, problems }: Props) {
  const { emergency } = definition
  const change = (part: Partial<PolicyDefinition['emergency']>) =>
    define({ emergency: { ...emergency, ...part } })
  return (
    <div className="block card ext">
      <Switch
        label="Emergency access (break-glass)"
        hint="Whoever may ask may also take it at once, with a reason, before anybody agreed."
        checked={emergency.allowed}
        onChange={(event) => change({ allowed: event.target.checked })}
      />
      {emergency.allowed ? (
        <div className="ext-emergency">
          <Field
            label="It ends after"
            id={fieldId('emergency.seconds')}
            error={problems['emergency.seconds']}
          >
            <DurationInput
              label="Emergency access ends after"
              value={emergency.seconds || null}
              onValueChange={(seconds) => change({ seconds: seconds ?? 0 })}
            />
          </Field>
          <ul>
            <li>It is given at once, for oneself, one at a time.</li>
            <li>The application’s owners and the admins are told as it happens.</li>
            <li>
              An owner or an admin reviews it afterwards; until then there is no next one for this person.
            </li>
          </ul>
        </div>
      ) : null}
    </div>
  )
}
