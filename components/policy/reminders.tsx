'use client'

import { type KeyboardEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, FieldError } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Input } from '@/components/ui/input'
import { type PolicyDefinition, policyLimits } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'
import { reminderSeconds } from '@/lib/policy-words'
import { fieldId, type Problems } from './steps'

type Props = {
  definition: Pick<PolicyDefinition, 'reminders' | 'decideWithinSeconds'>
  define: (change: Pick<PolicyDefinition, 'reminders'>) => void
  problems: Problems
}

/** When whoever has not answered is reminded: parts of the time to decide, each with the time it comes to. */
export function Reminders({ definition, define, problems }: Props) {
  const { reminders, decideWithinSeconds } = definition
  const [typed, setTyped] = useState('')
  const percent = /^\d{1,2}$/.test(typed.trim()) ? Number(typed) : 0
  const wrong = addProblem(typed, percent, reminders)
  const full = reminders.length >= policyLimits.reminders

  function add() {
    if (wrong !== null || percent === 0) return
    define({ reminders: [...reminders, percent].sort((a, b) => a - b) })
    setTyped('')
  }

  function remove(at: number) {
    define({ reminders: reminders.filter((other) => other !== at) })
    // The button goes with its chip; whoever came by keyboard stays here.
    document.getElementById(fieldId('reminders'))?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }

  return (
    <div id={fieldId('reminders')} tabIndex={-1}>
      <p>
        {reminders.length === 0
          ? 'Nobody is reminded.'
          : 'Whoever was asked on the open step and has not answered is reminded at'}
      </p>
      {reminders.length > 0 ? (
        <ul className="toks mt-2" aria-label="Reminders">
          {reminders.map((at) => (
            <li className="tok" key={at}>
              {at} %
              {decideWithinSeconds > 0 ? (
                <small>after {formatDuration(reminderSeconds(at, decideWithinSeconds))}</small>
              ) : null}
              <button type="button" aria-label={`Remove the reminder at ${at} %`} onClick={() => remove(at)}>
                <Icon name="x" size={12} />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {full ? (
        <p className="hint mt-2">At most {policyLimits.reminders} reminders.</p>
      ) : (
        <Field label="Reminder at, % of the time to decide" error={wrong} className="mt-2">
          <div className="row gap-1.5!">
            <Input
              inputMode="numeric"
              autoComplete="off"
              frameClassName="w-20!"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={onKeyDown}
            />
            <Button
              size="sm"
              icon="plus"
              reason={percent === 0 || wrong !== null ? 'Write a percentage first' : undefined}
              onClick={add}
            >
              Add reminder
            </Button>
          </div>
        </Field>
      )}
      {problems.reminders ? <FieldError>{problems.reminders}</FieldError> : null}
    </div>
  )
}

function addProblem(typed: string, percent: number, reminders: readonly number[]): string | null {
  if (typed.trim() === '') return null
  if (percent < 1) return 'Between 1 and 99 percent of the time to decide'
  return reminders.includes(percent) ? 'This reminder is there already' : null
}
