'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'
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

/** The filters in a sheet, one kind at a time. */
export function PhoneFilters({ view, names, count, change, clear, onClose }: PhoneFiltersProps) {
  const [part, setPart] = useState<'application' | 'user' | 'entitlement' | 'status' | 'expiry'>('status')
  const parts = [
    ['status', 'Status'],
    ['expiry', 'Expiry date'],
    ['application', 'Application'],
    ['user', 'User'],
    ['entitlement', 'Entitlement'],
  ] as const
  const option = filterKinds.find(([kind]) => kind === part)
  return (
    <Dialog
      title="Filters"
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
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
          source={grantOptions[option[0]]}
          chosen={view[option[1]]}
          names={names}
          onChange={(ids) => change({ [option[1]]: ids })}
        />
      ) : null}
    </Dialog>
  )
}
