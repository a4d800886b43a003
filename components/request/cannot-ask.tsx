import { LeaseText, LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import type { ApplicationView, CatalogueStanding, EntitlementView } from '@/lib/views'
import { AskHead } from './ask-parts'
import { ForWhom } from './for-whom'

type CannotProps = {
  form: {
    entitlement: EntitlementView
    application: ApplicationView
    beneficiary: { id: string; name: string } | null
  }
  people: readonly { id: string; name: string; team: string | null }[]
  standing: Exclude<CatalogueStanding, { kind: 'free' }>
  now: Date
  zone: string
}

/** Why this cannot be asked for now, and what one can do instead. */
export function CannotAsk({ form, standing, people, now, zone }: CannotProps) {
  const { beneficiary } = form
  return (
    <div className="rq">
      <div className="rq-main">
        <AskHead entitlement={form.entitlement} application={form.application} />
        <ForWhom people={people} beneficiary={beneficiary} />
        {standing.kind === 'held' ? (
          <Held lease={standing.lease} holder={beneficiary?.name ?? null} now={now} zone={zone} />
        ) : standing.kind === 'pending' ? (
          <>
            <Callout icon="hourglass">
              <p>
                {beneficiary
                  ? `This is asked for ${beneficiary.name} already.`
                  : 'You have asked for this already.'}{' '}
                It is not decided yet;{' '}
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
  holder,
  now,
  zone,
}: {
  lease: Extract<CatalogueStanding, { kind: 'held' }>['lease']
  /** Their name, where that is somebody else. */
  holder: string | null
  now: Date
  zone: string
}) {
  const { times, pending, extend } = lease
  return (
    <>
      <Callout tone="ok">
        <p>
          {times.state === 'active'
            ? holder
              ? `${holder} holds this already.`
              : 'You hold this already.'
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
        ) : extend?.allowed && !holder ? (
          <LinkButton variant="primary" icon="timer-reset" href={`/grants/${lease.id}/extend`}>
            Ask for more time
          </LinkButton>
        ) : null}
        <LinkButton href="/">My access</LinkButton>
      </div>
    </>
  )
}
