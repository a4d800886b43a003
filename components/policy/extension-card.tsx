'use client'

import { RadioGroup, Switch } from '@/components/ui/choice'
import { DurationInput } from '@/components/ui/duration-input'
import { Field, Fieldset } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { HOUR, MINUTE } from '@/lib/domain/duration'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'
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
        hint="Adds a “Request extension” button to the notice."
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
          <Field
            label="If nobody has answered at the end"
            id={fieldId('graceSeconds')}
            error={problems.graceSeconds}
          >
            <Select
              value={String(definition.graceSeconds)}
              options={graceOptions(definition.graceSeconds)}
              onValueChange={(value) => define({ graceSeconds: Number(value) })}
            />
          </Field>
        </div>
      ) : null}
      {extension.allowed ? (
        <div className="ext-who">
          <WhoAgrees definition={definition} define={define} problems={problems} />
        </div>
      ) : null}
    </div>
  )
}

function WhoAgrees({ definition, define, problems }: Props) {
  const { steps, extensionApproval } = definition
  const change = (part: Partial<PolicyDefinition['extensionApproval']>) =>
    define({ extensionApproval: { ...extensionApproval, ...part } })
  return (
    <Fieldset legend="Who agrees to more time">
      <RadioGroup
        name="extension-approval"
        value={extensionApproval.how}
        onValueChange={(how) => change({ how })}
        options={[
          { value: 'same', label: 'The same steps', hint: 'As for the access itself.' },
          {
            value: 'first',
            label: 'Only the first step',
            hint:
              steps.length > 1
                ? `Step 1 of ${steps.length}; the others are not asked again.`
                : 'There is only one step, so that is the same.',
            disabled: steps.length < 2 && extensionApproval.how !== 'first',
          },
          {
            value: 'automatic',
            label: 'Nobody, up to a length',
            hint: 'Agreed at once up to it, longer by the same steps. Never for whoever published the version.',
          },
        ]}
      />
      {extensionApproval.how === 'automatic' ? (
        <Field
          label="At once up to"
          id={fieldId('extensionApproval.automaticSeconds')}
          error={problems['extensionApproval.automaticSeconds']}
          className="mt-3"
        >
          <DurationInput
            className="max-w-60"
            label="More time at once up to"
            value={extensionApproval.automaticSeconds || null}
            onValueChange={(seconds) => change({ automaticSeconds: seconds ?? 0 })}
          />
        </Field>
      ) : null}
    </Fieldset>
  )
}

const usualGrace = [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR]

function graceOptions(chosen: number) {
  const lengths = new Set(chosen > 0 ? [...usualGrace, chosen] : usualGrace)
  return [
    { value: '0', label: 'It is taken back' },
    ...[...lengths]
      .sort((a, b) => a - b)
      .map((seconds) => ({ value: String(seconds), label: `Kept ${formatDuration(seconds)} more, once` })),
  ]
}
