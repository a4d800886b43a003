'use client'

import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import type { SendForm } from '@/lib/forms/state'
import { act, wrongWith } from './send'

/** Takes a deactivated person in again, after saying what does not come back with them. */
export function ReactivatePerson({
  page,
  reactivate,
}: {
  page: { id: string; name: string }
  reactivate: SendForm<null>
}) {
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Take ${page.name} in again?`}
      consequences={[
        { icon: 'log-in', text: 'They may sign in, ask and decide where they are asked.' },
        {
          icon: 'key-round',
          text: 'What was taken stays taken. Roles and applications they owned are given anew.',
        },
      ]}
      confirmLabel="Reactivate"
      keepLabel="Keep them out"
      tone="primary"
      reason={{ label: 'Reason', required: true, hint: 'It stays in the timeline.' }}
      onConfirm={async (reason) => {
        const state = await act(reactivate, { personId: page.id, reason })
        const wrong = wrongWith(state)
        if (wrong) return wrong
        toast({ title: `${page.name} is active again` })
        return null
      }}
      trigger={<Button icon="user-check">Reactivate</Button>}
    />
  )
}
