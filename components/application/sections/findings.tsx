import { FindingsCard } from '@/components/application/findings-card'
import { WatchedCard } from '@/components/application/watched-card'
import { Callout } from '@/components/ui/labels'
import type { ReadingSummary } from '@/lib/application-views'
import type { FindingsView } from '@/lib/finding-views'
import type { SendForm } from '@/lib/forms/state'

type Props = {
  view: FindingsView
  now: Date
  zone: string
  actions: {
    readHolding: SendForm<ReadingSummary>
    adopt: SendForm<null>
    ignore: SendForm<null>
    removeFound: SendForm<{ ordered: number }>
    makeExclusive: SendForm<{ version: number }>
  }
}

/** Where the system and our record disagree, and which entitlements nobody may hold without a lease. */
export function FindingsSection({ view, now, zone, actions }: Props) {
  return (
    <div className="stack mt-4 gap-4!">
      {view.error ? (
        <Callout tone="warn" icon="eye">
          <b>Not everything could be read.</b> What was not read to its end says nothing, so nothing changed
          there. {view.error}
        </Callout>
      ) : null}
      <FindingsCard view={view} actions={actions} now={now} zone={zone} />
      {view.entitlements.length > 0 ? (
        <WatchedCard view={view} act={actions.makeExclusive} now={now} zone={zone} />
      ) : null}
    </div>
  )
}
