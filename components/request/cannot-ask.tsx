import { LeaseText, LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import type { ApplicationView, CatalogueStanding, EntitlementView } from '@/lib/views'
import { AskHead } from './ask-parts'

type CannotProps = {
  form: { entitlement: EntitlementView; application: ApplicationView }
  standing: Exclude<CatalogueStanding, { kind: 'free' }>
  now: Date
  zone: string
}

/** Why this cannot be asked for now, and what one can do instead. */
export function CannotAsk({ form, standing, now, zone }: CannotProps) {
  return (
    <div className="rq">
      <div className="rq-main">
        <AskHead entitlement={form.entitlement} application={form.application} />
        {standing.kind === 'held' ? (
          <Held lease={standing.lease} now={now} zone={zone} />
        ) : standing.kind === 'pending' ? (
          <>
            <Callout icon="hourglass">
              <p>
                You have asked for this already. It is not decided yet;{' '}
                <TimeText at={standing.decideBy} now={now} zone={zone} lead="it lapses" />.
              </p>
            </Callout>
            <div>
              <LinkButton variant="primary" href={`/requests/${standing.requestId}`}>
                See the request
              </LinkButton>
            </div>
          </>
        ) : (
          <>
            <Callout tone="warn">
              <p>
                {standing.why}.{standing.ask ? ` ${standing.ask} can say more about the policy.` : ''}
              </p>
            </Callout>
            <div>
              <LinkButton href="/catalogue">Back to the catalogue</LinkButton>
            </div>
          </>
        )}
      </div>
    </div>
  )
}

function Held({
  lease,
  now,
  zone,
}: {
  lease: Extract<CatalogueStanding, { kind: 'held' }>['lease']
  now: Date
  zone: string
}) {
  const { times, pending, extend } = lease
  return (
    <>
      <Callout tone="ok">
        <p>
          {times.state === 'active'
            ? 'You hold this already.'
            : 'This is agreed already; it starts by itself.'}
        </p>
        <LeaseText facts={times} now={now} zone={zone} />
        <LiveLeaseBar facts={times} now={now} zone={zone} ghostEnd={pending?.newEnd} />
      </Callout>
      <div className="row">
        {pending ? (
          <LinkButton variant="primary" href={`/requests/${pending.requestId}`}>
            See the extension you asked for
          </LinkButton>
        ) : extend?.allowed ? (
          <LinkButton variant="primary" icon="timer-reset" href={`/grants/${lease.id}/extend`}>
            Ask for more time
          </LinkButton>
        ) : null}
        <LinkButton href="/">My access</LinkButton>
      </div>
    </>
  )
}
