'use client'

import { type FormEvent, useState } from 'react'
import { ApartText, AskTitle, Roles, stateWords } from '@/components/decide/ask-facts'
import { ChangedWhileOpen, endWords } from '@/components/decide/decide-form'
import { HoldsList } from '@/components/decide/holds-list'
import { AskInstead, type QuestionAction, QuestionList } from '@/components/decide/questions'
import { StartField } from '@/components/decide/start-field'
import { LiveLeaseBar, TimeText, useNow } from '@/components/lease/lease-clock'
import { ClockNotes } from '@/components/request/clock-notes'
import { Steps } from '@/components/request/steps'
import { Button } from '@/components/ui/button'
import { SegmentedRadios } from '@/components/ui/choice'
import { FieldError } from '@/components/ui/field'
import { Badge, Callout, Kbd } from '@/components/ui/labels'
import { firstName } from '@/lib/asking-words'
import { formatClock, formatDuration } from '@/lib/format'
import { momentIn } from '@/lib/forms/people'
import { historyWords } from '@/lib/past-words'
import type { ToDecide } from '@/lib/views'
import { GoneText } from './queue-row'

type PanelProps = {
  request: ToDecide
  /** What became of it, where it does not wait any more. */
  gone: { words: string; at: Date | null } | null
  /** What was typed for it before. */
  draft: string
  onDraft: (text: string) => void
  me: string
  question: QuestionAction
  now: Date
  zone: string
  form: {
    action: (form: FormData) => void
    onSubmit: (event: FormEvent<HTMLFormElement>) => void
    pending: boolean
    pressed: string | null
    /** What the last answer to this very request said. */
    problem: string | null
    noteProblem: boolean
    startProblem: string | null
  }
}

/** What the focused row is about, and the decision on it. */
export function QueuePanel({ request, gone, draft, onDraft, me, question, now, zone, form }: PanelProps) {
  const current = useNow(now)
  const { person, entitlement } = request
  const first = firstName(person.name)
  const asked = request.choices.find((c) => c.asked)
  const [chosen, setSeconds] = useState(String(asked?.seconds ?? ''))
  // What is asked for may have become another length while the panel was open.
  const fits = request.choices.some((c) => String(c.seconds) === chosen)
  const seconds = fits ? chosen : String(asked?.seconds ?? '')
  const [startAt, setStartAt] = useState('')
  const later = startAt ? momentIn(startAt, zone) : null
  const [round] = useState(request.round)
  const off = gone ? 'It does not wait for you any more' : undefined
  const history = historyWords(request.past)
  const place = [[person.title, person.team].filter(Boolean).join(', '), reportsTo(person.managerName)]
  return (
    <section className="ap-view" aria-label={`${person.name} asks for ${entitlement.name}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
      <section className="ap-body" tabIndex={0} aria-label="What is asked for">
        {gone ? (
          <div className="mb-3">
            <Callout tone="info" role="status">
              <p>
                <GoneText gone={gone} now={current} />
              </p>
            </Callout>
          </div>
        ) : (
          <p className="state">
            <Badge tone="wait" icon="hourglass">
              {stateWords(request)}
            </Badge>
            <TimeText at={request.decideBy} now={now} zone={zone} lead="lapses" />
          </p>
        )}
        {round === request.round ? null : <ChangedWhileOpen name={request.askerName} />}
        <h2>
          <AskTitle request={request} />
        </h2>
        <p className="ink2 mt-1">
          {[...place, `asked ${formatClock(request.askedAt, zone, current)}`].filter(Boolean).join(' · ')}
        </p>
        <Roles request={request} now={current} zone={zone} />
        {request.reason ? <blockquote className="quote">{request.reason}</blockquote> : null}
        <ClockNotes request={request} steps={request.steps} now={now} zone={zone} />
        <dl className="ap-facts">
          {request.startAt && request.startAt > current ? (
            <>
              <dt>Starts</dt>
              <dd>
                <TimeText at={request.startAt} now={now} zone={zone} />
              </dd>
            </>
          ) : null}
          {request.apart.length > 0 ? (
            <>
              <dt>Kept apart</dt>
              <dd>
                <ApartText request={request} />
              </dd>
            </>
          ) : null}
          <dt>Lets {first}</dt>
          <dd>
            {entitlement.description ?? 'Nobody has written down what it gives yet.'}
            {entitlement.risk === 'high' ? (
              <span className="row mt-1.5">
                <Badge tone="warn" icon="flag">
                  High risk
                </Badge>
              </span>
            ) : null}
          </dd>
          {request.kind === 'extension' && request.grant ? (
            <>
              <dt>Would keep</dt>
              <dd>
                <LiveLeaseBar
                  facts={request.grant.times}
                  now={now}
                  zone={zone}
                  ghostEnd={request.grant.pending?.newEnd}
                />
                <TimeText at={request.grant.times.endsAt ?? now} now={now} zone={zone} lead="ends" />
                {seconds ? `, then ${laterWords(request, Number(seconds), current, zone)}` : null}
              </dd>
            </>
          ) : null}
          <dt>Holds already</dt>
          <dd>
            <HoldsList holds={request.holds} now={now} zone={zone} short />
          </dd>
          <dt>Asked before</dt>
          <dd>
            {history.lead}
            {history.rest}
          </dd>
          {request.steps.length > 1 || request.votes.length > 0 ? (
            <>
              <dt>Who agrees</dt>
              <dd>
                <Steps steps={request.steps} approval={request.approval} now={current} zone={zone} />
              </dd>
            </>
          ) : null}
          {request.questions.length > 0 ? (
            <>
              <dt>Questions</dt>
              <dd>
                <QuestionList questions={request.questions} me={me} now={now} zone={zone} />
              </dd>
            </>
          ) : null}
        </dl>
        {gone ? null : (
          <AskInstead
            requestId={request.id}
            askerName={request.askerName}
            question={question}
            id="ap-question"
          />
        )}
      </section>
      <form
        className="ap-act stack"
        action={form.action}
        onSubmit={form.onSubmit}
        noValidate
        aria-label="Your decision"
      >
        <input type="hidden" name="requestId" value={request.id} />
        <input type="hidden" name="version" value={request.version} />
        {/* Enter in a field would press the first button; this one does nothing. */}
        <button type="submit" disabled hidden aria-hidden="true" tabIndex={-1} />
        {request.choices.length > 0 ? (
          <div className="row gap-3">
            <span className="label" id="ap-length">
              For how long
            </span>
            <div role="radiogroup" aria-labelledby="ap-length" className="ml-auto">
              <SegmentedRadios
                name="seconds"
                value={seconds}
                onValueChange={setSeconds}
                options={request.choices.map((c) => ({
                  value: String(c.seconds),
                  label: `${formatDuration(c.seconds)}${c.asked ? ', as asked' : ''}`,
                }))}
              />
            </div>
          </div>
        ) : null}
        {request.kind === 'grant' && !gone ? (
          <StartField
            id="ap-start"
            request={request}
            value={startAt}
            onChange={setStartAt}
            error={form.startProblem}
            now={current}
            zone={zone}
          />
        ) : null}
        <textarea
          className="area"
          id="ap-note"
          name="note"
          rows={1}
          maxLength={2000}
          defaultValue={draft}
          onChange={(event) => onDraft(event.target.value)}
          placeholder={`Note to ${first} (needed if you deny)`}
          aria-label={`Note to ${first}`}
          aria-invalid={form.noteProblem || undefined}
          aria-describedby={form.problem ? 'ap-problem' : undefined}
        />
        {form.problem ? (
          <div role="alert">
            <FieldError id="ap-problem">{form.problem}</FieldError>
          </div>
        ) : null}
        <div className="acts">
          <Button
            id="ap-deny"
            type="submit"
            name="verdict"
            value="deny"
            size="lg"
            pending={form.pressed === 'deny'}
            disabled={form.pending || gone !== null}
            reason={off}
            aria-keyshortcuts="D"
          >
            Deny<Kbd>D</Kbd>
          </Button>
          <Button
            id="ap-approve"
            type="submit"
            name="verdict"
            value="approve"
            size="lg"
            variant="primary"
            pending={form.pressed === 'approve'}
            disabled={form.pending || gone !== null}
            reason={off}
            aria-keyshortcuts="A"
          >
            {seconds
              ? `Approve until ${request.kind === 'extension' ? '' : 'about '}${endWords(request, Number(seconds), current, zone, later)}`
              : 'Approve without an end'}
            <Kbd>A</Kbd>
          </Button>
        </div>
      </form>
    </section>
  )
}

/** The end it would have instead; its day only when it is another one. */
function laterWords(request: ToDecide, seconds: number, now: Date, zone: string): string {
  const later = endWords(request, seconds, now, zone)
  const end = request.grant?.times.endsAt
  const sameDay = end && formatClock(end, zone, now).slice(0, -5) === later.slice(0, -5)
  return sameDay ? later.slice(-5) : later
}

function reportsTo(name: string | null): string {
  return name ? `reports to ${name}` : ''
}
