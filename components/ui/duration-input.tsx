'use client'

import clsx from 'clsx'
import { useState } from 'react'
import { useFieldWiring } from './field'
import { Select } from './select'

const SECONDS = { minutes: 60, hours: 3_600, days: 86_400 } as const

export type DurationUnit = keyof typeof SECONDS

/** The largest unit that holds the length without a rest; what does not divide stays in minutes. */
export function splitDuration(seconds: number): { count: number; unit: DurationUnit } {
  if (seconds > 0 && seconds % SECONDS.days === 0) return { count: seconds / SECONDS.days, unit: 'days' }
  if (seconds > 0 && seconds % SECONDS.hours === 0) return { count: seconds / SECONDS.hours, unit: 'hours' }
  return { count: Math.round(seconds / SECONDS.minutes), unit: 'minutes' }
}

export type DurationInputProps = {
  /** Seconds; `null` while the number is empty or not one. */
  value?: number | null
  defaultValue?: number
  onValueChange?: (seconds: number | null) => void
  /** Submits seconds with the form under this name. */
  name?: string
  units?: readonly DurationUnit[]
  id?: string
  invalid?: boolean
  disabled?: boolean
  className?: string
  /** Names what is measured ("Length"), for the two controls. */
  label: string
}

/** A number and its unit. The person's own unit is kept: 24 hours do not turn into 1 day while typing. */
export function DurationInput(props: DurationInputProps) {
  const {
    value,
    defaultValue,
    onValueChange,
    name,
    units = ['minutes', 'hours', 'days'],
    invalid,
    label,
  } = props
  const wiring = useFieldWiring({ id: props.id, 'aria-invalid': invalid })
  const [draft, setDraft] = useState(() => fromSeconds(value ?? defaultValue))
  // A value set from outside (a reset, another preset) replaces what was typed; our own does not.
  const shown =
    value !== undefined && value !== null && toSeconds(draft) !== value ? fromSeconds(value) : draft
  const seconds = toSeconds(shown)

  function change(next: Draft) {
    setDraft(next)
    onValueChange?.(toSeconds(next))
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset here would nest inside the field's own.
    <div className={clsx('duration', props.className)} role="group" aria-label={label}>
      <div className="input">
        <input
          id={wiring.id}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          disabled={props.disabled}
          aria-label={`${label}, number`}
          aria-invalid={wiring['aria-invalid']}
          aria-describedby={wiring['aria-describedby']}
          value={shown.count}
          onChange={(event) => change({ ...shown, count: event.target.value })}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
            if (step === 0) return
            event.preventDefault()
            change({ ...shown, count: String(Math.max(1, (Number(shown.count) || 0) + step)) })
          }}
        />
      </div>
      <Select
        options={units.map((unit) => ({
          value: unit,
          label: shown.count.trim() === '1' ? unit.slice(0, -1) : unit,
        }))}
        value={shown.unit}
        disabled={props.disabled}
        invalid={Boolean(wiring['aria-invalid'])}
        aria-label={`${label}, unit`}
        onValueChange={(unit) => change({ ...shown, unit })}
      />
      {name ? <input type="hidden" name={name} value={seconds ?? ''} /> : null}
    </div>
  )
}

type Draft = { count: string; unit: DurationUnit }

function fromSeconds(seconds: number | null | undefined): Draft {
  if (!seconds) return { count: '', unit: 'hours' }
  const { count, unit } = splitDuration(seconds)
  return { count: String(count), unit }
}

function toSeconds({ count, unit }: Draft): number | null {
  return /^\d{1,6}$/.test(count.trim()) ? Number(count) * SECONDS[unit] : null
}
