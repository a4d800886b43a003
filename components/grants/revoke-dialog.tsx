'use client'

import { useNow } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { ConfirmDialog, type Consequence } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import { formatRelative } from '@/lib/format'
import { sent } from '@/lib/forms/state'
import type { GrantListRow } from '@/lib/grant-views'
import { formOf, type GrantActs, problemOf } from './acts'

export interface RevokeDialogProps {
  readonly row: GrantListRow
  readonly now: Date
  readonly act: GrantActs['revoke']
  readonly onClose: () => void
}

/** Asks once more, naming what happens, to whom, how early, and who is told. */
export function RevokeDialog({ row, now, act, onClose }: RevokeDialogProps) {
  const toast = useToast()
  const current = useNow(now)
  const first = firstName(row)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={row.state === 'scheduled' ? `Call off ${first}’s access?` : `Revoke ${first}’s access now?`}
      consequences={consequences(row, current)}
      confirmLabel="Revoke now"
      confirmIcon="ban"
      keepLabel="Keep the access"
      reason={{ label: 'Reason', required: true, maxLength: 2_000, hint: `${first} is told it.` }}
      onConfirm={async (reason) => {
        const wrong = problemOf(await sent(act, formOf({ grantId: row.id, reason, version: row.version })))
        if (wrong) return wrong
        toast({
          title: `${first}’s access was revoked`,
          description: row.preexisting
            ? 'It was held before our first give, so the target keeps it.'
            : 'It says “ended” once the target was seen without it.',
        })
        return null
      }}
    />
  )
}

export const firstName = (row: GrantListRow) => row.person.name.split(' ')[0] ?? row.person.name

function consequences(row: GrantListRow, now: Date): Consequence[] {
  const { entitlement, application } = row
  const first = firstName(row)
  const lines: Consequence[] = []
  if (row.preexisting)
    lines.push({
      icon: 'pin',
      tone: 'warn',
      text: `${first} held it before our first give: ${application.name} keeps it.`,
    })
  else if (row.state === 'scheduled')
    lines.push({ icon: 'ban', tone: 'bad', text: `It is never given in ${application.name}.` })
  else
    lines.push({
      icon: 'ban',
      tone: 'bad',
      text: (
        <>
          Removes {first} from{' '}
          <b>
            <EntitlementName name={entitlement.name} />
          </b>{' '}
          in {application.name} at once.
        </>
      ),
    })
  if (row.endsAt && row.endsAt > now && row.state === 'active')
    lines.push({
      icon: 'timer-off',
      text: `Ends ${formatRelative(row.endsAt, now).replace(/^in /, '')} early. To get it back, ${first} asks anew.`,
    })
  if (row.pending) lines.push({ icon: 'hourglass', text: 'The extension that was asked for lapses with it.' })
  lines.push({ icon: 'mail', text: `${first} is told, with your reason.` })
  return lines
}
