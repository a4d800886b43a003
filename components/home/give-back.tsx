'use client'

import { useNow } from '@/components/lease/lease-clock'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import type { GrantState } from '@/lib/domain/grant'
import { type SendForm, sent } from '@/lib/forms/state'
import { consequencesOf } from '@/lib/give-back-words'
import type { LeaseView } from '@/lib/views'

export type GiveBackAction = SendForm<{ state: GrantState }>

type GiveBackProps = {
  lease: LeaseView
  now: Date
  action: GiveBackAction
  /** It has not started: one withdraws it. */
  withdraw?: boolean
}

/** Gives an access back before its end; asks once, naming what follows. */
export function GiveBack({ lease, now, action, withdraw }: GiveBackProps) {
  const toast = useToast()
  const current = useNow(now)
  const { name } = lease.entitlement
  const verb = withdraw ? 'Withdraw' : 'Give back'

  async function run(): Promise<string | undefined> {
    const form = new FormData()
    form.set('grantId', lease.id)
    form.set('version', String(lease.version))
    const answer = await sent(action, form)
    if (answer.status !== 'done') return answer.message ?? 'That did not work. Try again'
    toast({
      title: withdraw ? `${name} withdrawn` : `${name} given back`,
      description: after(lease, withdraw),
    })
    return undefined
  }

  return (
    <ConfirmDialog
      title={withdraw ? `Withdraw ${name}?` : `Give ${name} back now?`}
      consequences={consequencesOf(lease, current, withdraw)}
      confirmLabel={withdraw ? `Withdraw ${name}` : `Give ${name} back`}
      confirmIcon="undo"
      keepLabel={withdraw ? 'Leave it as it is' : 'Keep it'}
      tone="primary"
      onConfirm={run}
      trigger={
        <Button size="sm" variant={withdraw ? 'default' : 'ghost'} aria-label={`${verb} ${name}`}>
          {verb}
        </Button>
      }
    />
  )
}

function after(lease: LeaseView, withdraw?: boolean): string {
  if (withdraw && lease.times.state === 'scheduled') return 'It will not start.'
  if (lease.preexisting) return 'You held it before, so it stays.'
  return 'It says ended once it was seen gone.'
}
