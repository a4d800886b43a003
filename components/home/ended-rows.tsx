import { LiveLeaseBar } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { AppMark } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Badge } from '@/components/ui/labels'
import { formatClock, formatLateness } from '@/lib/format'
import { endedIcon } from '@/lib/grant-status'
import { endReasonWords } from '@/lib/outcome-words'
import type { LeaseView } from '@/lib/views'

type EndedProps = { leases: readonly LeaseView[]; now: Date; zone: string }

/** What I held, with when it was seen gone. */
export function EndedRows({ leases, now, zone }: EndedProps) {
  return (
    <ul className="card">
      {leases.map((lease) => (
        <li className="ended" key={lease.id}>
          <span className="row gap-3 min-w-0">
            <AppMark name={lease.application.name} size={32} />
            <span className="cell2">
              <span className="trunc b t-md">
                <EntitlementName name={lease.entitlement.name} />
              </span>
              <small className="trunc">{lease.application.name}</small>
            </span>
          </span>
          {lease.times.state === 'failed' ? (
            <Badge tone="off" icon="circle-x" line>
              Never given
            </Badge>
          ) : (
            <Badge tone="off" icon={endedIcon(lease.endReason)}>
              Ended: {endReasonWords[lease.endReason ?? 'expired']}
            </Badge>
          )}
          <LiveLeaseBar facts={lease.times} now={now} zone={zone} />
          <span className="ink2 num">{proof(lease, now, zone)}</span>
          <LinkButton
            size="sm"
            href={`/catalogue/${lease.entitlement.id}/request`}
            aria-label={`Ask for ${lease.entitlement.name} again`}
          >
            Ask again
          </LinkButton>
        </li>
      ))}
    </ul>
  )
}

function proof({ times, preexisting, verified, lateMs }: LeaseView, now: Date, zone: string): string {
  if (!times.endedAt) return times.state === 'failed' ? 'it could not be given' : ''
  const at = formatClock(times.endedAt, zone, now)
  if (times.state === 'failed' || !times.startsAt) return at
  if (preexisting) return `over ${at}, the access itself stays`
  if (verified === false) return `answered as gone ${at}, not verified`
  return `seen gone ${at}${lateMs === null ? '' : `, ${formatLateness(lateMs)} after the end`}`
}
