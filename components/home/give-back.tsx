'use client'

import { useNow } from '@/components/lease/lease-clock'
import { Button } from '@/components/ui/button'
import { ConfirmDialog, type Consequence } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import type { GrantState } from '@/lib/domain/grant'
import { idle } from '@/lib/form'
import { formatDuration } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { LeaseView } from '@/lib/views'

export type GiveBackAction = SendForm<{ state: GrantState }>

type GiveBackProps = {
  lease: LeaseView
  now: Date
  zone: string
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
    const answer = await action(idle, form)
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

/** What giving back means, in sentences. */
export function consequencesOf(lease: LeaseView, now: Date, withdraw?: boolean): Consequence[] {
  const { application, times, preexisting, pending } = lease
  if (withdraw && times.state === 'scheduled')
    return [
      { icon: 'calendar-clock', text: `It will not start on ${application.name}. Nothing was given yet.` },
      { icon: 'refresh', text: 'You can ask for it again any time.' },
    ]
  const lines: Consequence[] = []
  if (preexisting)
    lines.push({
      icon: 'pin',
      text: `You held it on ${application.name} before, so the access itself stays; only the lease ends.`,
    })
  else
    lines.push({
      icon: 'power',
      tone: 'warn',
      text: application.byHand
        ? `Somebody takes you out of ${application.name} by hand.`
        : `It is taken from you on ${application.name} within seconds, and sessions that use it are closed where that is possible.`,
    })
  const left = times.endsAt ? Math.floor((times.endsAt.getTime() - now.getTime()) / 1000) : 0
  if (left > 60)
    lines.push({ icon: 'timer-off', text: `You lose the ${formatDuration(left)} that are left.` })
  if (pending) lines.push({ icon: 'hourglass', text: 'The extension you asked for lapses.' })
  lines.push({ icon: 'refresh', text: 'To have it again you ask anew, and somebody agrees anew.' })
  return lines
}
