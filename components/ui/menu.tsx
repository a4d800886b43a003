'use client'

import { Menu as Base } from '@base-ui/react/menu'
import clsx from 'clsx'
import type { Route } from 'next'
import type { ReactElement, ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import { Icon, type IconName } from './icon'

export type MenuProps = {
  /** The button that opens it: one of ours, or any element that takes a ref and props. */
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom'
}

/** A list of acts behind a button. Items below are its only children. */
export function Menu({ trigger, children, align = 'end', side = 'bottom' }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="pop-float" align={align} side={side} sideOffset={4}>
          <Base.Popup className="pop pop-list">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

type ItemLook = { icon?: IconName; children: ReactNode; note?: ReactNode; danger?: boolean }

export type MenuItemProps = ItemLook & {
  onSelect: () => void
  /** Why it cannot be picked now; shown under the words. */
  reason?: string
}

function ItemContent({ icon, children, note, reason }: ItemLook & { reason?: string }) {
  return (
    <>
      {icon ? <Icon name={icon} /> : null}
      <span className="grow">
        {children}
        {reason ? <small>{reason}</small> : null}
      </span>
      {note ? <span className="n">{note}</span> : null}
    </>
  )
}

export function MenuItem({ onSelect, reason, danger, ...look }: MenuItemProps) {
  return (
    <Base.Item
      className={clsx('pop-item', danger && 'is-danger', reason && 'is-two')}
      disabled={Boolean(reason)}
      onClick={onSelect}
    >
      <ItemContent {...look} reason={reason} />
    </Base.Item>
  )
}

export function MenuLink({ href, danger, ...look }: ItemLook & { href: string }) {
  return (
    <Base.LinkItem
      className={clsx('pop-item', danger && 'is-danger')}
      closeOnClick
      render={<Link href={href as Route} />}
    >
      <ItemContent {...look} />
    </Base.LinkItem>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="pop-label">{children}</Base.GroupLabel>
    </Base.Group>
  )
}

export function MenuSeparator() {
  return <Base.Separator className="pop-sep" />
}

export type MenuCheckProps = {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  children: ReactNode
  disabled?: boolean
}

/** Stays open, so that several can be ticked in a row (columns). */
export function MenuCheck({ checked, onCheckedChange, children, disabled }: MenuCheckProps) {
  return (
    <Base.CheckboxItem
      className="pop-item"
      checked={checked}
      disabled={disabled}
      closeOnClick={false}
      onCheckedChange={onCheckedChange}
    >
      <span className={clsx('check', checked && 'on')} aria-hidden="true" />
      <span className="grow">{children}</span>
    </Base.CheckboxItem>
  )
}

export type MenuRadiosProps<Value extends string> = {
  label: string
  value: Value
  onValueChange: (value: Value) => void
  options: readonly { value: Value; label: string; icon?: IconName }[]
}

/** One of a few, inside a menu (the theme). */
export function MenuRadios<Value extends string>({
  label,
  value,
  onValueChange,
  options,
}: MenuRadiosProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="pop-label">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next) => onValueChange(next as Value)}>
        {options.map((option) => (
          <Base.RadioItem className="pop-item" key={option.value} value={option.value}>
            {option.icon ? <Icon name={option.icon} /> : null}
            <span className="grow">{option.label}</span>
            <Base.RadioItemIndicator className="pop-tick">
              <Icon name="check" size={14} />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}
