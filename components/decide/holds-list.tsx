'use client'

import { LiveLeaseBar, useNow } from '@/components/lease/lease-clock'
import { leaseStateOf, leaseWords } from '@/components/lease/lease-state'
import { EntitlementName } from '@/components/request/entitlement-name'
import type { LeaseView } from '@/lib/views'

type HoldsProps = { holds: readonly LeaseView[]; now: Date; zone: string; short?: boolean }

/** What somebody holds already, the soonest end first. */
export function HoldsList({ holds, now, zone, short }: HoldsProps) {
  const current = useNow(now)
  if (holds.length === 0) return <p className="ink2">Nothing at present.</p>
  return (
    <div className="holds">
      {holds.map((lease) => {
        const words = leaseWords(leaseStateOf(lease.times, current), lease.times, current, zone)
        return (
          <div className="hold" key={lease.id}>
            <span className="trunc">
              <EntitlementName name={lease.entitlement.name} />
              {short ? null : ` on ${lease.application.name}`}
            </span>
            <LiveLeaseBar facts={lease.times} now={now} zone={zone} ghostEnd={lease.pending?.newEnd} />
            <span className="hold-when">
              {short ? words.lead.replace(/^ends in /, '') : words.lead}
              {words.rest && words.rest !== words.lead ? ` · ${words.rest.replace(/^today /, '')}` : ''}
            </span>
          </div>
        )
      })}
    </div>
  )
}
