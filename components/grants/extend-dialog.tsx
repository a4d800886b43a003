'use client'

import { Dialog } from '@/components/ui/dialog'
import { useToast } from '@/components/ui/toast'
import { formatClock, formatDuration } from '@/lib/format'
import { sent } from '@/lib/forms/state'
import type { GrantDetails } from '@/lib/grant-views'
import { formOf, type GrantActs, problemOf } from './acts'
import { MoreTimeForm } from './more-time-form'
import { firstName } from './revoke-dialog'

export interface ExtendDialogProps {
  readonly details: GrantDetails
  readonly now: Date
  readonly zone: string
  readonly act: GrantActs['extend']
  readonly onClose: () => void
}

/** Asks for more time for the holder. It asks only: the policy's approvers decide, and the asker is none of them. */
export function ExtendDialog({ details, now, zone, act, onClose }: ExtendDialogProps) {
  const { row, extension, reasonRequired } = details
  const toast = useToast()
  const first = firstName(row)
  const choices = extension?.choices ?? []

  async function ask({ seconds, reason }: { seconds: string; reason: string }) {
    const wrong = problemOf(await sent(act, formOf({ grantId: row.id, seconds, reason })))
    if (wrong) return wrong
    toast({
      title: `More time was asked for ${first}`,
      description: 'The approvers were told. The end moves when they agree.',
    })
    onClose()
    return null
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Ask for more time for ${first}`}
      description={`The approvers of ${details.policy.name} decide. Whoever asks, and ${first}, cannot.`}
    >
      <MoreTimeForm
        options={choices.map((choice) => ({
          value: String(choice.seconds),
          label: formatDuration(choice.seconds),
          hint: choice.why ?? `told ${formatDuration(choice.noticeSeconds)} before the end`,
          disabled: choice.why !== null,
          endLabel: 'until',
          end: formatClock(choice.end, zone, now),
        }))}
        first={choices.find((choice) => !choice.why)?.seconds}
        closed="No length fits the policy any more"
        reasonRequired={reasonRequired}
        keepLabel="Keep the end as it is"
        ask={ask}
      />
    </Dialog>
  )
}
