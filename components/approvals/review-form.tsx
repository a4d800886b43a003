'use client'

import { useSendForm } from '@/components/request/use-form'
import { SubmitButton } from '@/components/ui/button'
import { RadioCards } from '@/components/ui/choice'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, Fieldset } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { firstName } from '@/lib/asking-words'
import type { SendForm } from '@/lib/forms/state'
import { type ReviewVerdict, reviewVerdicts, reviewVerdictWords } from '@/lib/review-words'
import type { TaskView } from '@/lib/views'

type ReviewFormProps = { task: TaskView; complete: SendForm<{ verdict: ReviewVerdict }> }

const controls = { verdict: 'verdict', evidence: 'review-note' }

/** Says whether an emergency access was justified, and why one thinks so. */
export function ReviewForm({ task, complete }: ReviewFormProps) {
  const form = useSendForm(complete, controls)
  const first = firstName(task.person.name)
  const hints: Record<ReviewVerdict, string> = {
    justified: `It was an emergency, and ${first} did what it was for.`,
    not_justified: 'It could have waited, or it was used for something else.',
  }
  const was = reviewVerdicts.find((v) => v === form.was('verdict'))
  return (
    <form className="panel stack" aria-label="Review the emergency access" {...form.props}>
      <input type="hidden" name="taskId" value={task.id} />
      <input type="hidden" name="version" value={task.version} />
      <ErrorSummary problems={form.problems} title="It is still to be reviewed" />
      <Fieldset
        id={controls.verdict}
        legend="Was it justified"
        error={form.error('verdict')}
        hint={`Either way ${first} may take emergency access again from then on. Nothing else changes by it.`}
      >
        <RadioCards
          name="verdict"
          className="rv-cards"
          defaultValue={was}
          required
          options={reviewVerdicts.map((value) => ({
            value,
            label: reviewVerdictWords[value],
            hint: hints[value],
          }))}
        />
      </Fieldset>
      <Field
        id={controls.evidence}
        label="What you looked at, and what you found"
        hint={`Kept as the proof; ${first} reads it too.`}
        error={form.error('evidence')}
      >
        <Textarea
          name="evidence"
          rows={4}
          maxLength={1900}
          defaultValue={form.was('evidence')}
          placeholder="The incident, the logs, and whether anything follows from it."
        />
      </Field>
      <div className="acts acts-fixed">
        <SubmitButton size="lg" variant="primary" icon="check" pending={form.pending}>
          Finish the review
        </SubmitButton>
      </div>
    </form>
  )
}
