'use client'

import { useSendForm } from '@/components/request/use-form'
import { LinkButton, SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { Callout, EmptyState } from '@/components/ui/labels'
import type { SendForm } from '@/lib/forms/state'

type Props = {
  id: string
  name: string
  active: boolean
  erased: readonly { readonly subject: string; readonly count: number }[]
  kept: number
  erase: SendForm<{ erased: number }>
}

const entries = (count: number) => (count === 1 ? '1 entry' : `${count} entries`)

const about: Record<string, string> = {
  request: 'requests',
  grant: 'grants',
  task: 'tasks',
  person: 'people',
  policy: 'access policies',
  application: 'applications',
  connection: 'connections',
  organisation: 'the organisation',
  group: 'groups',
  separation: 'separation rules',
}

/** What would be erased and what stays, then a reason and one button. */
export function EraseForm({ id, name, active, erased, kept, erase }: Props) {
  const form = useSendForm(erase, { reason: 'why' })
  const back = `/settings/people/${id}`
  const all = erased.reduce((sum, { count }) => sum + count, 0)
  if (form.state.status === 'done')
    return (
      <section className="stack gap-4! max-w-2xl">
        <Callout tone="ok" role="status">
          <p>
            What {entries(form.state.result?.erased ?? 0)} said was erased. That it was, and why, is recorded.
          </p>
        </Callout>
        <div>
          <LinkButton href={back}>Back to {name}</LinkButton>
        </div>
      </section>
    )
  if (active || all === 0)
    return (
      <EmptyState
        icon={active ? 'user-check' : 'circle-check'}
        heading="h2"
        title={active ? `${name} is active` : 'Nothing to erase'}
        actions={<LinkButton href={back}>Back to {name}</LinkButton>}
      >
        {active
          ? 'Deactivate this person first: what they do next would be recorded again.'
          : `No entry says anything of ${name} that could be erased now.${kept ? ` ${entries(kept)} of what is not over yet can be erased when it is.` : ''}`}
      </EmptyState>
    )
  return (
    <form className="stack gap-5! max-w-2xl" aria-label="Erase personal data" {...form.props}>
      <input type="hidden" name="personId" value={id} />
      <ErrorSummary problems={form.problems} title="Nothing was erased" />
      <Callout tone="bad" icon="octagon-alert">
        <p>
          What {entries(all)} said is erased for good: reasons, notes, addresses, what was changed. Who did
          what, to what and when stays, and so does proof that nothing else of the record was touched. There
          is no way back.
        </p>
      </Callout>
      <section className="card" aria-label="What is erased">
        <dl className="facts card-pad">
          {erased.map(({ subject, count }) => (
            <div key={subject} className="contents">
              <dt>About {about[subject] ?? subject}</dt>
              <dd className="num">{entries(count)}</dd>
            </div>
          ))}
          {kept > 0 ? (
            <div className="contents">
              <dt>Kept for now</dt>
              <dd>{entries(kept)} of what is not over yet; erase again when it is</dd>
            </div>
          ) : null}
        </dl>
      </section>
      <p className="ink2">
        It is about every entry that {name} wrote, that is about them or that names them. Not erased: their
        name and address on the people page, reasons of requests and notes of decisions as they stand there,
        and mails.
      </p>
      <Field
        id="why"
        label="Reason"
        required
        hint="It is recorded and never erased. Name nobody in it."
        error={form.error('reason')}
      >
        <Textarea name="reason" rows={3} maxLength={2000} defaultValue={form.was('reason')} />
      </Field>
      <div className="row">
        <SubmitButton variant="danger-solid" pending={form.pending}>
          Erase what {entries(all)} {all === 1 ? 'says' : 'say'}
        </SubmitButton>
        <LinkButton href={back}>Keep everything</LinkButton>
      </div>
    </form>
  )
}
