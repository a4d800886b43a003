'use client'

import { TimeText } from '@/components/lease/lease-clock'
import { useSendForm } from '@/components/request/use-form'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { firstName } from '@/lib/asking-words'
import type { SendForm } from '@/lib/forms/state'
import type { QuestionView } from '@/lib/views'

export type QuestionAction = SendForm<{ questionId: string }>
export type AnswerAction = SendForm<Record<string, never>>

type ListProps = {
  questions: readonly QuestionView[]
  me: string
  now: Date
  zone: string
  /** For who may answer: the request, and the action. */
  answering?: { requestId: string; answer: AnswerAction }
}

/** What was asked before deciding and what was answered, oldest first, with a form where one may answer. */
export function QuestionList({ questions, me, now, zone, answering }: ListProps) {
  return (
    <ol className="asked-list">
      {questions.map((q) => (
        <li key={q.id} id={`question-${q.id}`}>
          <p className="asked-q">
            <b className="bb">{q.personId === me ? 'You' : q.personName}</b> asked{' '}
            <TimeText at={q.askedAt} now={now} zone={zone} show="relative" className="ink2" />
          </p>
          <p className="asked-text">{q.text}</p>
          {q.answer !== null ? (
            <div className="asked-a">
              <p>
                <b className="bb">{q.answeredByName}</b> answered{' '}
                {q.answeredAt ? (
                  <TimeText at={q.answeredAt} now={now} zone={zone} show="relative" className="ink2" />
                ) : null}
              </p>
              <p className="asked-text">{q.answer}</p>
            </div>
          ) : answering ? (
            <AnswerForm question={q} {...answering} />
          ) : (
            <p className="quiet">Not answered yet.</p>
          )}
        </li>
      ))}
    </ol>
  )
}

/** The answer to one question; the request stays pending. */
function AnswerForm({
  question,
  requestId,
  answer,
}: {
  question: QuestionView
  requestId: string
  answer: AnswerAction
}) {
  const id = `answer-${question.id}`
  const form = useSendForm(answer, { text: id })
  const first = firstName(question.personName)
  return (
    <form className="stack asked-form" aria-label={`Your answer to ${question.personName}`} {...form.props}>
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="questionId" value={question.id} />
      <ErrorSummary problems={form.problems} title="Nothing was sent" />
      <Field id={id} label={`Your answer to ${first}`} error={form.error('text')}>
        <Textarea
          name="text"
          rows={2}
          maxLength={2000}
          defaultValue={form.was('text')}
          placeholder={`${first} gets it by mail and sees it with the request.`}
        />
      </Field>
      <div>
        <Button type="submit" variant="primary" icon="send" pending={form.pending}>
          Send the answer
        </Button>
      </div>
    </form>
  )
}

type AskProps = {
  requestId: string
  /** Whoever asked for it, who answers. */
  askerName: string
  question: QuestionAction
  /** For the field; another one where two such forms may stand on a page. */
  id?: string
}

/** Asks instead of deciding: one field, behind one line. */
export function AskInstead({ requestId, askerName, question, id = 'question' }: AskProps) {
  const form = useSendForm(question, { text: id })
  const first = firstName(askerName)
  const { status, at } = form.state
  const open = form.problems.length > 0 || status === 'done'
  return (
    <details className="more-of ask-instead" open={open ? true : undefined}>
      <summary>Ask instead of deciding</summary>
      <form className="stack" aria-label={`A question to ${first}`} {...form.props}>
        <input type="hidden" name="requestId" value={requestId} />
        <ErrorSummary problems={form.problems} title="Nothing was asked" />
        {status === 'done' ? (
          <p className="hint" role="status">
            Asked. {first} has a mail; the answer comes to you by mail and stands here.
          </p>
        ) : null}
        <Field
          id={id}
          label={`Question to ${first}`}
          error={form.error('text')}
          hint="The request stays undecided, and its time to decide runs on."
        >
          <Textarea
            key={status === 'done' ? at : 'asking'}
            name="text"
            rows={2}
            maxLength={2000}
            defaultValue={status === 'done' ? undefined : form.was('text')}
          />
        </Field>
        <div>
          <Button type="submit" icon="message" pending={form.pending}>
            Ask {first}
          </Button>
        </div>
      </form>
    </details>
  )
}
