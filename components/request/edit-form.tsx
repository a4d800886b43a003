'use client'

import { useState } from 'react'
import { LinkButton, SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, Fieldset } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import { Callout } from '@/components/ui/labels'
import type { RequestState } from '@/lib/domain/request'
import { formatDuration } from '@/lib/format'
import { wallClock } from '@/lib/forms/people'
import type { SendForm } from '@/lib/forms/state'
import { zoneOf } from '@/lib/reader-zone'
import type { RequestView } from '@/lib/views'
import { useSendForm } from './use-form'

export type EditFormProps = {
  request: RequestView
  presets: readonly { seconds: number; noticeSeconds: number; problem: string | null }[]
  reasonRequired: boolean
  /** Answers that a change makes void. */
  votes: number
  now: Date
  zone: string
  edit: SendForm<{ state: RequestState; grantId: string | null }>
}

const controls = { seconds: 'how-long', reason: 'why', startAt: 'start-at' }

/** Changes what a pending request asks for. Says that the answers so far become void. */
export function EditForm({ request, presets, reasonRequired, votes, now, zone, edit }: EditFormProps) {
  const form = useSendForm(edit, controls)
  const { startAt } = request
  const extension = request.kind === 'extension'
  const [reason, setReason] = useState(form.was('reason') ?? request.reason)
  const [start, setStart] = useState(form.was('startAt') ?? (startAt ? wallClock(startAt, zone) : ''))
  const chosen = form.was('seconds') ?? String(request.seconds ?? '')
  return (
    <form className="panel stack edit-form" aria-label="Change the request" {...form.props}>
      <input type="hidden" name="requestId" value={request.id} />
      <input type="hidden" name="zone" value={zone} />
      {startAt ? <input type="hidden" name="keptStart" value={startAt.toISOString()} /> : null}
      {presets.length === 0 ? <input type="hidden" name="permanent" value="on" /> : null}
      <ErrorSummary problems={form.problems} title="Nothing was changed" />
      <Callout tone="warn">
        <p>
          {votes > 0
            ? `${votes === 1 ? 'The answer' : `The ${votes} answers`} so far become${votes === 1 ? 's' : ''} void. It is asked anew from the first step, and its time to decide starts again.`
            : 'It is asked anew from the first step, and its time to decide starts again. Links in the mails so far decide nothing any more.'}
        </p>
      </Callout>
      {presets.length > 0 ? (
        <Fieldset id={controls.seconds} legend="For how long" error={form.error('seconds')}>
          <div className="opts">
            {presets.map((p) => (
              <label className="opt" key={p.seconds}>
                <input
                  type="radio"
                  className="radio"
                  name="seconds"
                  value={p.seconds}
                  defaultChecked={chosen === String(p.seconds)}
                  disabled={p.problem !== null}
                />
                <span>
                  <b>
                    {formatDuration(p.seconds)}
                    {extension ? ' more' : ''}
                  </b>
                  <small>{p.problem ?? `told ${formatDuration(p.noticeSeconds)} before`}</small>
                </span>
              </label>
            ))}
          </div>
        </Fieldset>
      ) : null}
      <Field
        id={controls.reason}
        label="Why you need it"
        note={reasonRequired ? undefined : 'if you like'}
        error={form.error('reason')}
        hint="Whoever decides reads this first."
        aside={`${reason.length.toLocaleString('en')} of 2,000`}
      >
        <Textarea
          name="reason"
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      {extension ? null : (
        <Field
          id={controls.startAt}
          label="Start"
          note={`in ${zoneOf(zone)}`}
          error={form.error('startAt')}
          hint="Left empty, it starts once it is agreed."
        >
          <Input
            type="datetime-local"
            name="startAt"
            value={start}
            min={wallClock(startAt && startAt < now ? startAt : now, zone)}
            onChange={(event) => setStart(event.target.value)}
          />
        </Field>
      )}
      <div className="acts">
        <LinkButton size="lg" href={`/requests/${request.id}`}>
          Leave it as it is
        </LinkButton>
        <SubmitButton size="lg" variant="primary" pending={form.pending}>
          Change the request
        </SubmitButton>
      </div>
    </form>
  )
}
