'use client'

import { Switch } from '@/components/ui/choice'
import { DurationInput } from '@/components/ui/duration-input'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { fieldId, type Problems } from './steps'

type Props = {
  definition: PolicyDefinition
  define: (change: Partial<PolicyDefinition>) => void
  problems: Problems
}

/** Whether holders may ask for more time from the notice, and how much. */
export function ExtensionCard({ definition, define, problems }: Props) {
  const { extension } = definition
  const change = (part: Partial<PolicyDefinition['extension']>) =>
    define({ extension: { ...extension, ...part } })
  const most = Math.max(10, extension.maxCount)
  return (
    <div className="block card ext">
      <Switch
        label="Allow access extension requests from expiry notifications"
        hint="Adds a “Request extension” button to the notice. Only a yes before the end keeps the access."
        checked={extension.allowed}
        onChange={(event) => change({ allowed: event.target.checked })}
      />
      {extension.allowed ? (
        <div className="ext-caps">
          <Field
            label="Extensions per grant"
            id={fieldId('extension.maxCount')}
            error={problems['extension.maxCount']}
          >
            <Select
              value={String(extension.maxCount)}
              options={Array.from({ length: most }, (_, i) => ({
                value: String(i + 1),
                label: i === 0 ? 'Once at most' : `${i + 1} at most`,
              }))}
              onValueChange={(value) => change({ maxCount: Number(value) })}
            />
          </Field>
          <Field
            label="Total, first length included"
            id={fieldId('extension.maxTotalSeconds')}
            error={problems['extension.maxTotalSeconds']}
          >
            <DurationInput
              label="Total, first length included"
              value={extension.maxTotalSeconds || null}
              onValueChange={(seconds) => change({ maxTotalSeconds: seconds ?? 0 })}
            />
          </Field>
          <p className="hint self-center">
            A request that is not decided at the end does not keep the access.
          </p>
        </div>
      ) : null}
    </div>
  )
}
