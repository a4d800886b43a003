'use client'

import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Icon } from '@/components/ui/icon'
import { changedView, clearedView, filterCount, type GrantView } from '@/lib/grant-url'
import { ExpiryChoices, ExpiryFilterChip } from './expiry-filter'
import { OptionFilter, Options } from './option-filter'
import { SearchBox } from './search-box'
import { StatusChoices, StatusFilter } from './status-filter'

export interface FilterBarProps {
  readonly view: GrantView
  readonly names: Readonly<Record<string, string>>
  readonly show: (view: GrantView) => void
  /** How many new grants wait to be shown. */
  readonly fresh: number
  readonly onFresh: () => void
}

const kinds = [
  ['application', 'applications'],
  ['user', 'people'],
  ['entitlement', 'entitlements'],
] as const

/** Search, one chip per filter, and the pill of new grants. On a phone the chips are in a sheet. */
export function FilterBar({ view, names, show, fresh, onFresh }: FilterBarProps) {
  const search = useRef<HTMLInputElement>(null)
  const change = (changes: Parameters<typeof changedView>[1]) => show(changedView(view, changes))
  const count = filterCount(view)
  const clear = () => {
    show(clearedView(view))
    search.current?.focus()
  }
  return (
    <section className="g-filters" aria-label="Filters">
      <SearchBox value={view.q} onSearch={(q) => change({ q })} field={search} />
      <span className="not-phone contents">
        {kinds.map(([kind, key]) => (
          <OptionFilter
            key={kind}
            kind={kind}
            chosen={view[key]}
            names={names}
            onChange={(ids) => change({ [key]: ids })}
          />
        ))}
        <StatusFilter chosen={view.statuses} onChange={(statuses) => change({ statuses })} />
        <ExpiryFilterChip value={view.expiry} onChange={(expiry) => change({ expiry })} />
        {count > 0 || view.q ? (
          <Button variant="ghost" size="sm" onClick={clear}>
            Clear all
          </Button>
        ) : null}
      </span>
      <span className="grow not-phone" />
      {fresh > 0 ? (
        <button type="button" className="fresh" onClick={onFresh}>
          <Icon name="arrow-up" size={12} />
          {fresh > 99 ? 'Over 99 new grants' : fresh === 1 ? '1 new grant' : `${fresh} new grants`}
        </button>
      ) : null}
      <PhoneFilters {...{ view, names, count, change, clear }} />
    </section>
  )
}

type PhoneProps = Pick<FilterBarProps, 'view' | 'names'> & {
  count: number
  change: (changes: Parameters<typeof changedView>[1]) => void
  clear: () => void
}

function PhoneFilters({ view, names, count, change, clear }: PhoneProps) {
  const [part, setPart] = useState<'application' | 'user' | 'entitlement' | 'status' | 'expiry'>('status')
  const parts = [
    ['status', 'Status'],
    ['expiry', 'Expiry date'],
    ['application', 'Application'],
    ['user', 'User'],
    ['entitlement', 'Entitlement'],
  ] as const
  const option = kinds.find(([kind]) => kind === part)
  return (
    <Dialog
      title="Filters"
      trigger={
        <button type="button" className="chip phone-filter only-phone">
          <Icon name="list-filter" />
          {count ? `Filters · ${count}` : 'Filters'}
        </button>
      }
      actions={
        <>
          <Button variant="ghost" onClick={clear} disabled={count === 0 && view.q === ''}>
            Clear all
          </Button>
          <DialogClose>
            <Button variant="primary">Show the grants</Button>
          </DialogClose>
        </>
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: toggle buttons, not a form's fieldset. */}
      <div className="g-parts" role="group" aria-label="Filter by">
        {parts.map(([key, label]) => (
          <button
            key={key}
            type="button"
            className="chip"
            aria-pressed={part === key}
            onClick={() => setPart(key)}
          >
            {label}
          </button>
        ))}
      </div>
      {part === 'status' ? (
        <StatusChoices chosen={view.statuses} onChange={(statuses) => change({ statuses })} />
      ) : null}
      {part === 'expiry' ? (
        <ExpiryChoices value={view.expiry} onChange={(expiry) => change({ expiry })} />
      ) : null}
      {option ? (
        <Options
          key={option[0]}
          kind={option[0]}
          chosen={view[option[1]]}
          names={names}
          onChange={(ids) => change({ [option[1]]: ids })}
        />
      ) : null}
    </Dialog>
  )
}
