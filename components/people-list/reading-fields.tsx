'use client'

import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { formatClock } from '@/lib/format'
import { offeredLocales, readerZone } from '@/lib/reader-zone'

type Props = {
  timeZone: string | null
  locale: string | null
  /** What counts where none is chosen. */
  usual: string
  zones: readonly string[]
  now: Date
  error: (name: string) => string | null
}

/** In which zone, and in which way, somebody reads times. Each choice shows the moment it is now. */
export function ReadingFields({ timeZone, locale, usual, zones, now, error }: Props) {
  const zone = timeZone ?? usual
  const known = offeredLocales.some((offered) => offered.value === locale)
  const offered = known || !locale ? offeredLocales : [{ value: locale, label: locale }, ...offeredLocales]
  // Far enough from today to be written with its date.
  const sample = new Date(now.getTime() + 9 * 86_400_000)
  return (
    <>
      <Field
        id="person-zone"
        label="Time zone"
        note="optional"
        hint={`Left empty: ${usual}, the organisation’s.`}
        error={error('timeZone')}
      >
        <Combobox
          name="timeZone"
          items={zones.map((name) => ({ value: name, label: name }))}
          defaultValue={timeZone ? { value: timeZone, label: timeZone } : null}
          placeholder={usual}
          empty="No zone of that name"
        />
      </Field>
      <Field id="person-locale" label="Dates and times" error={error('locale')}>
        <Select
          name="locale"
          defaultValue={locale ?? ''}
          options={[
            { value: '', label: 'As usual', hint: formatClock(sample, zone, now) },
            ...offered.map(({ value, label }) => ({
              value: value as string,
              label: label as string,
              hint: formatClock(sample, readerZone(zone, value), now),
            })),
          ]}
        />
      </Field>
    </>
  )
}
