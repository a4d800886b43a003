'use client'

import clsx from 'clsx'
import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'

export type SectionLink = {
  href: string
  label: ReactNode
  count?: number | string
  hot?: boolean
  current: boolean
}

function Count({ value }: { value: number | string }) {
  return <span className="n">{typeof value === 'number' ? value.toLocaleString('en') : value}</span>
}

type LinksProps = { label: string; items: readonly SectionLink[]; className?: string }

/** A few views of one list, each with its own URL. */
export function Segmented({ label, items, className }: LinksProps) {
  return (
    <nav className={clsx('seg', className)} aria-label={label}>
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href as Route}
          scroll={false}
          className={clsx('seg-item', item.hot && 'hot')}
          aria-current={item.current ? 'page' : undefined}
        >
          {item.label}
          {item.count !== undefined ? <Count value={item.count} /> : null}
        </Link>
      ))}
    </nav>
  )
}

export type SegmentedButtonsProps<Value extends string> = {
  label: string
  value: Value
  onValueChange: (value: Value) => void
  options: readonly { value: Value; label: ReactNode; count?: number; hot?: boolean }[]
  className?: string
}

/** The same look for state that has no URL. */
export function SegmentedButtons<Value extends string>(props: SegmentedButtonsProps<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: toggle buttons, not a form's fieldset.
    <div className={clsx('seg', props.className)} role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={clsx('seg-item', option.hot && 'hot')}
          aria-pressed={option.value === props.value}
          onClick={() => props.onValueChange(option.value)}
        >
          {option.label}
          {option.count !== undefined ? <Count value={option.count} /> : null}
        </button>
      ))}
    </div>
  )
}
