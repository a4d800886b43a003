'use client'

import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckboxField, RadioGroup } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { FilterChip } from '@/components/ui/filter-chip'
import { Input } from '@/components/ui/input'
import { Popover } from '@/components/ui/popover'
import { type ExpiryFilter, expiryLabels, expiryPresets } from '@/lib/grant-url'

export interface ExpiryFilterProps {
  readonly value: ExpiryFilter | null
  readonly onChange: (value: ExpiryFilter | null) => void
}

/** A range in words: "from 12 Nov, or none". */
export function expiryWords(value: ExpiryFilter): string {
  if (value.kind === 'preset') return expiryLabels[value.preset]
  const day = (text: string) =>
    new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(new Date(`${text}T00:00:00Z`))
  const { from, to, orNone } = value
  const range =
    from && to
      ? from === to
        ? `on ${day(from)}`
        : `${day(from)} to ${day(to)}`
      : from
        ? `from ${day(from)}`
        : `until ${day(to ?? '')}`
  return orNone ? `${range}, or none` : range
}

/** The chip that filters by expiry date. */
export function ExpiryFilterChip({ value, onChange }: ExpiryFilterProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label="Filter by expiry date"
      open={open}
      onOpenChange={setOpen}
      className="g-pop"
      trigger={
        <FilterChip
          label="Expiry date"
          value={value ? expiryWords(value) : undefined}
          onRemove={value ? () => onChange(null) : undefined}
        />
      }
    >
      <div className="pop-body">
        <ExpiryChoices
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
export function ExpiryChoices({ value, onChange }: ExpiryFilterProps) {
  const name = useId()
  const range = value?.kind === 'range' ? value : null
  const [from, setFrom] = useState(range?.from ?? '')
  const [to, setTo] = useState(range?.to ?? '')
  const [orNone, setOrNone] = useState(range?.orNone ?? false)
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
          const picked = expiryPresets.find((one) => one === preset)
          if (picked) onChange({ kind: 'preset', preset: picked })
        }}
        options={expiryPresets.map((preset) => ({
          value: preset as string,
          label: sentence(expiryLabels[preset]),
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
        <CheckboxField
          label="or no expiry date"
          checked={orNone}
          onChange={(event) => setOrNone(event.target.checked)}
        />
        <span className="grow" />
        <Button
          size="sm"
          variant="primary"
          reason={reason}
          onClick={() => onChange({ kind: 'range', from: from || null, to: to || null, orNone })}
        >
          Show this range
        </Button>
      </div>
    </>
  )
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
