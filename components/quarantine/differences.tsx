import type { Route } from 'next'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Link } from '@/components/ui/link'
import { formatClock } from '@/lib/format'
import type { DifferenceList, DifferenceView } from '@/lib/quarantine-views'

const GRANTS = '/settings/access-management/grants'

const words = {
  over: {
    title: 'Over here, and still there',
    sub: 'Their right is over by this record. Taken back first once you confirm.',
    none: 'Nobody holds what is over.',
  },
  missing: {
    title: 'Leased here, and not there',
    sub: 'Taken since the backup, most likely because the lease was ended. Nothing is given again by itself.',
    none: 'Every lease is there.',
  },
  stranger: {
    title: 'There, and not leased here',
    sub: 'Given since the backup, or by somebody else. Each becomes a finding of the application’s owners; where an entitlement is just-in-time only, it is removed.',
    none: 'Nobody holds anything that this record does not know of.',
  },
} as const

interface Props {
  readonly list: DifferenceList
  /** Whether every connection was compared to its end: only then does an empty list say anything. */
  readonly complete: boolean
  readonly now: Date
  readonly zone: string
}

/** One kind of difference between the record and the targets. Cards on a phone. */
export function Differences({ list: { kind, total, shown }, complete, now, zone }: Props) {
  const { title, sub, none } = words[kind]
  const heading = `differences-${kind}`
  return (
    <section className="card overflow-hidden" aria-labelledby={heading}>
      <div className="card-pad">
        <h2 id={heading} className="card-title">
          {title} <span className="ink2 num">{total.toLocaleString('en')}</span>
        </h2>
        <p className="hint mt-1">{total > 0 ? sub : complete ? none : 'None found so far.'}</p>
      </div>
      {shown.length > 0 ? (
        <table className="table settings-table">
          <colgroup>
            <col style={{ width: '36%' }} />
            <col />
            <col style={{ width: '30%' }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Access</th>
              <th scope="col">By this record</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={one.id} one={one} now={now} zone={zone} />
            ))}
          </tbody>
        </table>
      ) : null}
      {total > shown.length ? (
        <p className="hint card-pad">and {(total - shown.length).toLocaleString('en')} more</p>
      ) : null}
    </section>
  )
}

function Row({ one, now, zone }: { one: DifferenceView; now: Date; zone: string }) {
  const { who, account, entitlement, application, grant, fixed } = one
  return (
    <tr>
      <th scope="row">
        <span className="cell2">
          <span className="wrap-anywhere">{who}</span>
          {account && account !== who ? <small className="wrap-anywhere">{account}</small> : null}
        </span>
      </th>
      <td data-label="Access">
        <span className="cell2">
          <EntitlementName name={entitlement} />
          <small>{application}</small>
        </span>
      </td>
      <td data-label="By this record">
        <span className="cell2">
          {grant ? (
            <Link className="u" href={`${GRANTS}/${grant.id}` as Route}>
              {grant.ended ? 'A lease that ended' : 'Grant details'}
            </Link>
          ) : (
            <span>unknown</span>
          )}
          {grant?.endsAt ? (
            <small className="num">
              {grant.endsAt <= now ? 'ended' : 'ends'} {formatClock(grant.endsAt, zone, now)}
            </small>
          ) : null}
          {fixed ? <small>{fixed}</small> : null}
        </span>
      </td>
    </tr>
  )
}
