'use client'

import { EntitlementName } from '@/components/request/entitlement-name'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Icon } from '@/components/ui/icon'
import type { ActOutcome, GrantListRow } from '@/lib/grant-views'

export interface BulkOutcomeProps {
  readonly rows: readonly GrantListRow[]
  readonly outcome: readonly ActOutcome[]
  /** What those it worked for were: "revoked". */
  readonly done: string
  readonly note: string
  readonly onClose: () => void
}

/** What became of each of several grants. */
export function BulkOutcome({ rows, outcome, done, note, onClose }: BulkOutcomeProps) {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const worked = outcome.filter((one) => one.refused === null).length
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`${worked} of ${outcome.length} ${done}`}
      description={note}
      actions={
        <DialogClose>
          <Button variant="primary">Back to the list</Button>
        </DialogClose>
      }
    >
      <ul className="g-outcome" aria-label="What became of each">
        {outcome.map(({ grantId, refused }) => {
          const row = byId.get(grantId)
          return (
            <li key={grantId} className="row">
              <Icon name={refused ? 'circle-alert' : 'check'} className={refused ? 'c-warn' : 'c-ok'} />
              <span className="grow">
                <b className="b">{row?.person.name}</b>{' '}
                {row ? <EntitlementName name={row.entitlement.name} /> : null}
                <small>{refused ?? done.replace(/^./, (letter) => letter.toUpperCase())}</small>
              </span>
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
