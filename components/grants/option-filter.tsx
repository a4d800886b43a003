'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { AppMark, Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { FilterChip } from '@/components/ui/filter-chip'
import { Icon } from '@/components/ui/icon'
import { Popover } from '@/components/ui/popover'
import type { FilterOption, OptionKind } from '@/lib/grant-views'
import { askOptions } from './ask'

const nouns: Record<OptionKind, { label: string; one: string; many: string }> = {
  application: { label: 'Application', one: 'an application', many: 'applications' },
  user: { label: 'User', one: 'a person', many: 'people' },
  entitlement: { label: 'Entitlement', one: 'an entitlement', many: 'entitlements' },
}

/** The filters of this kind, and which list of a view each fills. */
export const filterKinds = [
  ['application', 'applications'],
  ['user', 'people'],
  ['entitlement', 'entitlements'],
] as const

export interface OptionFilterProps {
  readonly kind: OptionKind
  readonly chosen: readonly string[]
  /** Names of what is chosen; without one it is not in sight of whoever looks. */
  readonly names: Readonly<Record<string, string>>
  readonly onChange: (ids: string[]) => void
}

/** A chip that filters by some of many: search, tick, done. What is ticked counts at once. */
export function OptionFilter({ kind, chosen, names, onChange }: OptionFilterProps) {
  const [open, setOpen] = useState(false)
  const noun = nouns[kind]
  const [first] = chosen
  const value =
    chosen.length === 0
      ? undefined
      : chosen.length === 1 && first
        ? (names[first] ?? 'unknown')
        : `${chosen.length} ${noun.many}`
  return (
    <Popover
      label={`Filter by ${noun.label.toLowerCase()}`}
      open={open}
      onOpenChange={setOpen}
      className="g-pop"
      trigger={
        <FilterChip
          label={noun.label}
          value={value}
          onRemove={chosen.length ? () => onChange([]) : undefined}
        />
      }
    >
      {open ? <Options {...{ kind, chosen, names, onChange }} /> : null}
    </Popover>
  )
}

/** The search and the list inside the panel; also used in the filter sheet of a phone. */
export function Options({ kind, chosen, names, onChange }: OptionFilterProps) {
  const noun = nouns[kind]
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<readonly FilterOption[] | null>(null)
  const [failed, setFailed] = useState(false)
  const search = useEffectEvent(async (q: string, current: () => boolean) => {
    try {
      const options = await askOptions(kind, q)
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
          placeholder={`Find ${noun.one}`}
          aria-label={`Find ${noun.one}`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <ul className="pop-list pop-scroll" aria-label={noun.label} aria-busy={found === null}>
        {found === null && !failed ? <li className="pop-empty">Looking…</li> : null}
        {failed ? <li className="pop-empty">The list could not be read. Type to try again.</li> : null}
        {found?.length === 0 ? <li className="pop-empty">Nothing matches.</li> : null}
        {found
          ? missing.map((id) => (
              <Choice key={id} id={id} name={names[id] ?? 'Unknown'} kind={kind} on toggle={toggle} />
            ))
          : null}
        {found?.map((option) => (
          <Choice key={option.id} {...option} kind={kind} on={chosen.includes(option.id)} toggle={toggle} />
        ))}
      </ul>
      <div className="pop-foot">
        <span>Counts are active grants</span>
        <Button variant="ghost" size="sm" disabled={chosen.length === 0} onClick={() => onChange([])}>
          Clear
        </Button>
      </div>
    </>
  )
}

type ChoiceProps = {
  id: string
  name: string
  sub?: string | null
  active?: number
  kind: OptionKind
  on: boolean
  toggle: (id: string, on: boolean) => void
}

function Choice({ id, name, sub, active, kind, on, toggle }: ChoiceProps) {
  return (
    <li>
      <label className="pop-item">
        <input
          type="checkbox"
          className="check"
          checked={on}
          onChange={(event) => toggle(id, event.target.checked)}
        />
        {kind === 'user' ? <Avatar name={name} size={20} /> : null}
        {kind === 'application' ? <AppMark name={name} /> : null}
        <span className="trunc grow">
          {name}
          {sub ? <small className="ink2"> {sub}</small> : null}
        </span>
        {active === undefined ? null : <span className="n">{active.toLocaleString('en')}</span>}
      </label>
    </li>
  )
}
