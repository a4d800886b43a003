'use client'

import { useEffect, useState } from 'react'
import { Dialog } from '@/components/ui/dialog'
import { formatDuration } from '@/lib/format'
import { sent } from '@/lib/forms/state'
import type { ActOutcome, GrantListRow } from '@/lib/grant-views'
import { formOf, type GrantActs, problemOf } from './acts'
import { askLengths } from './ask'
import { BulkOutcome } from './bulk-outcome'
import { MoreTimeForm } from './more-time-form'

export interface BulkExtendDialogProps {
  /** The selected grants that can still be extended. */
  readonly rows: readonly GrantListRow[]
  readonly act: GrantActs['extendSelected']
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Asks for the same more time for several holders. It asks only: each policy's approvers decide. */
export function BulkExtendDialog({ rows, act, onClose, onDone }: BulkExtendDialogProps) {
  // The list goes on living behind the question; what was asked about stays what was selected then.
  const [asked] = useState(rows)
  const [lengths, setLengths] = useState<readonly number[] | null>(null)
  const [outcome, setOutcome] = useState<readonly ActOutcome[] | null>(null)
  const [unread, setUnread] = useState(false)
  useEffect(() => {
    let current = true
    askLengths(asked.map((row) => row.id)).then(
      (found) => current && setLengths(found),
      () => current && setUnread(true),
    )
    return () => {
      current = false
    }
  }, [asked])

  async function ask(input: { seconds: string; reason: string }) {
    const answer = await sent(act, formOf({ grantIds: asked.map((row) => row.id), ...input }))
    const wrong = problemOf(answer)
    if (!wrong) setOutcome(answer.result ?? [])
    return wrong
  }

  if (outcome)
    return (
      <BulkOutcome
        rows={asked}
        outcome={outcome}
        done="asked for"
        note="The approvers were told. An end moves when they agree."
        onClose={onDone}
      />
    )
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Ask for more time on ${asked.length === 1 ? '1 grant' : `${asked.length} grants`}`}
      description="Each is a request of its own. The approvers of its policy decide; whoever asks cannot."
    >
      <MoreTimeForm
        options={(lengths ?? []).map((seconds) => ({
          value: String(seconds),
          label: formatDuration(seconds),
          hint: 'where its policy offers it',
        }))}
        first={lengths?.[0]}
        closed="There is no length to ask for yet"
        waiting={
          lengths ? undefined : (
            <p className="hint" role="status">
              {unread
                ? 'The lengths could not be read. Close this and try again.'
                : 'Looking up the lengths…'}
            </p>
          )
        }
        reasonRequired
        reasonHint="The same for all of them."
        keepLabel="Keep the ends as they are"
        ask={ask}
      />
    </Dialog>
  )
}
