'use client'

import { Combobox } from '@/components/ui/combobox'
import { DurationInput } from '@/components/ui/duration-input'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import type { ApplicationChoices, ApplicationPage } from '@/lib/application-views'
import type { FormState } from '@/lib/form'
import { fieldError } from '@/lib/forms/state'

type Props = {
  choices: ApplicationChoices
  value: ApplicationPage['byHand']
  state: FormState<unknown>
}

/** Who gives and takes by hand, how, and how long they have. */
export function ByHandFields({ choices, value, state }: Props) {
  const groups = choices.groups.map((g) => ({
    value: g.id,
    label: g.name,
    sub: g.size === 1 ? '1 person' : `${g.size} people`,
    kind: 'group' as const,
  }))
  return (
    <>
      <Field
        id="fulfilmentGroupId"
        label="Who gives and takes by hand"
        required
        hint="Every give and every take becomes a task for this group; one of them does it and says how it can be seen."
        error={fieldError(state, 'fulfilmentGroupId')}
      >
        <Combobox
          name="fulfilmentGroupId"
          items={groups}
          placeholder="Find a group"
          defaultValue={groups.find((g) => g.value === value?.group?.id) ?? null}
        />
      </Field>
      <Field
        label="Checklist"
        note="optional"
        hint="What to do, step by step; it stands on every task."
        error={fieldError(state, 'checklist')}
      >
        <Textarea name="checklist" rows={4} defaultValue={value?.checklist ?? ''} />
      </Field>
      <Field
        label="Time for a task"
        hint="A take that is not done by then is overdue, and shown as such everywhere."
        error={fieldError(state, 'taskSeconds')}
        className="max-w-60"
      >
        <DurationInput label="Time for a task" name="taskSeconds" defaultValue={value?.taskSeconds ?? 3600} />
      </Field>
    </>
  )
}
