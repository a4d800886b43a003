'use client'

import { Field } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import { Question } from './step-parts'
import { fieldId, type Problems } from './steps'
import type { Draft } from './use-draft'

type Props = { draft: Draft; update: (change: Partial<Draft>) => void; problems: Problems }

/** What the policy is called. Name and description are no rules: they hold as soon as they are saved. */
export function StepDetails({ draft, update, problems }: Props) {
  return (
    <>
      <Question sub="People see the name beside what they ask for. It changes as soon as it is saved; everything else waits until you publish.">
        What is this policy called?
      </Question>
      <div className="stack max-w-xl gap-5!">
        <Field label="Name" id={fieldId('name')} required error={problems.name}>
          <Input
            value={draft.name}
            maxLength={120}
            autoComplete="off"
            placeholder="Production read"
            onChange={(event) => update({ name: event.target.value })}
          />
        </Field>
        <Field
          label="Description"
          id={fieldId('description')}
          note="optional"
          hint="What this access is for, in one or two sentences."
          aside={`${draft.description.length} of 500`}
          error={problems.description}
        >
          <Textarea
            value={draft.description}
            rows={4}
            onChange={(event) => update({ description: event.target.value })}
          />
        </Field>
      </div>
    </>
  )
}
