'use client'

import { useSendForm } from '@/components/request/use-form'
import { SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import type { TaskKind } from '@/lib/domain/work'
import type { SendForm } from '@/lib/forms/state'
import type { TaskView } from '@/lib/views'

type TaskFormProps = { task: TaskView; complete: SendForm<{ kind: TaskKind }> }

const controls = { evidence: 'evidence' }

/** Says that it was done by hand, and how one can see it. */
export function TaskForm({ task, complete }: TaskFormProps) {
  const form = useSendForm(complete, controls)
  const give = task.kind === 'give'
  return (
    <form className="panel stack" aria-label="Complete the task" {...form.props}>
      <input type="hidden" name="taskId" value={task.id} />
      <input type="hidden" name="version" value={task.version} />
      <ErrorSummary problems={form.problems} title="The task is still open" />
      <div>
        <h2 className="panel-title">When it is done</h2>
        <p className="quiet mt-0.5">
          {give
            ? 'The lease starts to run from the moment you say so.'
            : 'It counts as gone from the moment you say so; nobody looks again.'}
        </p>
      </div>
      <Field
        id={controls.evidence}
        label="What you did, and how one can see it"
        hint="Kept as the proof. A link to a screenshot or a ticket helps."
        error={form.error('evidence')}
      >
        <Textarea
          name="evidence"
          rows={4}
          maxLength={2000}
          defaultValue={form.was('evidence')}
          placeholder={
            give
              ? `Added ${task.person.email} to ${task.lease.entitlement.name} in ${task.lease.application.name}, member list shows it.`
              : `Removed ${task.person.email} from ${task.lease.entitlement.name} in ${task.lease.application.name}, member list shows it.`
          }
        />
      </Field>
      <div className="acts acts-fixed">
        <SubmitButton size="lg" variant="primary" icon="check" pending={form.pending}>
          {give ? 'It is given' : 'It is taken away'}
        </SubmitButton>
      </div>
    </form>
  )
}
