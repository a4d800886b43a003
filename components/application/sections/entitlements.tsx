import { LinkButton } from '@/components/ui/button'
import type { ApplicationPage } from '@/lib/application-views'
import { formatClock } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import { EntitlementsCard } from '../entitlements-card'

type Props = {
  page: ApplicationPage
  now: Date
  zone: string
  actions: {
    add: SendForm<{ entitlementId: string }>
    describe: SendForm<{ entitlementId: string; version: number }>
  }
}

/** What the application can give: whether it can be asked for, and why not. */
export function EntitlementsSection({ page, now, zone, actions }: Props) {
  const syncedAt = page.connection?.syncedAt
  const synced = syncedAt ? `synced ${formatClock(syncedAt, zone, now)}` : null
  return (
    <div className="stack mt-4 gap-4!">
      {page.mayConvert ? (
        <p className="hint row flex-wrap">
          <span>Somebody holds one of these for good?</span>
          <LinkButton
            size="sm"
            icon="hourglass"
            href={`/settings/access-management/applications/${page.id}/convert`}
          >
            Turn standing access into leases
          </LinkButton>
        </p>
      ) : null}
      <EntitlementsCard page={page} note={synced} add={actions.add} describe={actions.describe} />
    </div>
  )
}
