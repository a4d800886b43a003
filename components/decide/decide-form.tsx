'use client'

import { useState } from 'react'
import { useNow } from '@/components/lease/lease-clock'
import { TextWithName } from '@/components/request/entitlement-name'
import { useSendForm } from '@/components/request/use-form'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, Fieldset } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Textarea } from '@/components/ui/input'
import { Callout } from '@/components/ui/labels'
import { firstName } from '@/lib/asking-words'
import { consequenceWords, startOf } from '@/lib/deciding-words'
import { plus } from '@/lib/domain/duration'
import type { RequestState } from '@/lib/domain/request'
import { formatClock, formatDuration } from '@/lib/format'
import { momentIn } from '@/lib/forms/people'
import type { SendForm } from '@/lib/forms/state'
import type { ToDecide } from '@/lib/views'
import { othersWords } from './ask-facts'
import { StartField } from './start-field'

export type DecideAction = SendForm<{ state: RequestState; grantId: string | null }>

type DecideFormProps = {
  request: ToDecide
  now: Date
  zone: string
  decide: DecideAction
  /** May the one who decides also take it back later? */
  mayRevoke?: boolean
}

const controls = { seconds: 'how-long', note: 'note', startAt: 'start-at' }

/** One form with two buttons. Every length carries its own end, so it reads right without any script. */
export function DecideForm({ request, now, zone, decide, mayRevoke }: DecideFormProps) {
  const form = useSendForm(decide, controls)
  const current = useNow(now)
  const first = firstName(request.person.name)
  const asked = request.choices.find((c) => c.asked)
  const [chosen, setSeconds] = useState(form.was('seconds') ?? String(asked?.seconds ?? ''))
  // What is asked for may have become another length while the page was open.
  const fits = request.choices.some((c) => String(c.seconds) === chosen)
  const seconds = fits ? chosen : String(asked?.seconds ?? '')
  const [startAt, setStartAt] = useState(form.was('startAt') ?? '')
  const later = startAt ? momentIn(startAt, zone) : null
  const [round] = useState(request.round)
  const endOf = (length: number) => endWords(request, length, current, zone, later)
  return (
    <form className="panel stack" aria-label="Your decision" {...form.props}>
      <input type="hidden" name="requestId" value={request.id} />
      <input type="hidden" name="version" value={request.version} />
      {/* Enter in a field would press the first button; this one does nothing. */}
      <button type="submit" disabled hidden aria-hidden="true" tabIndex={-1} />
      <ErrorSummary problems={form.problems} title="Nothing was decided" />
      {round === request.round ? null : <ChangedWhileOpen name={request.askerName} />}
      <div>
        <h2 className="panel-title">Your decision</h2>
        <p className="quiet mt-0.5">{othersWords(request)}</p>
      </div>
      {request.choices.length > 0 ? (
        <Fieldset
          id={controls.seconds}
          legend="For how long"
          note={request.choices.length > 1 ? 'shorten it if you like' : undefined}
          error={form.error('seconds')}
        >
          <div className="opts">
            {request.choices.map((choice) => (
              <label className="opt" key={choice.seconds}>
                <input
                  type="radio"
                  className="radio"
                  name="seconds"
                  value={choice.seconds}
                  checked={seconds === String(choice.seconds)}
                  onChange={() => setSeconds(String(choice.seconds))}
                />
                <span>
                  <b>
                    {formatDuration(choice.seconds)}
                    {request.kind === 'extension' ? ' more' : ''}
                    {choice.asked ? <span className="tag">asked for</span> : null}
                  </b>
                  {choice.noticeSeconds ? (
                    <small>told {formatDuration(choice.noticeSeconds)} before</small>
                  ) : null}
                </span>
                <span className="opt-end">
                  <small>{request.kind === 'extension' ? 'until' : 'until about'}</small>
                  {endOf(choice.seconds)}
                </span>
              </label>
            ))}
          </div>
        </Fieldset>
      ) : (
        <p className="callout callout-warn">
          <Icon name="infinity" />
          <span>This is permanent access: it has no end and no notice.</span>
        </p>
      )}
      {request.kind === 'grant' ? (
        <StartField
          id={controls.startAt}
          request={request}
          value={startAt}
          onChange={setStartAt}
          error={form.error('startAt')}
          now={current}
          zone={zone}
        />
      ) : null}
      <Field
        id={controls.note}
        label={`Note to ${first}`}
        note="needed if you deny"
        error={form.error('note')}
      >
        <Textarea
          name="note"
          rows={2}
          maxLength={2000}
          defaultValue={form.was('note')}
          placeholder={`${first} sees this with your answer.`}
        />
      </Field>
      <div className="plain">
        <Icon name="info" />
        <span>
          <TextWithName
            text={consequenceWords(request, { later, mayRevoke }, current, zone)}
            name={request.entitlement.name}
          />
        </span>
      </div>
      <div className="acts acts-fixed">
        <p className="acts-line">
          <span>
            Asked:{' '}
            {asked
              ? `${formatDuration(asked.seconds)}, until about ${endOf(asked.seconds)}`
              : 'permanent access'}
          </span>
          <a href={`#${controls.note}`}>
            {request.choices.length > 1 ? 'Shorten, add a note' : 'Add a note'}
          </a>
        </p>
        <Button
          type="submit"
          name="verdict"
          value="deny"
          size="lg"
          pending={form.pressed === 'deny'}
          disabled={form.pending}
        >
          Deny
        </Button>
        <Button
          type="submit"
          name="verdict"
          value="approve"
          size="lg"
          variant="primary"
          icon="check"
          pending={form.pressed === 'approve'}
          disabled={form.pending}
        >
          Approve
        </Button>
      </div>
    </form>
  )
}

/** Until when a length would run: from now, from a later start, or on top of the present end. */
export function endWords(
  request: ToDecide,
  seconds: number,
  now: Date,
  zone: string,
  later: Date | null = null,
): string {
  return formatClock(plus(startOf(request, later, now), seconds), zone, now)
}

/** Said where what is asked for became another thing while the page was open. */
export function ChangedWhileOpen({ name }: { name: string }) {
  return (
    <Callout tone="warn" role="status">
      <p>{firstName(name)} changed this while you had it open. Look at it again before you decide.</p>
    </Callout>
  )
}
