'use client'

import { useRef, useState } from 'react'
import { EntitlementName } from '@/components/request/entitlement-name'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { sent } from '@/lib/forms/state'
import type { ActOutcome, GrantListRow } from '@/lib/grant-views'
import { formOf, type GrantActs, problemOf } from './acts'
import { BulkOutcome } from './bulk-outcome'

export interface BulkRevokeDialogProps {
  /** The selected grants, as far as their rows are known. */
  readonly rows: readonly GrantListRow[]
  readonly act: GrantActs['revokeSelected']
  readonly onClose: () => void
  readonly onDone: () => void
}

const MOST_NAMED = 6

/** Revokes several with one reason, then tells what became of each. */
export function BulkRevokeDialog({ rows, act, onClose, onDone }: BulkRevokeDialogProps) {
  // The list goes on living behind the question; what was asked about stays what was selected then.
  const [asked] = useState(rows)
  // The question closes once it is answered, and what became of each takes its place.
  const answered = useRef(false)
  const [outcome, setOutcome] = useState<readonly ActOutcome[] | null>(null)
  if (outcome)
    return (
      <BulkOutcome
        rows={asked}
        outcome={outcome}
        done="revoked"
        note="A grant says “ended” once its target was seen without it."
        onClose={onDone}
      />
    )
  const more = asked.length - MOST_NAMED
  const grants = asked.length === 1 ? '1 grant' : `${asked.length} grants`
  const standing = asked.filter((row) => row.preexisting).length
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open || answered.current ? undefined : onClose())}
      title={`Revoke ${grants} now?`}
      consequences={[
        ...asked.slice(0, MOST_NAMED).map((row) => ({
          icon: 'ban' as const,
          tone: 'bad' as const,
          text: (
            <>
              <b>{row.person.name}</b> loses <EntitlementName name={row.entitlement.name} /> in{' '}
              {row.application.name}.
            </>
          ),
        })),
        ...(more > 0 ? [{ icon: 'ellipsis' as const, text: `And ${more} more, each on its own.` }] : []),
        ...(standing > 0
          ? [
              {
                icon: 'pin' as const,
                tone: 'warn' as const,
                text: `${standing} held before our first give: those stay.`,
              },
            ]
          : []),
        { icon: 'mail' as const, text: 'Each holder is told, with your reason.' },
      ]}
      confirmLabel={`Revoke ${grants}`}
      confirmIcon="ban"
      keepLabel={asked.length === 1 ? 'Keep the access' : 'Keep them all'}
      reason={{ label: 'Reason', required: true, maxLength: 2_000 }}
      onConfirm={async (reason) => {
        const answer = await sent(act, formOf({ grantIds: asked.map((row) => row.id), reason }))
        const wrong = problemOf(answer)
        if (wrong) return wrong
        answered.current = true
        setOutcome(answer.result ?? [])
        return null
      }}
    />
  )
}
