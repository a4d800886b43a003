import type { Route } from 'next'
import { leaseFactsOf } from '@/components/grants/lease-facts'
import { LiveLeaseBar } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Avatar } from '@/components/ui/avatar'
import { Badge } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatClock, formatDuration } from '@/lib/format'
import { answerWords } from '@/lib/outcome-words'
import { MOST_TRIES, type OverdueItem } from '@/lib/overdue-views'
import { LateFor, NextTry } from './late-for'
import { type OverdueActions, OverdueActs } from './overdue-acts'

const GRANTS = '/settings/access-management/grants'

interface Props {
  readonly item: OverdueItem
  readonly now: Date
  readonly zone: string
  readonly acts: OverdueActions
}

/** One access that should be gone: how late, why, what was tried, who knows, and what one can do. */
export function OverdueCard({ item, now, zone, acts }: Props) {
  const { row, since } = item
  const heading = `overdue-${row.id}`
  return (
    <article className="card o-grid" aria-labelledby={heading}>
      <div className="o-main">
        <div className="o-head">
          <Avatar name={row.person.name} size={40} />
          <div className="min-w-0">
            <div className="row flex-wrap">
              <h2 id={heading} className="wrap-anywhere">
                {row.person.name} still holds <EntitlementName name={row.entitlement.name} />
              </h2>
              <Badge tone="bad" icon="octagon-alert">
                Overdue
              </Badge>
            </div>
            <p className="ink2">
              {row.application.name} ·{' '}
              <Link className="u" href={`${GRANTS}/${row.id}` as Route}>
                Grant details
              </Link>{' '}
              · {row.policy}
            </p>
          </div>
          <div className="o-late">
            <b>
              <LateFor since={since} now={now} />
            </b>
            <span className="hint">since {formatClock(since, zone, now)}</span>
          </div>
        </div>
        <div className="o-bar">
          <LiveLeaseBar facts={leaseFactsOf(row)} now={now} zone={zone} size="large" labels />
        </div>
        <Why item={item} />
        <Tries item={item} now={now} zone={zone} />
      </div>
      <WhoKnows item={item} now={now} zone={zone} />
      <OverdueActs item={item} acts={acts} />
    </article>
  )
}

function Why({ item: { row, said, openTaskId } }: Pick<Props, 'item'>) {
  return (
    <>
      <h3 className="o-h">{row.byHand ? 'Why it is stuck' : 'Last answer'}</h3>
      {row.byHand ? (
        <p>
          Nobody has taken it out of {row.application.name} by hand.{' '}
          {openTaskId ? (
            <Link className="u" href={`/approvals/tasks/${openTaskId}` as Route}>
              Open the task
            </Link>
          ) : null}
        </p>
      ) : (
        <>
          <p>
            {row.application.name}: {row.lastAnswer ? answerWords(row.lastAnswer) : 'not asked yet'}.
          </p>
          {said ? <code className="evidence wrap-anywhere">{said}</code> : null}
        </>
      )}
    </>
  )
}

function Tries({ item, now, zone }: Pick<Props, 'item' | 'now' | 'zone'>) {
  const { row, maxGapSeconds, trying } = item
  if (row.byHand) return null
  const count = row.taking?.tries ?? 0
  return (
    <>
      <h3 className="o-h">
        {count === 1 ? '1 try' : `${count} tries`}{' '}
        <span className="hint">never more than {formatDuration(maxGapSeconds)} apart</span>
        <span className="hint o-next">
          {trying ? (
            'being tried now'
          ) : row.taking ? (
            <>
              next <NextTry at={row.taking.nextAt} now={now} />
            </>
          ) : (
            'no further try is planned'
          )}
        </span>
      </h3>
      <TryStrip item={item} now={now} zone={zone} />
    </>
  )
}

/** Every try as a stroke at its time, from the end of the right to now or the next one: the gaps are the point. */
function TryStrip({ item: { row, since, tries }, now, zone }: Pick<Props, 'item' | 'now' | 'zone'>) {
  const [last] = tries
  const first = tries.at(-1)
  if (!last || !first) return null
  const from = tries.length < MOST_TRIES ? since : first
  const next = row.taking && row.taking.nextAt > now ? row.taking.nextAt : null
  const to = next ?? now
  const across = (at: Date) => {
    const share = (at.getTime() - from.getTime()) / Math.max(1, to.getTime() - from.getTime())
    return { left: `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%` }
  }
  const span = `${formatClock(from, zone, now)} to ${formatClock(to, zone, now)}`
  return (
    <>
      <div
        className="tries"
        role="img"
        aria-label={`Tries from ${span}, last ${formatClock(last, zone, now)}`}
      >
        {tries.map((at) => (
          <i key={at.getTime()} style={across(at)} />
        ))}
        {next ? <i className="next" style={across(next)} /> : null}
      </div>
      <p className="tries-ends num">
        <span>{formatClock(from, zone, now)}</span>
        <span className="ink2">last {formatClock(last, zone, now)}</span>
        <span>{formatClock(to, zone, now)}</span>
      </p>
    </>
  )
}

function WhoKnows({ item, now, zone }: Pick<Props, 'item' | 'now' | 'zone'>) {
  const { row, told, escalatesAt, first } = item
  const at = (moment: Date) => <time dateTime={moment.toISOString()}>{formatClock(moment, zone, now)}</time>
  return (
    <aside className="o-side" aria-label={`Who knows of ${row.person.name}’s ${row.entitlement.name}`}>
      <h3 className="card-title">Who knows</h3>
      <ol className="know mt-2">
        <li>
          {row.overdueSince ? at(row.overdueSince) : <span className="ink2">not yet</span>}
          <span>Alarm raised</span>
        </li>
        {told.map((one) => (
          <li key={one.name}>
            {at(one.at)}
            <span>
              Mail to <b className="b">{one.name}</b>
              {one.escalated ? ', as it was still there' : ''}
            </span>
          </li>
        ))}
        {escalatesAt ? (
          <li className="todo">
            {at(escalatesAt)}
            <span>Mail to the admins</span>
          </li>
        ) : null}
      </ol>
      <h3 className="card-title mt-4">Attesting</h3>
      {first ? (
        <p className="mt-1 wrap-anywhere">
          <b className="b">{first.by}</b> stated {formatClock(first.at, zone, now)} that it is gone
          {first.reason ? `: “${first.reason}”` : ''}. A second person has to confirm it.
        </p>
      ) : (
        <p className="ink2 mt-1">
          Two people can state, with a reason, that an access is gone when the target cannot be asked. It then
          counts as ended, not as verified, and we go on looking.
        </p>
      )}
    </aside>
  )
}
