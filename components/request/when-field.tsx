'use client'

import { useState } from 'react'
import { SegmentedRadios } from '@/components/ui/choice'
import { Field, Fieldset } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { momentIn, wallClock } from '@/lib/forms/people'
import { zoneOf } from '@/lib/reader-zone'

/** The id of the field of a set start. */
export const START_ID = 'start-at'

type WhenFieldProps = {
  /** What was typed before the last answer. */
  was: (name: string) => string | undefined
  error: string | null
  hint?: string
  now: Date
  zone: string
  /** Told with every change: the set start, or null for "once it is agreed". */
  onStart?: (startAt: Date | null) => void
}

/** When it begins: once it is agreed, or at a set time on the reader's wall clock. */
export function WhenField({ was, error, hint, now, zone, onStart }: WhenFieldProps) {
  const [when, setWhen] = useState<'agreed' | 'set'>(was('when') === 'set' ? 'set' : 'agreed')
  const [startAt, setStartAt] = useState(was('startAt') ?? '')

  function change(next: { when?: 'agreed' | 'set'; startAt?: string }) {
    const now = { when, startAt, ...next }
    setWhen(now.when)
    setStartAt(now.startAt)
    onStart?.(now.when === 'set' && now.startAt ? momentIn(now.startAt, zone) : null)
  }

  return (
    <Fieldset legend="When" legendClassName="rq-l">
      <div className="rq-two">
        <SegmentedRadios
          name="when"
          value={when}
          onValueChange={(next) => change({ when: next })}
          options={[
            { value: 'agreed', label: 'Once it is agreed' },
            { value: 'set', label: 'At a set time', icon: 'calendar' },
          ]}
        />
      </div>
      {when === 'set' ? (
        <Field
          id={START_ID}
          className="mt-2"
          label="Start"
          note={`in ${zoneOf(zone)}`}
          error={error}
          hint={hint}
        >
          <Input
            type="datetime-local"
            name="startAt"
            frameClassName="w-64"
            min={wallClock(now, zone)}
            value={startAt}
            onChange={(event) => change({ startAt: event.target.value })}
          />
        </Field>
      ) : null}
    </Fieldset>
  )
}
