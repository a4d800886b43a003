'use client'

import { useActionState } from 'react'
import { LeaseClock, useNow } from '@/components/lease/lease-clock'
import { SubmitButton } from '@/components/ui/button'
import { FieldError } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { type FormAction, idle } from '@/lib/form'
import { formatDay, formatDuration, formatTime } from '@/lib/format'
import { Banner } from './banner'

export type ClockBannerProps = {
  now: Date
  zone: string
  /** How far the clock is ahead of the real one, in milliseconds. */
  offsetMs: number
  /** Moves the clock; left out where nobody is signed in. */
  act?: FormAction<{ now: Date }>
}

const STEPS = [
  { advance: '1h', label: '+1 h', name: 'Move the clock 1 hour forward' },
  { advance: '6h', label: '+6 h', name: 'Move the clock 6 hours forward' },
  { advance: '1d', label: '+1 day', name: 'Move the clock 1 day forward' },
] as const

/** On every page of the demo: what time it is taken to be there, and the way to move it forward. */
export function ClockBanner({ now, zone, offsetMs, act }: ClockBannerProps) {
  return (
    <LeaseClock now={now}>
      <Banner actions={act ? <Controls act={act} /> : null}>
        <b>Demo clock:</b> <Time now={now} zone={zone} />
        {offsetMs > 0 ? (
          <span className="ink2"> · {formatDuration(Math.round(offsetMs / 60_000) * 60)} ahead</span>
        ) : null}
      </Banner>
    </LeaseClock>
  )
}

function Time({ now, zone }: { now: Date; zone: string }) {
  const current = useNow(now)
  return <time dateTime={current.toISOString()}>{dayAndTime(current, zone)}</time>
}

/** "Thu 12 Nov 14:27": never "today", for it says which day that is. */
function dayAndTime(at: Date, zone: string): string {
  const [, day] = /^(?:Today, )?(.*)$/.exec(formatDay(at, zone, at)) ?? []
  return `${day} ${formatTime(at, zone)}`
}

function Controls({ act }: { act: FormAction<{ now: Date }> }) {
  const [state, send, pending] = useActionState(act, idle)
  const typed = state.lastResult?.initialValue?.advance
  const custom = typeof typed === 'string' && !STEPS.some((step) => step.advance === typed) ? typed : ''
  return (
    <>
      {state.message && !pending ? <FieldError id="clock-error">{state.message}</FieldError> : null}
      {STEPS.map(({ advance, label, name }) => (
        <form key={advance} action={send}>
          <input type="hidden" name="advance" value={advance} />
          <SubmitButton size="sm" aria-label={name} pending={pending}>
            {label}
          </SubmitButton>
        </form>
      ))}
      <form action={send} className="row row-6">
        <Input
          key={state.at}
          name="advance"
          aria-label="How far to move the clock"
          aria-describedby={state.message ? 'clock-error' : undefined}
          placeholder="1d 12h"
          defaultValue={custom}
          autoComplete="off"
          frameClassName="clock-input"
        />
        <SubmitButton size="sm" icon="fast-forward" pending={pending}>
          Move
        </SubmitButton>
      </form>
    </>
  )
}
