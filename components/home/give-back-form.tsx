'use client'

import { useSendForm } from '@/components/request/use-form'
import { LinkButton, SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Icon } from '@/components/ui/icon'
import { consequencesOf } from '@/lib/give-back-words'
import type { LeaseView } from '@/lib/views'
import type { GiveBackAction } from './give-back'

/** The question of giving back as a page, for those who come from a mail. Works without any script. */
export function GiveBackForm({
  lease,
  now,
  giveBack,
}: {
  lease: LeaseView
  now: Date
  giveBack: GiveBackAction
}) {
  const form = useSendForm(giveBack, {})
  const withdraw = lease.times.state !== 'active'
  const { name } = lease.entitlement
  return (
    <form className="panel stack" {...form.props} aria-label="Give back">
      <input type="hidden" name="grantId" value={lease.id} />
      <input type="hidden" name="version" value={lease.version} />
      <ErrorSummary problems={form.problems} title="Nothing was given back" />
      <h1 className="panel-title">{withdraw ? `Withdraw ${name}?` : `Give ${name} back now?`}</h1>
      <ul className="dialog-list">
        {consequencesOf(lease, now, withdraw).map((line) => (
          <li key={line.text}>
            <Icon name={line.icon} className={line.tone ? `c-${line.tone}` : 'ink2'} />
            <span>{line.text}</span>
          </li>
        ))}
      </ul>
      <div className="acts">
        <LinkButton size="lg" href="/">
          {withdraw ? 'Leave it as it is' : 'Keep it'}
        </LinkButton>
        <SubmitButton size="lg" variant="primary" icon="undo" pending={form.pending}>
          {withdraw ? `Withdraw ${name}` : `Give ${name} back`}
        </SubmitButton>
      </div>
    </form>
  )
}
