'use client'

import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { Icon, type IconName } from './icon'

export type FilterChipProps = Omit<ComponentProps<'button'>, 'value'> & {
  label: string
  /** What is filtered for; without it the chip is an offer to add the filter. */
  value?: ReactNode
  onRemove?: () => void
  icon?: IconName
}

/** One filter: press to change it, × to take it away. As a popover's trigger it passes its props on. */
export function FilterChip({ label, value, onRemove, icon = 'plus', className, ...button }: FilterChipProps) {
  if (value === undefined || value === null)
    return (
      <button type="button" {...button} className={clsx('chip chip-empty', className)}>
        <Icon name={icon} size={14} />
        {label}
      </button>
    )
  return (
    <span className={clsx('chip chip-on', className)}>
      <button type="button" {...button} className="chip-main">
        {label} <b>{value}</b>
      </button>
      {onRemove ? (
        <button type="button" className="chip-x" aria-label={`Remove filter ${label}`} onClick={onRemove}>
          <Icon name="x" size={12} />
        </button>
      ) : null}
    </span>
  )
}
