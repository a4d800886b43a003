'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { AppMark, Avatar } from './avatar'
import { Button } from './button'
import { FilterChip } from './filter-chip'
import { Icon } from './icon'
import { Popover } from './popover'

/** One of the many things to filter by. */
export interface PickOption {
  readonly id: string
  readonly name: string
  readonly sub?: string | null
  /** Counted beside it. */
  readonly active?: number
}

/** Where the options come from, and what they are called. At module scope: it is asked anew when it changes. */
export interface OptionSource {
  /** "Application", "an application", "applications". */
  readonly label: string
  readonly one: string
  readonly many: string
  readonly mark?: 'person' | 'application'
  /** Stands under the list. */
  readonly note?: string
  readonly ask: (q: string) => Promise<readonly PickOption[]>
}

export interface OptionFilterProps {
  readonly source: OptionSource
  readonly chosen: readonly string[]
  /** Names of what is chosen; without one it is not in sight of whoever looks. */
  readonly names: Readonly<Record<string, string>>
  readonly onChange: (ids: string[]) => void
}

/** A chip that filters by some of many: search, tick, done. What is ticked counts at once. */
export function OptionFilter({ source, chosen, names, onChange }: OptionFilterProps) {
  const [open, setOpen] = useState(false)
  const [first] = chosen
  const value =
    chosen.length === 0
      ? undefined
      : chosen.length === 1 && first
        ? (names[first] ?? 'unknown')
        : `${chosen.length} ${source.many}`
  return (
    <Popover
      label={`Filter by ${source.label.toLowerCase()}`}
      open={open}
      onOpenChange={setOpen}
      className="g-pop"
      trigger={
        <FilterChip
          label={source.label}
          value={value}
          onRemove={chosen.length ? () => onChange([]) : undefined}
        />
      }
    >
      {open ? <Options {...{ source, chosen, names, onChange }} /> : null}
    </Popover>
  )
}

/** The search and the list inside the panel; also used in the filter sheet of a phone. */
export function Options({ source, chosen, names, onChange }: OptionFilterProps) {
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<readonly PickOption[] | null>(null)
  const [failed, setFailed] = useState(false)
  const search = useEffectEvent(async (q: string, current: () => boolean) => {
    try {
      const options = await source.ask(q)
      if (!current()) return
      setFound(options)
      setFailed(false)
    } catch {
      if (current()) setFailed(true)
    }
  })
  useEffect(() => {
    let current = true
    // A short wait, so that typing a name asks once and not per letter.
    const timer = setTimeout(() => void search(typed, () => current), typed ? 150 : 0)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [typed])
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((c) => c !== id))
  const missing = typed ? [] : chosen.filter((id) => !found?.some((option) => option.id === id))
  return (
    <>
      <div className="pop-search">
        <Icon name="search" size={14} />
        <input
          // biome-ignore lint/a11y/noAutofocus: the panel was opened to search in it.
          autoFocus
          placeholder={`Find ${source.one}`}
          aria-label={`Find ${source.one}`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <ul className="pop-list pop-scroll" aria-label={source.label} aria-busy={found === null}>
        {found === null && !failed ? <li className="pop-empty">Looking…</li> : null}
        {failed ? <li className="pop-empty">The list could not be read. Type to try again.</li> : null}
        {found?.length === 0 ? <li className="pop-empty">Nothing matches.</li> : null}
        {found
          ? missing.map((id) => (
              <Choice key={id} id={id} name={names[id] ?? 'Unknown'} mark={source.mark} on toggle={toggle} />
            ))
          : null}
        {found?.map((option) => (
          <Choice
            key={option.id}
            {...option}
            mark={source.mark}
            on={chosen.includes(option.id)}
            toggle={toggle}
          />
        ))}
      </ul>
      <div className="pop-foot">
        <span>{source.note}</span>
        <Button variant="ghost" size="sm" disabled={chosen.length === 0} onClick={() => onChange([])}>
          Clear
        </Button>
      </div>
    </>
  )
}

type ChoiceProps = PickOption & {
  mark: OptionSource['mark']
  on: boolean
  toggle: (id: string, on: boolean) => void
}

function Choice({ id, name, sub, active, mark, on, toggle }: ChoiceProps) {
  return (
    <li>
      <label className="pop-item">
        <input
          type="checkbox"
          className="check"
          checked={on}
          onChange={(event) => toggle(id, event.target.checked)}
        />
        {mark === 'person' ? <Avatar name={name} size={20} /> : null}
        {mark === 'application' ? <AppMark name={name} /> : null}
        <span className="trunc grow">
          {name}
          {sub ? <small className="ink2"> {sub}</small> : null}
        </span>
        {active === undefined ? null : <span className="n">{active.toLocaleString('en')}</span>}
      </label>
    </li>
  )
}
