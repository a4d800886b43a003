import type { Route } from 'next'
import { Badge, Callout } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatClock } from '@/lib/format'
import type { ComparedView, OpenQuarantine, PastQuarantine } from '@/lib/quarantine-views'

interface Times {
  readonly now: Date
  readonly zone: string
}

const counted = (n: number, one: string) => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`

/** Why it is held, what was ended, and what of the audit chain is lost. */
export function WhyHeld({ quarantine, now, zone }: { quarantine: OpenQuarantine } & Times) {
  const { beganAt, why, ended, chain } = quarantine
  return (
    <section className="card card-pad" aria-labelledby="why-held">
      <h2 id="why-held" className="card-title">
        Why, since {formatClock(beganAt, zone, now)}
      </h2>
      <ul className="q-why">
        {why.map((one) => (
          <li key={one} className="wrap-anywhere">
            {one}
          </li>
        ))}
      </ul>
      <h3 className="q-h">Signed out</h3>
      <p>
        {counted(ended.sessions, 'session')} and {counted(ended.links, 'link')} of mails that the backup
        brought back were ended.
      </p>
      <h3 className="q-h">Audit chain</h3>
      <Chain chain={chain} />
    </section>
  )
}

function Chain({ chain: { link, lost, checked } }: Pick<OpenQuarantine, 'chain'>) {
  if (lost)
    return (
      <Callout tone="bad" icon="octagon-alert">
        <p>
          Links {lost.from.toLocaleString('en')} to {lost.to.toLocaleString('en')} are lost: a checkpoint
          signed <time className="num">{lost.signedAt}</time> knows them, and this chain went on from link{' '}
          {link.toLocaleString('en')}. Keep that file of checkpoints as it is.
        </p>
      </Callout>
    )
  return (
    <p>
      {checked
        ? `No checkpoint that is kept outside knows more than the ${counted(link, 'link')} of this chain.`
        : `It went on from link ${link.toLocaleString('en')}. There was no file of checkpoints to ask what is lost.`}
    </p>
  )
}

/** How far the comparison is, application by application. */
export function Compared({ rows, now, zone }: { rows: readonly ComparedView[] } & Times) {
  return (
    <section className="card card-pad" aria-labelledby="compared">
      <h2 id="compared" className="card-title">
        Compared
      </h2>
      {rows.length === 0 ? <p className="hint mt-1">No application has a connection.</p> : null}
      <ul className="q-compared">
        {rows.map(({ connectionId, application, applicationId, at, listed, problem }) => (
          <li key={connectionId}>
            <span className="row">
              <Link
                className="b trunc"
                href={`/settings/access-management/applications/${applicationId}` as Route}
              >
                {application}
              </Link>
              <span className="grow" />
              {at === null ? (
                <Badge tone="off">waits</Badge>
              ) : problem ? (
                <Badge tone="bad">not read</Badge>
              ) : (
                <span className="hint num">{formatClock(at, zone, now)}</span>
              )}
            </span>
            {problem ? <small className="wrap-anywhere">{problem}</small> : null}
            {at && !listed && !problem ? (
              <small>It cannot say who holds what: only leases were looked at, one by one.</small>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Those that are over. */
export function PastQuarantines({ rows, now, zone }: { rows: readonly PastQuarantine[] } & Times) {
  if (rows.length === 0) return null
  return (
    <section className="card card-pad mt-4" aria-labelledby="past-quarantines">
      <h2 id="past-quarantines" className="card-title">
        Confirmed before
      </h2>
      <ul className="q-past">
        {rows.map(({ id, beganAt, endedAt, by, reason, why }) => (
          <li key={id}>
            <p>
              {formatClock(beganAt, zone, now)} to {formatClock(endedAt, zone, now)}, confirmed by{' '}
              <b className="b">{by ?? 'somebody'}</b>: “<span className="wrap-anywhere">{reason}</span>”
            </p>
            <small className="wrap-anywhere">{why.join(' ')}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}
