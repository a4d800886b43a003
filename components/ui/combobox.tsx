'use client'

import { Combobox as Base } from '@base-ui/react/combobox'
import clsx from 'clsx'
import { type ReactNode, useRef } from 'react'
import { AppMark, Avatar } from './avatar'
import { useFieldWiring } from './field'
import { Icon } from './icon'

export type ComboItem = {
  value: string
  label: string
  /** Second words: a team, an application, "12 people". */
  sub?: string
  kind?: 'person' | 'group' | 'application' | 'entitlement'
}

type Shared = {
  items: readonly ComboItem[]
  placeholder?: string
  /** Submits the chosen value(s) with the form under this name. */
  name?: string
  id?: string
  disabled?: boolean
  invalid?: boolean
  /** Said when nothing matches. */
  empty?: ReactNode
  /** Names the control when no `Field` does. */
  'aria-label'?: string
  className?: string
}

export type ComboboxProps = Shared & {
  value?: ComboItem | null
  defaultValue?: ComboItem | null
  onValueChange?: (item: ComboItem | null) => void
}

/** Search and pick one person, group, application or entitlement. */
export function Combobox(props: ComboboxProps) {
  const wiring = useFieldWiring({ id: props.id, 'aria-invalid': props.invalid })
  return (
    <Base.Root<ComboItem>
      items={props.items}
      autoHighlight
      name={props.name}
      disabled={props.disabled}
      value={props.value}
      defaultValue={props.defaultValue}
      onValueChange={(item, details) => {
        if (!kept(details)) props.onValueChange?.(item)
      }}
      isItemEqualToValue={same}
    >
      <Base.InputGroup className={clsx('input', props.className)}>
        <Icon name="search" size={14} />
        <Base.Input {...wiring} placeholder={props.placeholder} aria-label={props['aria-label']} />
        <Base.Clear className="icon-btn icon-btn-in" aria-label="Clear">
          <Icon name="x" size={14} />
        </Base.Clear>
        <Base.Trigger className="icon-btn icon-btn-in" aria-label="Show all">
          <Icon name="chevron-down" size={14} />
        </Base.Trigger>
      </Base.InputGroup>
      <Results empty={props.empty} />
    </Base.Root>
  )
}

export type MultiComboboxProps = Shared & {
  value?: ComboItem[]
  defaultValue?: ComboItem[]
  onValueChange?: (items: ComboItem[]) => void
}

/** The same for several; what is chosen stands before the search as removable tokens. */
export function MultiCombobox(props: MultiComboboxProps) {
  const wiring = useFieldWiring({ id: props.id, 'aria-invalid': props.invalid })
  const frame = useRef<HTMLDivElement | null>(null)
  return (
    <Base.Root<ComboItem, true>
      multiple
      items={props.items}
      autoHighlight
      name={props.name}
      disabled={props.disabled}
      value={props.value}
      defaultValue={props.defaultValue}
      onValueChange={(items, details) => {
        if (!kept(details)) props.onValueChange?.(items)
      }}
      isItemEqualToValue={same}
    >
      <Base.Chips className={clsx('input toks-in', props.className)} ref={frame}>
        <Base.Value>
          {(chosen: ComboItem[]) => (
            <>
              {chosen.map((item) => (
                <Base.Chip className="tok" key={item.value} aria-label={item.label}>
                  <ItemMark item={item} />
                  {item.label}
                  {item.sub ? <small>{item.sub}</small> : null}
                  <Base.ChipRemove aria-label={`Remove ${item.label}`}>
                    <Icon name="x" size={12} />
                  </Base.ChipRemove>
                </Base.Chip>
              ))}
              <Base.Input
                {...wiring}
                placeholder={chosen.length > 0 ? undefined : props.placeholder}
                aria-label={props['aria-label']}
              />
            </>
          )}
        </Base.Value>
      </Base.Chips>
      <Results empty={props.empty} anchor={frame} ticks />
    </Base.Root>
  )
}

/** Escape closes the list; pressed once more it would empty the field, which nobody asks for by that key. */
function kept(details: { reason: string; cancel: () => void }): boolean {
  if (details.reason !== 'escape-key') return false
  details.cancel()
  return true
}

const same = (a: ComboItem, b: ComboItem) => a.value === b.value

type ResultsProps = { empty?: ReactNode; anchor?: React.RefObject<HTMLDivElement | null>; ticks?: boolean }

function Results({ empty = 'Nothing matches.', anchor, ticks }: ResultsProps) {
  return (
    <Base.Portal>
      <Base.Positioner className="pop-float" sideOffset={6} anchor={anchor}>
        <Base.Popup className="pop w-(--anchor-width)! max-w-(--available-width)">
          <Base.Empty>
            <div className="pop-empty">{empty}</div>
          </Base.Empty>
          <Base.List className="pop-list pop-scroll">
            {(item: ComboItem) => (
              <Base.Item key={item.value} value={item} className="pop-item">
                <ItemMark item={item} />
                <span className="trunc">{item.label}</span>
                {item.sub ? <span className="n trunc">{item.sub}</span> : null}
                <Base.ItemIndicator className={ticks ? 'pop-tick' : 'sr'}>
                  <Icon name="check" size={14} />
                </Base.ItemIndicator>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}

function ItemMark({ item }: { item: ComboItem }) {
  if (item.kind === 'person') return <Avatar name={item.label} size={20} />
  if (item.kind === 'application') return <AppMark name={item.label} />
  if (item.kind === 'group') return <Icon name="users" size={14} />
  if (item.kind === 'entitlement') return <Icon name="key-round" size={14} />
  return null
}
