'use client'

import { type ReactNode, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { RadioGroup } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { FilterChip } from '@/components/ui/filter-chip'
import { Input } from '@/components/ui/input'
import { Popover } from '@/components/ui/popover'
import type { DayRange } from '@/lib/filter-url'

/** A range in words: "12 Nov 2026 to 13 Nov 2026". A single day begins with `on`. */
export function rangeWords({ from, to }: DayRange, on = ''): string {
  const day = (text: string) =>
    new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(new Date(`${text}T00:00:00Z`))
  if (from && to) return from === to ? `${on}${day(from)}` : `${day(from)} to ${day(to)}`
  return from ? `from ${day(from)}` : `until ${day(to ?? '')}`
}

export interface DayFilterChipProps {
  readonly label: string
  /** What is filtered for, in words. */
  readonly value: string | undefined
  readonly onRemove: () => void
  /** Closes what is open and is called when something was chosen. */
  readonly children: (close: () => void) => ReactNode
}

/** The chip of a filter by time; what it opens is given. */
export function DayFilterChip({ label, value, onRemove, children }: DayFilterChipProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label={`Filter by ${label.toLowerCase()}`}
      open={open}
      onOpenChange={setOpen}
      className="g-pop"
      trigger={<FilterChip label={label} value={value} onRemove={value ? onRemove : undefined} />}
    >
      <div className="pop-body">{children(() => setOpen(false))}</div>
    </Popover>
  )
}

export interface DayChoicesProps<Preset extends string> {
  readonly presets: readonly Preset[]
  readonly labels: Readonly<Record<Preset, string>>
  /** The preset, or the range, that is on. */
  readonly preset: Preset | null
  readonly range: DayRange | null
  readonly onPreset: (preset: Preset) => void
  readonly onRange: (range: DayRange) => void
  /** More to say of a range, before its button. */
  readonly children?: ReactNode
}

/** Presets at one press, and days of one's own. */
export function DayChoices<Preset extends string>(props: DayChoicesProps<Preset>) {
  const { presets, labels, preset, range } = props
  const name = useId()
  const [from, setFrom] = useState(range?.from ?? '')
  const [to, setTo] = useState(range?.to ?? '')
  const turned = from !== '' && to !== '' && from > to
  const reason = turned
    ? 'The first day lies after the last one'
    : from || to
      ? undefined
      : 'Choose a first or a last day'
  return (
    <>
      <RadioGroup
        name={name}
        value={preset ?? ''}
        onValueChange={(value) => {
          const picked = presets.find((one) => one === value)
          if (picked) props.onPreset(picked)
        }}
        options={presets.map((one) => ({ value: one as string, label: sentence(labels[one]) }))}
      />
      <div className="pop-sep my-3!" />
      <div className="g-range">
        <Field label="From day">
          <Input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="To day" error={turned ? 'Must not lie before the first day' : null}>
          <Input type="date" value={to} onChange={(event) => setTo(event.target.value)} />
        </Field>
      </div>
      <div className="row mt-2">
        {props.children}
        <span className="grow" />
        <Button
          size="sm"
          variant="primary"
          reason={reason}
          onClick={() => props.onRange({ from: from || null, to: to || null })}
        >
          Show this range
        </Button>
      </div>
    </>
  )
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
