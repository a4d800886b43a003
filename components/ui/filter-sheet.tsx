'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'

export interface FilterSheetProps<Part extends string> {
  /** The kinds of filter with their labels; the first one is open at first. */
  readonly parts: readonly (readonly [Part, string])[]
  /** What closes it says: "Show the grants". */
  readonly done: string
  /** Takes every filter off; left out where none is on. */
  readonly onClear: (() => void) | undefined
  readonly onClose: () => void
  /** The choices of one kind. */
  readonly children: (part: Part) => ReactNode
}

/** The filters of a list on a phone: in a sheet, one kind at a time. */
export function FilterSheet<Part extends string>(props: FilterSheetProps<Part>) {
  const [chosen, setChosen] = useState<Part>()
  const part = chosen ?? props.parts[0]?.[0]
  return (
    <Dialog
      title="Filters"
      open
      onOpenChange={(open) => (open ? undefined : props.onClose())}
      actions={
        <>
          <Button variant="ghost" onClick={props.onClear} disabled={!props.onClear}>
            Clear all
          </Button>
          <DialogClose>
            <Button variant="primary">{props.done}</Button>
          </DialogClose>
        </>
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: toggle buttons, not a form's fieldset. */}
      <div className="g-parts" role="group" aria-label="Filter by">
        {props.parts.map(([key, label]) => (
          <button
            key={key}
            type="button"
            className="chip"
            aria-pressed={part === key}
            onClick={() => setChosen(key)}
          >
            {label}
          </button>
        ))}
      </div>
      {part ? props.children(part) : null}
    </Dialog>
  )
}
