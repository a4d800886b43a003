'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { FilterChip } from '@/components/ui/filter-chip'
import { Icon } from '@/components/ui/icon'
import { Popover } from '@/components/ui/popover'
import { kindIcon, kindLabel, verbLabel } from '@/lib/audit-words'
import { type SubjectType, subjectTypes, type TimelineVerb, timelineVerbs } from '@/lib/domain/timeline'

interface ListProps<Value extends string> {
  readonly chosen: readonly Value[]
  readonly onChange: (values: Value[]) => void
}

const byLabel = (a: TimelineVerb, b: TimelineVerb) => verbLabel(a).localeCompare(verbLabel(b), 'en')
const sortedVerbs = timelineVerbs.toSorted(byLabel)

/** The chip that filters by what happened. */
export function VerbFilter({ chosen, onChange }: ListProps<TimelineVerb>) {
  const [first] = chosen
  const value = chosen.length > 1 ? `${chosen.length} chosen` : first && verbLabel(first)
  return (
    <ListChip label="What happened" value={value} onClear={() => onChange([])}>
      <VerbChoices chosen={chosen} onChange={onChange} />
    </ListChip>
  )
}

/** Everything that can happen, found by typing; also used in the filter sheet of a phone. */
export function VerbChoices({ chosen, onChange }: ListProps<TimelineVerb>) {
  const [typed, setTyped] = useState('')
  const wanted = typed.trim().toLowerCase()
  const found = sortedVerbs.filter((verb) => verbLabel(verb).toLowerCase().includes(wanted))
  return (
    <>
      <div className="pop-search">
        <Icon name="search" size={14} />
        <input
          placeholder="Find something that happened"
          aria-label="Find something that happened"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Choices label="What happened" values={found} labelOf={verbLabel} {...{ chosen, onChange }} />
      <div className="pop-foot">
        <span className="grow" />
        <Button variant="ghost" size="sm" disabled={chosen.length === 0} onClick={() => onChange([])}>
          Clear
        </Button>
      </div>
    </>
  )
}

/** The chip that filters by the kind of object. */
export function KindFilter({ chosen, onChange }: ListProps<SubjectType>) {
  const [first] = chosen
  const value = chosen.length > 1 ? `${chosen.length} kinds` : first && kindLabel(first)
  return (
    <ListChip label="Object" value={value} onClear={() => onChange([])}>
      <KindChoices chosen={chosen} onChange={onChange} />
    </ListChip>
  )
}

/** Every kind of object; also used in the filter sheet of a phone. */
export function KindChoices(props: ListProps<SubjectType>) {
  return (
    <Choices label="Kind of object" values={subjectTypes} labelOf={kindLabel} iconOf={kindIcon} {...props} />
  )
}

function ListChip(props: {
  label: string
  value: string | undefined
  onClear: () => void
  children: React.ReactNode
}) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label={`Filter by ${props.label.toLowerCase()}`}
      open={open}
      onOpenChange={setOpen}
      className="g-pop"
      trigger={
        <FilterChip
          label={props.label}
          value={props.value}
          onRemove={props.value === undefined ? undefined : props.onClear}
        />
      }
    >
      {props.children}
    </Popover>
  )
}

function Choices<Value extends string>({
  label,
  values,
  labelOf,
  iconOf,
  chosen,
  onChange,
}: ListProps<Value> & {
  label: string
  values: readonly Value[]
  labelOf: (value: Value) => string
  iconOf?: (value: Value) => React.ComponentProps<typeof Icon>['name']
}) {
  return (
    <ul className="pop-list pop-scroll" aria-label={label}>
      {values.length === 0 ? <li className="pop-empty">Nothing matches.</li> : null}
      {values.map((value) => (
        <li key={value}>
          <label className="pop-item">
            <input
              type="checkbox"
              className="check"
              checked={chosen.includes(value)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
              }
            />
            {iconOf ? <Icon name={iconOf(value)} size={14} /> : null}
            <span className="trunc grow">{labelOf(value)}</span>
          </label>
        </li>
      ))}
    </ul>
  )
}
