'use client'

import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { FieldError } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { type WayChoice, waysFound } from '@/lib/connector-search'
import { ConnectorMark } from './connector-mark'

type Props = {
  choices: readonly WayChoice[]
  value: string | null
  onValue: (id: string) => void
  error: string | null
}

/** The id of the search, for an error summary. */
export const WAY_SEARCH = 'way-search'

/**
 * How access is given: a system to connect, or people. Typing narrows the cards, Enter takes the first one, the arrow
 * down goes to them; from there they are radios like any others.
 */
export function WayPicker({ choices, value, onValue, error }: Props) {
  const [typed, setTyped] = useState('')
  const cards = useRef<HTMLDivElement>(null)
  const errorId = useId()
  const found = waysFound(choices, typed)
  const count = found.reduce((sum, group) => sum + group.ways.length, 0)

  function onKey(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
    event.preventDefault()
    const first = cards.current?.querySelector<HTMLInputElement>('input[type="radio"]')
    if (!first) return
    onValue(first.value)
    first.focus()
  }

  return (
    <fieldset className="ways" aria-describedby={error ? errorId : undefined}>
      <legend className="label mb-1.5">How access is given</legend>
      <Input
        id={WAY_SEARCH}
        icon="search"
        type="search"
        autoComplete="off"
        aria-label="Find a system"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? errorId : undefined}
        placeholder="Find a system, or what you call it"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKey}
      />
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
      <p className="sr" role="status">
        {typed ? (count === 1 ? '1 found' : `${count} found`) : ''}
      </p>
      <div ref={cards} className="stack gap-4!">
        {found.map(({ title, ways }) => (
          <section key={title} aria-label={title}>
            <h2 className="ways-title">{title}</h2>
            <div className="radio-cards">
              {ways.map((way) => (
                <label className="radio-card" key={way.id}>
                  <input
                    type="radio"
                    name="kind"
                    value={way.id}
                    checked={way.id === value}
                    onChange={() => onValue(way.id)}
                    className="radio"
                  />
                  <ConnectorMark id={way.id} />
                  <span className="min-w-0">
                    <span className="radio-card-title">{way.name}</span>
                    <span className="radio-card-hint">{way.description}</span>
                  </span>
                </label>
              ))}
            </div>
          </section>
        ))}
        {count === 0 ? (
          <p className="ink2">
            Nothing is called “{typed.trim()}”. A signed webhook reaches whatever you can write a few lines of
            code for; without a connection people do it by hand.
          </p>
        ) : null}
      </div>
    </fieldset>
  )
}
