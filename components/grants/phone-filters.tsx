'use client'

import { FilterSheet } from '@/components/ui/filter-sheet'
import { Options } from '@/components/ui/option-filter'
import type { changedView } from '@/lib/grant-url'
import { ExpiryChoices } from './expiry-filter'
import type { FilterBarProps } from './filter-bar'
import { filterKinds, grantOptions } from './grant-options'
import { StatusChoices } from './status-filter'

export type PhoneFiltersProps = Pick<FilterBarProps, 'view' | 'names'> & {
  count: number
  change: (changes: Parameters<typeof changedView>[1]) => void
  clear: () => void
  onClose: () => void
}

const parts = [
  ['status', 'Status'],
  ['expiry', 'Expiry date'],
  ['application', 'Application'],
  ['user', 'User'],
  ['entitlement', 'Entitlement'],
] as const

/** The filters of Access grants on a phone. */
export function PhoneFilters({ view, names, count, change, clear, onClose }: PhoneFiltersProps) {
  return (
    <FilterSheet
      parts={parts}
      done="Show the grants"
      onClear={count > 0 || view.q !== '' ? clear : undefined}
      onClose={onClose}
    >
      {(part) => {
        if (part === 'status')
          return <StatusChoices chosen={view.statuses} onChange={(statuses) => change({ statuses })} />
        if (part === 'expiry')
          return <ExpiryChoices value={view.expiry} onChange={(expiry) => change({ expiry })} />
        const option = filterKinds.find(([kind]) => kind === part)
        return option ? (
          <Options
            key={option[0]}
            source={grantOptions[option[0]]}
            chosen={view[option[1]]}
            names={names}
            onChange={(ids) => change({ [option[1]]: ids })}
          />
        ) : null
      }}
    </FilterSheet>
  )
}
