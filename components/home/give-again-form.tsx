'use client'

import { useSendForm } from '@/components/request/use-form'
import { LinkButton, SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Icon, type IconName } from '@/components/ui/icon'
import type { SendForm } from '@/lib/forms/state'
import type { LeaseView } from '@/lib/views'

type Props = {
  lease: LeaseView
  /** Who holds it, where that is not the reader. */
  holder: string | null
  giveAgain: SendForm<{ grantId: string }>
}

/** Asks once before an access is given again that somebody took in its target. Works without any script. */
export function GiveAgainForm({ lease, holder, giveAgain }: Props) {
  const form = useSendForm(giveAgain, {})
  const { entitlement, application } = lease
  const lines: { icon: IconName; text: string }[] = [
    {
      icon: 'ban',
      text: `Somebody took ${holder ? `${holder} out of it` : 'you out of it'} on ${application.name} while the lease runs. That was not us; there may have been a reason.`,
    },
    {
      icon: 'key-round',
      text: `It is given on ${application.name} within seconds, for the time that is left. Nobody is asked again.`,
    },
    {
      icon: 'timer-off',
      text: lease.mode === 'permanent' ? 'It has no end, as before.' : 'The end does not move.',
    },
  ]
  return (
    <form className="panel stack" {...form.props} aria-label="Give again">
      <input type="hidden" name="grantId" value={lease.id} />
      <ErrorSummary problems={form.problems} title="It was not given again" />
      <h1 className="panel-title">{`Give ${entitlement.name} again?`}</h1>
      <ul className="dialog-list">
        {lines.map((line) => (
          <li key={line.text}>
            <Icon name={line.icon} className="ink2" />
            <span>{line.text}</span>
          </li>
        ))}
      </ul>
      <div className="acts">
        <LinkButton size="lg" href="/">
          Leave it
        </LinkButton>
        <SubmitButton size="lg" variant="primary" icon="key-round" pending={form.pending}>
          {`Give ${entitlement.name} again`}
        </SubmitButton>
      </div>
    </form>
  )
}
