import { LeaseText, LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { LeaseBadge } from '@/components/request/request-badge'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { missingWords } from '@/lib/asking-words'
import type { SendForm } from '@/lib/forms/state'
import type { LeaseView } from '@/lib/views'
import { ExtendPage, type ExtendView } from './extend-page'

type SectionProps = {
  view: ExtendView
  /** Why nothing can be asked for; null when it can. */
  closed: string | null
  over: boolean
  now: Date
  zone: string
  extend: SendForm<{ requestId: string }>
}

/** The form, or what stands in its way: asked already, ended, no extension left. */
export function ExtendSection({ view, closed, over, now, zone, extend }: SectionProps) {
  const { lease } = view
  if (!lease.pending && closed === null)
    return <ExtendPage view={view} now={now} zone={zone} extend={extend} />
  return (
    <>
      <section>
        <p className="state">
          <LeaseBadge lease={lease} now={now} />
          <LeaseText facts={lease.times} now={now} zone={zone} />
        </p>
        <h1 className="solo-title">
          <EntitlementName name={lease.entitlement.name} heading /> on {lease.application.name}
        </h1>
        <div className="card leasebox">
          <LiveLeaseBar
            facts={lease.times}
            now={now}
            zone={zone}
            size="large"
            labels
            ghostEnd={lease.pending?.newEnd}
          />
        </div>
      </section>
      <aside className="panel stack" aria-label="Extension">
        {lease.pending ? (
          <Pending lease={lease} now={now} zone={zone} />
        ) : (
          <Closed view={view} why={closed} over={over} />
        )}
      </aside>
    </>
  )
}

function Pending({ lease, now, zone }: { lease: LeaseView; now: Date; zone: string }) {
  if (!lease.pending) return null
  return (
    <>
      <Callout icon="hourglass">
        <p>
          More time was asked for already: {missingWords(lease.pending.progress.missing)}.{' '}
          <TimeText at={lease.pending.decideBy} now={now} zone={zone} lead="It lapses" />.
        </p>
      </Callout>
      <LinkButton variant="primary" href={`/requests/${lease.pending.requestId}`}>
        See the request
      </LinkButton>
    </>
  )
}

function Closed({ view, why, over }: { view: ExtendView; why: string | null; over: boolean }) {
  return (
    <>
      <Callout tone="warn">
        <p>{why}.</p>
      </Callout>
      {over ? (
        <LinkButton variant="primary" href={`/catalogue/${view.lease.entitlement.id}/request`}>
          Ask for it anew
        </LinkButton>
      ) : (
        <LinkButton href="/">My access</LinkButton>
      )}
    </>
  )
}
