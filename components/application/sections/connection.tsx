import { Icon } from '@/components/ui/icon'
import type { ApplicationPage, ConnectionSaved } from '@/lib/application-views'
import type { SendForm } from '@/lib/forms/state'
import { CredentialCard, SettingsCard } from '../connection-cards'

type Props = {
  page: ApplicationPage
  now: Date
  zone: string
  actions: { changeSettings: SendForm<ConnectionSaved>; replaceSecret: SendForm<ConnectionSaved> }
}

/** How the system behind the application is reached: its settings, our credential there, and what outlives a take. */
export function ConnectionSection({ page, now, zone, actions }: Props) {
  const { connection } = page
  if (!connection) return null
  return (
    <div className="cols">
      <SettingsCard page={page} connection={connection} change={actions.changeSettings} />
      <div className="stack gap-4!">
        <CredentialCard
          page={page}
          connection={connection}
          replace={actions.replaceSecret}
          now={now}
          zone={zone}
        />
        <p className="hint row items-start! px-1">
          <Icon name="info" size={14} />
          <span>{connection.residue}</span>
        </p>
      </div>
    </div>
  )
}
