'use client'

import { useRouter } from 'next/navigation'
import { formOf } from '@/components/grants/acts'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import { type SendForm, sent } from '@/lib/forms/state'

type FreezeButtonProps = {
  frozen: boolean
  /** "all giving", "giving on Stripe". */
  what: string
  hidden: Readonly<Record<string, string>>
  freeze: SendForm<{ frozen: boolean }>
  thaw: SendForm<{ frozen: boolean }>
}

/** One button that stops all giving, with a reason, and the same one that lets it go on. */
export function FreezeButton({ frozen, what, hidden, freeze, thaw }: FreezeButtonProps) {
  const toast = useToast()
  const router = useRouter()
  return (
    <ConfirmDialog
      title={frozen ? `Let ${what} go on?` : `Freeze ${what}?`}
      tone={frozen ? 'primary' : 'danger'}
      trigger={
        <Button icon={frozen ? 'play' : 'octagon-alert'} variant={frozen ? 'default' : 'danger'}>
          {frozen ? 'Lift the freeze…' : `Freeze ${what}…`}
        </Button>
      }
      consequences={
        frozen
          ? [{ icon: 'play', text: 'What is agreed and waits is given at once.' }]
          : [
              { icon: 'ban', tone: 'bad', text: 'Nothing is given any more, emergency access included.' },
              {
                icon: 'hourglass',
                text: 'One can still ask and agree; what is agreed waits, up to its start-by.',
              },
              { icon: 'circle-check', tone: 'ok', text: 'What ends is still taken back, on time.' },
            ]
      }
      confirmLabel={frozen ? 'Lift the freeze' : 'Freeze now'}
      keepLabel={frozen ? 'Leave it frozen' : 'Do not freeze'}
      reason={
        frozen
          ? { label: 'What you found', hint: 'Stays in the timeline.' }
          : { label: 'Reason', hint: 'Everybody whose access waits sees it.', required: true }
      }
      onConfirm={async (reason) => {
        const answer = await sent(frozen ? thaw : freeze, formOf({ ...hidden, reason }))
        if (answer.status !== 'done' && answer.status !== 'idle')
          return answer.message ?? 'That did not work. Nothing was changed; try again'
        toast({ title: frozen ? 'Giving goes on' : 'Giving is frozen' })
        router.refresh()
        return null
      }}
    />
  )
}
