'use client'

import { useEffect, useState } from 'react'
import { SubmitButton } from '@/components/ui/button'
import { Combobox, type ComboItem } from '@/components/ui/combobox'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { useToast } from '@/components/ui/toast'
import { LONGEST, plus } from '@/lib/domain/duration'
import { wallClock } from '@/lib/forms/people'
import type { SubstituteChoice } from '@/lib/people-views'
import { zoneOf } from '@/lib/reader-zone'
import { useSendForm } from '../request/use-form'
import type { AwayActs } from './away-card'

type AwayFormProps = {
  personId: string
  choices: readonly SubstituteChoice[]
  /** Whether it stands open at first; else it is behind one line. */
  open: boolean
  now: Date
  zone: string
  set: AwayActs['set']
}

const controls = { substituteId: 'away-substitute', startsAt: 'away-from', endsAt: 'away-until' }

/** Names a substitute for a time. Without scripts the substitute is chosen from a plain select. */
export function AwayForm({ personId, choices, open, now, zone, set }: AwayFormProps) {
  const toast = useToast()
  const form = useSendForm(set, controls)
  const items = choices.map(
    ({ id, name, team }): ComboItem => ({ value: id, label: name, sub: team ?? undefined, kind: 'person' }),
  )
  const typed = form.was('substitute') ?? form.was('substituteId')
  const [substitute, setSubstitute] = useState<ComboItem | null>(
    () => items.find((item) => item.value === typed) ?? null,
  )
  const [startsAt, setStartsAt] = useState(form.was('startsAt') ?? '')
  const [endsAt, setEndsAt] = useState(form.was('endsAt') ?? '')
  const { state } = form

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer.
  useEffect(() => {
    if (state.status !== 'done') return
    toast({ title: 'Substitute named', description: substitute?.label })
    setSubstitute(null)
    setStartsAt('')
    setEndsAt('')
  }, [state])

  return (
    <details className="more-of" open={open || form.problems.length > 0 ? true : undefined}>
      <summary>Name a substitute</summary>
      <form className="away-form" {...form.props}>
        <input type="hidden" name="personId" value={personId} />
        <input type="hidden" name="zone" value={zone} />
        <input type="hidden" name="substituteId" value={substitute?.value ?? ''} />
        <ErrorSummary problems={form.problems} />
        <Field
          id={controls.substituteId}
          label="Who decides instead"
          error={form.error('substituteId')}
          hint="Never on what they asked for themself, or what is for them."
        >
          <Combobox
            className="only-scripts"
            items={items}
            placeholder="Find a person"
            empty="Nobody of that name"
            value={substitute}
            onValueChange={setSubstitute}
          />
          <noscript>
            <select
              className="input"
              name="substitute"
              defaultValue={typed ?? ''}
              aria-label="Who decides instead"
            >
              <option value="">Choose a person</option>
              {choices.map(({ id, name, team }) => (
                <option key={id} value={id}>
                  {team ? `${name}, ${team}` : name}
                </option>
              ))}
            </select>
          </noscript>
        </Field>
        <div className="away-when">
          <Field
            id={controls.startsAt}
            label="From"
            note={`in ${zoneOf(zone)}`}
            error={form.error('startsAt')}
            hint="Left empty, from now on."
          >
            <Input
              type="datetime-local"
              name="startsAt"
              min={wallClock(now, zone)}
              value={startsAt}
              onChange={(event) => setStartsAt(event.target.value)}
            />
          </Field>
          <Field
            id={controls.endsAt}
            label="Until"
            note={`in ${zoneOf(zone)}`}
            required
            error={form.error('endsAt')}
          >
            <Input
              type="datetime-local"
              name="endsAt"
              min={startsAt || wallClock(now, zone)}
              max={wallClock(plus(now, LONGEST), zone)}
              value={endsAt}
              onChange={(event) => setEndsAt(event.target.value)}
            />
          </Field>
        </div>
        <div className="row">
          <SubmitButton variant="primary" pending={form.pending}>
            Name this substitute
          </SubmitButton>
        </div>
      </form>
    </details>
  )
}
