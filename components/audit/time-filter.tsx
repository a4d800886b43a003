'use client'

import { DayChoices, DayFilterChip, rangeWords } from '@/components/ui/day-range'
import { type TimeFilter, timeLabels, timePresets } from '@/lib/audit-url'

export interface TimeFilterProps {
  readonly value: TimeFilter | null
  readonly onChange: (value: TimeFilter | null) => void
}

const wordsOf = (value: TimeFilter) =>
  value.kind === 'preset' ? timeLabels[value.preset] : rangeWords(value)

/** The chip that filters by when it happened. */
export function TimeFilterChip({ value, onChange }: TimeFilterProps) {
  return (
    <DayFilterChip label="Time" value={value ? wordsOf(value) : undefined} onRemove={() => onChange(null)}>
      {(close) => (
        <TimeChoices
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
export function TimeChoices({ value, onChange }: TimeFilterProps) {
  return (
    <DayChoices
      presets={timePresets}
      labels={timeLabels}
      preset={value?.kind === 'preset' ? value.preset : null}
      range={value?.kind === 'range' ? value : null}
      onPreset={(preset) => onChange({ kind: 'preset', preset })}
      onRange={(range) => onChange({ kind: 'range', ...range })}
    />
  )
}
