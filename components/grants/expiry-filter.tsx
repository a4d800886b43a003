'use client'

import { useState } from 'react'
import { CheckboxField } from '@/components/ui/choice'
import { DayChoices, DayFilterChip, rangeWords } from '@/components/ui/day-range'
import { type ExpiryFilter, expiryLabels, expiryPresets } from '@/lib/grant-url'

export interface ExpiryFilterProps {
  readonly value: ExpiryFilter | null
  readonly onChange: (value: ExpiryFilter | null) => void
}

/** A range in words: "from 12 Nov 2026, or none". */
function expiryWords(value: ExpiryFilter): string {
  if (value.kind === 'preset') return expiryLabels[value.preset]
  const range = rangeWords(value, 'on ')
  return value.orNone ? `${range}, or none` : range
}

/** The chip that filters by expiry date. */
export function ExpiryFilterChip({ value, onChange }: ExpiryFilterProps) {
  return (
    <DayFilterChip
      label="Expiry date"
      value={value ? expiryWords(value) : undefined}
      onRemove={() => onChange(null)}
    >
      {(close) => (
        <ExpiryChoices
          value={value}
          onChange={(next) => {
            close()
            onChange(next)
          }}
        />
      )}
    </DayFilterChip>
  )
}

/** Presets and days of one's own; also used in the filter sheet of a phone. */
export function ExpiryChoices({ value, onChange }: ExpiryFilterProps) {
  const range = value?.kind === 'range' ? value : null
  const [orNone, setOrNone] = useState(range?.orNone ?? false)
  return (
    <DayChoices
      presets={expiryPresets}
      labels={expiryLabels}
      preset={value?.kind === 'preset' ? value.preset : null}
      range={range}
      onPreset={(preset) => onChange({ kind: 'preset', preset })}
      onRange={(days) => onChange({ kind: 'range', ...days, orNone })}
    >
      <CheckboxField
        label="or no expiry date"
        checked={orNone}
        onChange={(event) => setOrNone(event.target.checked)}
      />
    </DayChoices>
  )
}
