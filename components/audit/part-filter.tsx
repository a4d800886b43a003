'use client'

import { useId, useState } from 'react'
import { RadioGroup } from '@/components/ui/choice'
import { FilterChip } from '@/components/ui/filter-chip'
import { Popover } from '@/components/ui/popover'
import { type AuditPart, auditParts, partLabels } from '@/lib/audit-url'

export interface PartFilterProps {
  readonly value: AuditPart
  readonly onChange: (value: AuditPart) => void
}

/** The chip that says which part the chosen people play. */
export function PartFilter({ value, onChange }: PartFilterProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label="Which part they play"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <FilterChip
          label="Part"
          value={value === 'any' ? undefined : partLabels[value]}
          onRemove={value === 'any' ? undefined : () => onChange('any')}
        />
      }
    >
      <div className="pop-body">
        <PartChoices
          value={value}
          onChange={(part) => {
            setOpen(false)
            onChange(part)
          }}
        />
      </div>
    </Popover>
  )
}

/** The parts; also used in the filter sheet of a phone. */
export function PartChoices({ value, onChange }: PartFilterProps) {
  return (
    <RadioGroup
      name={useId()}
      value={value}
      onValueChange={onChange}
      options={auditParts.map((part) => ({ value: part, label: partLabels[part] }))}
    />
  )
}
