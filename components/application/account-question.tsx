'use client'

import { useId, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { type Option, RadioRows } from '@/components/ui/choice'
import { Field, FieldError, Fieldset } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Badge } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import { type CandidateView, type QuestionView, questionWords } from '@/lib/account-views'
import { type FormState, idle } from '@/lib/form'
import { formatClock } from '@/lib/format'
import { fieldError, type SendForm, sent } from '@/lib/forms/state'

type Props = {
  applicationId: string
  question: QuestionView
  typing: boolean
  now: Date
  zone: string
  link: SendForm<{ account: string }>
}

/** Whose account is it? Those in question to choose from, or one typed as it is called there. */
export function QuestionCard({ applicationId, question, typing, now, zone, link }: Props) {
  const heading = useId()
  const { person, candidates, waiting } = question
  const free = candidates.filter((one) => !one.takenBy)
  const [choice, setChoice] = useState<string>(free.length > 0 ? '' : 'typed')
  const [state, setState] = useState<FormState<{ account: string }>>(idle)
  const [pending, start] = useTransition()
  const toast = useToast()
  const options: Option[] = [
    ...candidates.map((one) => ({
      value: one.id,
      label: one.name,
      hint: candidateNote(one),
      disabled: one.takenBy !== null,
    })),
    ...(typing ? [{ value: 'typed', label: 'Another account', hint: 'As it is called there' }] : []),
  ]
  const error = fieldError(state, 'text') ?? fieldError(state, 'accountId') ?? (state.message || null)

  function submit(form: FormData) {
    start(async () => {
      const answer = await sent(link, form)
      setState(answer)
      if (answer.status === 'done')
        toast({
          title: `${answer.result?.account ?? 'The account'} is ${person.name}’s`,
          description: waiting.length > 0 ? 'What waited goes on now.' : undefined,
        })
    })
  }

  return (
    <section className="card" aria-labelledby={heading}>
      <div className="card-head flex-wrap">
        <h2 className="card-title" id={heading}>
          Which account is {person.name}’s?
        </h2>
        <span className="grow" />
        <Badge tone="wait" icon="hourglass">
          {waiting.length > 0 ? `${waiting.join(', ')} waits` : 'Open'}
        </Badge>
      </div>
      <div className="card-pad stack gap-3!">
        <p>
          {questionWords[question.kind](person.email)}{' '}
          <span className="ink2">Asked {formatClock(question.openedAt, zone, now)}.</span>
        </p>
        {!question.mayAnswer ? (
          <p className="hint">
            An owner of the application or another admin says which one it is. Nobody says it for themself.
          </p>
        ) : options.length === 0 ? (
          <p className="hint">
            Have an account made there that answers to {person.email}. It is tried again at least every 15
            minutes.
          </p>
        ) : (
          <form
            className="stack gap-3!"
            onSubmit={(event) => {
              event.preventDefault()
              submit(new FormData(event.currentTarget))
            }}
          >
            <input type="hidden" name="applicationId" value={applicationId} />
            <input type="hidden" name="personId" value={person.id} />
            {choice && choice !== 'typed' ? <input type="hidden" name="accountId" value={choice} /> : null}
            {candidates.length > 0 ? (
              <Fieldset legend={`Account of ${person.name}`} legendClassName="sr">
                <RadioRows name="choice" value={choice} onValueChange={setChoice} options={options} />
              </Fieldset>
            ) : null}
            {choice === 'typed' ? (
              <Field
                label="Account"
                error={error}
                hint="Its name, login, address or id there; an exact match only."
              >
                <Input name="text" autoComplete="off" frameClassName="max-w-96" />
              </Field>
            ) : error ? (
              <FieldError>{error}</FieldError>
            ) : null}
            <div className="row">
              <Button
                type="submit"
                variant="primary"
                icon="link"
                pending={pending}
                reason={choice === '' ? 'Choose an account first' : undefined}
              >
                {choice === 'typed' ? 'Look up and link' : 'Link this account'}
              </Button>
            </div>
          </form>
        )}
      </div>
    </section>
  )
}

function candidateNote({ id, email, proposed, takenBy, present }: CandidateView): string {
  return [
    email,
    id,
    present && 'linked until now',
    proposed && 'named by the person themself',
    takenBy && `linked to ${takenBy}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
