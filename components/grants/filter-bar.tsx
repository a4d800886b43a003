'use client'

import dynamic from 'next/dynamic'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { OptionFilter } from '@/components/ui/option-filter'
import { changedView, clearedView, filterCount, type GrantView } from '@/lib/grant-url'
import { ExpiryFilterChip } from './expiry-filter'
import { filterKinds, grantOptions } from './grant-options'
import { SearchBox } from './search-box'
import { StatusFilter } from './status-filter'

const PhoneFilters = dynamic(() => import('./phone-filters').then((module) => module.PhoneFilters))

export interface FilterBarProps {
  readonly view: GrantView
  readonly names: Readonly<Record<string, string>>
  readonly show: (view: GrantView) => void
  /** How many new grants wait to be shown. */
  readonly fresh: number
  readonly onFresh: () => void
}

/** Search, one chip per filter, and the pill of new grants. On a phone the chips are in a sheet. */
export function FilterBar({ view, names, show, fresh, onFresh }: FilterBarProps) {
  const search = useRef<HTMLInputElement>(null)
  const [sheet, setSheet] = useState(false)
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
        {filterKinds.map(([kind, key]) => (
          <OptionFilter
            key={kind}
            source={grantOptions[kind]}
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
      <button
        type="button"
        className="chip phone-filter only-phone"
        aria-haspopup="dialog"
        onClick={() => setSheet(true)}
      >
        <Icon name="list-filter" />
        {count ? `Filters · ${count}` : 'Filters'}
      </button>
      {sheet ? (
        <PhoneFilters {...{ view, names, count, change, clear }} onClose={() => setSheet(false)} />
      ) : null}
    </section>
  )
}
