'use client'

import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { RadioGroup } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { FilterChip } from '@/components/ui/filter-chip'
import { Input } from '@/components/ui/input'
import { Popover } from '@/components/ui/popover'
import { type TimeFilter, timeLabels, timePresets } from '@/lib/audit-url'

export interface TimeFilterProps {
  readonly value: TimeFilter | null
  readonly onChange: (value: TimeFilter | null) => void
}

/** A range in words: "12 Nov 2026 to 13 Nov 2026". */
function timeWords(value: TimeFilter): string {
  if (value.kind === 'preset') return timeLabels[value.preset]
  const day = (text: string) =>
    new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(new Date(`${text}T00:00:00Z`))
  const { from, to } = value
  if (from && to) return from === to ? day(from) : `${day(from)} to ${day(to)}`
  return from ? `from ${day(from)}` : `until ${day(to ?? '')}`
}

/** The chip that filters by when it happened. */
export function TimeFilterChip({ value, onChange }: TimeFilterProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label="Filter by time"
      open={open}
      onOpenChange={setOpen}
      className="g-pop"
      trigger={
        <FilterChip
          label="Time"
          value={value ? timeWords(value) : undefined}
          onRemove={value ? () => onChange(null) : undefined}
        />
      }
    >
      <div className="pop-body">
        <TimeChoices
          value={value}
          onChange={(next) => {
            setOpen(false)
            onChange(next)
          }}
        />
      </div>
    </Popover>
  )
}

/** Presets at one press, and days of one's own; also used in the filter sheet of a phone. */
export function TimeChoices({ value, onChange }: TimeFilterProps) {
  const name = useId()
  const range = value?.kind === 'range' ? value : null
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
        value={value?.kind === 'preset' ? value.preset : ''}
        onValueChange={(preset) => {
          const picked = timePresets.find((one) => one === preset)
          if (picked) onChange({ kind: 'preset', preset: picked })
        }}
        options={timePresets.map((preset) => ({
          value: preset as string,
          label: capital(timeLabels[preset]),
        }))}
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
        <span className="grow" />
        <Button
          size="sm"
          variant="primary"
          reason={reason}
          onClick={() => onChange({ kind: 'range', from: from || null, to: to || null })}
        >
          Show this range
        </Button>
      </div>
    </>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
