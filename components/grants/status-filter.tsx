'use client'

import { useState } from 'react'
import { FilterChip } from '@/components/ui/filter-chip'
import { Badge } from '@/components/ui/labels'
import { Popover } from '@/components/ui/popover'
import { type GrantStatus, grantStatuses, statusLooks } from '@/lib/grant-status'
import { statusWords } from '@/lib/grant-url'

export interface StatusFilterProps {
  readonly chosen: readonly GrantStatus[]
  readonly onChange: (statuses: GrantStatus[]) => void
}

/** The chip that filters by status. */
export function StatusFilter({ chosen, onChange }: StatusFilterProps) {
  const [open, setOpen] = useState(false)
  const value =
    chosen.length === 0
      ? undefined
      : chosen.length > 2
        ? `${chosen.length} of ${grantStatuses.length}`
        : statusWords(chosen)
  return (
    <Popover
      label="Filter by status"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <FilterChip label="Status" value={value} onRemove={chosen.length ? () => onChange([]) : undefined} />
      }
    >
      <StatusChoices chosen={chosen} onChange={onChange} />
    </Popover>
  )
}

/** The statuses with their badges; also used in the filter sheet of a phone. */
export function StatusChoices({ chosen, onChange }: StatusFilterProps) {
  return (
    <ul className="pop-list" aria-label="Status">
      {grantStatuses.map((status) => {
        const { label, icon, tone, line } = statusLooks[status]
        return (
          <li key={status}>
            <label className="pop-item">
              <input
                type="checkbox"
                className="check"
                checked={chosen.includes(status)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...chosen, status] : chosen.filter((s) => s !== status))
                }
              />
              <Badge tone={tone} icon={icon} line={line}>
                {label}
              </Badge>
            </label>
          </li>
        )
      })}
    </ul>
  )
}
