'use client'

import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { formatClock } from '@/lib/format'
import { wallClock } from '@/lib/forms/people'
import { zoneOf } from '@/lib/reader-zone'
import type { ToDecide } from '@/lib/views'

type StartFieldProps = {
  id: string
  request: ToDecide
  value: string
  onChange: (value: string) => void
  error?: string | null
  now: Date
  zone: string
}

/** A later start than asked for, behind one line. Empty leaves it as it was asked for; sent also while closed. */
export function StartField({ id, request, value, onChange, error, now, zone }: StartFieldProps) {
  const { startAt } = request
  const asked = startAt && startAt > now ? formatClock(startAt, zone, now) : null
  return (
    <details className="more-of" open={error || value ? true : undefined}>
      <summary>{asked ? `Starts ${asked}; set a later start` : 'Set a later start'}</summary>
      <input type="hidden" name="zone" value={zone} />
      <Field
        id={id}
        label="Start not before"
        note={`in ${zoneOf(zone)}`}
        error={error}
        hint={
          asked ? `Left empty, it starts ${asked}, as asked.` : 'Left empty, it starts once it is agreed.'
        }
      >
        <Input
          type="datetime-local"
          name="startAt"
          min={wallClock(startAt && startAt > now ? startAt : now, zone)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
    </details>
  )
}
