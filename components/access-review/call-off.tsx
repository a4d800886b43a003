'use client'

import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import { type SendForm, sent } from '@/lib/forms/state'

/** Calls a running review off, after saying what that means. */
export function CallOff({ id, name, act }: { id: string; name: string; act: SendForm<null> }) {
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Call ${name} off?`}
      consequences={[
        { icon: 'ban', text: 'Nothing more is decided in it, and nothing happens at its date.' },
        { icon: 'info', text: 'What was removed already stays removed; decisions stay on record.' },
      ]}
      confirmLabel="Call it off"
      keepLabel="Let it go on"
      reason={{ required: true, hint: 'Stays with the record.' }}
      onConfirm={async (reason) => {
        const form = new FormData()
        form.set('reviewId', id)
        form.set('reason', reason)
        const state = await sent(act, form)
        if (state.status !== 'done') return state.message ?? 'That did not work. Try again'
        toast({ title: `${name} called off` })
        return null
      }}
      trigger={<Button icon="ban">Call off…</Button>}
    />
  )
}
