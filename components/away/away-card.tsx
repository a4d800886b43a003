'use client'

import { SubmitButton } from '@/components/ui/button'
import { FieldError } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { firstName } from '@/lib/asking-words'
import { standsInSentence } from '@/lib/away-words'
import { formatClock } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { AwayPage, DelegationView } from '@/lib/people-views'
import { useSendForm } from '../request/use-form'
import { AwayForm } from './away-form'

export type AwayActs = {
  set: SendForm<{ delegationId: string; startsAt: Date }>
  end: SendForm<{ endedAt: Date }>
}

type AwayCardProps = AwayActs & {
  personId: string
  /** Whose page it is; null on one's own. */
  name: string | null
  page: AwayPage
  now: Date
  zone: string
}

/** When somebody is away and who decides in their place: what runs, what is planned, and the form for more. */
export function AwayCard({ personId, name, page, now, zone, set, end }: AwayCardProps) {
  const { own, standsIn, choices } = page
  const maySet = choices.length > 0
  if (!maySet && own.length + standsIn.length === 0) return null
  const who = name ? firstName(name) : null
  return (
    <section className="card card-pad away" aria-labelledby="away">
      <div>
        <h2 className="section-title" id="away">
          Away?
        </h2>
        <p className="section-note">
          {who
            ? `For a time, somebody decides in ${who}’s place. ${who} can still decide, and what was decided stays.`
            : 'For a time, somebody decides in your place. You can still decide yourself, and what was decided stays.'}
        </p>
      </div>
      {own.length + standsIn.length > 0 ? (
        <ul className="away-list">
          {own.map((one) => (
            <Own key={one.id} one={one} who={who} maySet={maySet} now={now} zone={zone} end={end} />
          ))}
          {standsIn.map((place) => (
            <li key={place.id}>
              <Icon name="users" size={16} className="ink2" />
              <p className="grow">
                {who
                  ? standsInSentence(place, zone, now).replace('You decide', `${who} decides`)
                  : standsInSentence(place, zone, now)}
              </p>
            </li>
          ))}
        </ul>
      ) : null}
      {maySet ? (
        <AwayForm
          personId={personId}
          choices={choices}
          open={own.length === 0 && !name}
          now={now}
          zone={zone}
          set={set}
        />
      ) : null}
    </section>
  )
}

type OwnProps = {
  one: DelegationView
  who: string | null
  maySet: boolean
  now: Date
  zone: string
  end: AwayActs['end']
}

function Own({ one, who, maySet, now, zone, end }: OwnProps) {
  const form = useSendForm(end, {})
  const { substitute, startsAt, endsAt, running, idle } = one
  const span = running
    ? `until ${formatClock(endsAt, zone, now)}`
    : `from ${formatClock(startsAt, zone, now)} until ${formatClock(endsAt, zone, now)}`
  const label = running ? (who ? `${who} is back` : 'I am back') : 'Call off'
  return (
    <li>
      <Icon name={running ? 'calendar-clock' : 'calendar'} size={16} className="ink2" />
      <div className="grow min-w-0">
        <p>
          <b className="b">{substitute}</b> decides in {who ? `${who}’s` : 'your'} place {span}
        </p>
        {idle ? (
          <p className="c-warn t-sm">
            {substitute} is deactivated, so nobody stands in. End this and name somebody else.
          </p>
        ) : null}
        {form.problems.map(({ message }) => (
          <div role="alert" key={message}>
            <FieldError>{message}</FieldError>
          </div>
        ))}
      </div>
      {maySet ? (
        <form {...form.props}>
          <input type="hidden" name="delegationId" value={one.id} />
          <SubmitButton
            size="sm"
            icon={running ? 'undo' : 'x'}
            pending={form.pending}
            aria-label={`${label}: ${substitute} decides ${span}`}
          >
            {label}
          </SubmitButton>
        </form>
      ) : null}
    </li>
  )
}
