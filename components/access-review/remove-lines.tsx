'use client'

import { useState } from 'react'
import { EntitlementName } from '@/components/request/entitlement-name'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { AccessReviewPage, LineView } from '@/lib/access-review-views'
import { whoOf } from './review-parts'

type Props = {
  /** Null while nothing is asked. */
  lines: readonly LineView[] | null
  page: Pick<AccessReviewPage, 'application'>
  onClose: () => void
  /** Answers what is wrong, or null. */
  onRemove: (reason: string, confirm: string) => Promise<string | null>
}

/** Names whom a removal takes what from, before it counts. Standing access: with a name typed. */
export function RemoveLines({ lines, page, onClose, onRemove }: Props) {
  const [confirm, setConfirm] = useState('')
  const those = lines ?? []
  const standing = those.filter((line) => line.kind === 'standing').length
  const many = those.length === 1 ? 'this access' : `these ${those.length} accesses`
  return (
    <ConfirmDialog
      open={lines !== null}
      onOpenChange={(open) => {
        if (open) return
        setConfirm('')
        onClose()
      }}
      title={`Remove ${many}?`}
      consequences={[
        ...(standing < those.length
          ? [{ icon: 'undo' as const, text: 'Leases are revoked at once, and their holders are told why.' }]
          : []),
        ...(standing > 0
          ? [
              {
                icon: 'eye' as const,
                text: `What is held for good is taken out of ${page.application.name}, and looked at until it is seen gone.`,
              },
            ]
          : []),
        { icon: 'info', text: 'A removal is final. Whoever needs it again asks for it.' },
      ]}
      confirmLabel={`Remove ${those.length === 1 ? 'it' : `all ${those.length}`}`}
      confirmIcon="undo"
      keepLabel="Leave it undecided"
      reason={{ required: true, hint: 'Stays with the record; holders of leases read it.' }}
      onConfirm={(reason) => onRemove(reason, confirm)}
    >
      <ul className="cf-list">
        {those.map((line) => (
          <li className="cf" key={line.id}>
            <span className="grow min-w-0">
              <b className="bb">{whoOf(line)}</b> loses <EntitlementName name={line.entitlement.name} />
              {line.account && line.person ? <span className="hint"> (account {line.account})</span> : null}
            </span>
          </li>
        ))}
      </ul>
      {standing > 0 ? (
        <Field className="mb-4" label={`Type ${page.application.name} to confirm`} required>
          <Input
            name="confirm"
            autoComplete="off"
            spellCheck={false}
            value={confirm}
            onChange={(event) => setConfirm(event.target.value)}
          />
        </Field>
      ) : null}
    </ConfirmDialog>
  )
}
