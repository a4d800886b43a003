'use client'

import type { ReactNode } from 'react'
import { LinkButton } from './button'
import { Icon, type IconName } from './icon'

export type PagerProps = {
  /** "14 of 61 that match". */
  summary: ReactNode
  /** Addresses of the neighbouring pages; without one there is none. */
  previousHref?: string
  nextHref?: string
}

/** Foot of a list with pages. Links, so that a page can be opened apart and works before scripts do. */
export function Pager({ summary, previousHref, nextHref }: PagerProps) {
  return (
    <nav className="pager" aria-label="Pages">
      <span className="num">{summary}</span>
      {previousHref ? (
        <LinkButton size="sm" icon="chevron-left" href={previousHref}>
          Previous
        </LinkButton>
      ) : null}
      {nextHref ? (
        <LinkButton size="sm" iconEnd="chevron-right" href={nextHref}>
          Next
        </LinkButton>
      ) : null}
    </nav>
  )
}

export type BulkAct = {
  label: string
  icon?: IconName
  onPress: () => void /** Why it cannot be done. */
  reason?: string
}

/** What can be done with the selected rows. Stands where the pager was and hides nothing. */
export function BulkBar({
  count,
  acts,
  onClear,
  note,
}: {
  count: number
  acts: readonly BulkAct[]
  onClear: () => void
  note?: ReactNode
}) {
  return (
    <div className="bulkbar" role="toolbar" aria-label="Selected rows">
      <span className="num" role="status">
        {count} selected
      </span>
      {note ? <small>{note}</small> : null}
      <span className="sep" />
      {acts.map((act) => (
        <button
          key={act.label}
          type="button"
          aria-disabled={act.reason ? true : undefined}
          aria-description={act.reason}
          title={act.reason}
          onClick={() => (act.reason ? undefined : act.onPress())}
        >
          {act.icon ? <Icon name={act.icon} /> : null}
          {act.label}
        </button>
      ))}
      <span className="sep" />
      <button type="button" aria-label="Clear the selection" onClick={onClear}>
        <Icon name="x" />
      </button>
    </div>
  )
}
