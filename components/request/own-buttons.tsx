'use client'

import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import type { GrantState } from '@/lib/domain/grant'
import type { RequestState } from '@/lib/domain/request'
import { type SendForm, sent } from '@/lib/forms/state'
import type { LeaseView } from '@/lib/views'

/** Takes a request back before it is decided; asks once. */
export function WithdrawRequest({
  requestId,
  name,
  extension,
  withdraw,
}: {
  requestId: string
  name: string
  extension: boolean
  withdraw: SendForm<{ state: RequestState; grantId: string | null }>
}) {
  const toast = useToast()
  async function run(): Promise<string | undefined> {
    const form = new FormData()
    form.set('requestId', requestId)
    const answer = await sent(withdraw, form)
    if (answer.status !== 'done') return answer.message ?? 'That did not work. Try again'
    toast({ title: 'Request withdrawn' })
    return undefined
  }
  return (
    <ConfirmDialog
      title={extension ? `Withdraw the request for more of ${name}?` : `Withdraw the request for ${name}?`}
      consequences={[
        { icon: 'undo', text: 'Nobody can approve it any more, even if they have its mail open.' },
        extension
          ? { icon: 'timer-off', text: 'Your access keeps its present end.' }
          : { icon: 'refresh', text: 'You can ask again any time.' },
      ]}
      confirmLabel="Withdraw the request"
      confirmIcon="undo"
      keepLabel="Leave it with them"
      tone="primary"
      onConfirm={run}
      trigger={<Button icon="undo">Withdraw request</Button>}
    />
  )
}

/** An owner or admin takes an access away now; a reason is needed, and the holder is told it. */
export function RevokeNow({
  lease,
  holder,
  revoke,
}: {
  lease: LeaseView
  holder: string
  revoke: SendForm<{ state: GrantState }>
}) {
  const toast = useToast()
  const { name } = lease.entitlement
  async function run(reason: string): Promise<string | undefined> {
    const form = new FormData()
    form.set('grantId', lease.id)
    form.set('version', String(lease.version))
    form.set('reason', reason)
    const answer = await sent(revoke, form)
    if (answer.status !== 'done') return answer.message ?? 'That did not work. Try again'
    toast({ title: `${name} is being taken back`, description: 'It says ended once it was seen gone.' })
    return undefined
  }
  return (
    <ConfirmDialog
      title={`Revoke ${holder}’s ${name} now?`}
      consequences={[
        {
          icon: 'power',
          tone: 'bad',
          text: lease.preexisting
            ? `The lease ends now. ${holder} held it before, so the access itself stays.`
            : lease.application.byHand
              ? `Somebody is asked to take ${holder} out of ${name} on ${lease.application.name} by hand.`
              : `Removes ${holder} from ${name} on ${lease.application.name} now.`,
        },
        { icon: 'mail', text: `${holder} is told, with your reason.` },
      ]}
      confirmLabel="Revoke now"
      confirmIcon="ban"
      keepLabel="Keep the access"
      reason={{ label: 'Reason', hint: `${holder} reads this.`, required: true }}
      onConfirm={run}
      trigger={
        <Button variant="danger" icon="ban">
          Revoke…
        </Button>
      }
    />
  )
}
