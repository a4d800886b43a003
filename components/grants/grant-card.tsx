'use client'

import { LeaseText, LiveLeaseBar, useNow } from '@/components/lease/lease-clock'
import { EmergencyBadge } from '@/components/request/emergency-badge'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Avatar } from '@/components/ui/avatar'
import { Icon } from '@/components/ui/icon'
import type { GrantListRow } from '@/lib/grant-views'
import { askedEndOf, leaseFactsOf } from './lease-facts'
import { noticeWords } from './notice-cell'
import { StatusBadge, useStatusNote } from './status-badge'

/** A grant on a phone: who, what, the bar over the full width, and one line of why. */
export function GrantCard({ row, now, zone }: { row: GrantListRow; now: Date; zone: string }) {
  const note = useStatusNote(row, now)
  const notice = noticeWords(row, useNow(now), zone)
  const facts = leaseFactsOf(row)
  return (
    <>
      <span className="row">
        <Avatar name={row.person.name} size={32} />
        <span className="cell2 grow">
          <span className="trunc b">{row.person.name}</span>
          <small className="trunc">
            <EntitlementName name={row.entitlement.name} /> · {row.application.name}
          </small>
        </span>
        <StatusBadge row={row} now={now} />
      </span>
      {row.emergency ? (
        <span>
          <EmergencyBadge />
        </span>
      ) : null}
      <LiveLeaseBar facts={facts} now={now} zone={zone} ghostEnd={askedEndOf(row)} />
      <LeaseText facts={facts} now={now} zone={zone} style="column" />
      {note ? <span className="gcard-note">{note}</span> : null}
      {notice.tone === 'warn' ? (
        <span className="gcard-note c-warn">
          <Icon name="bell-off" size={14} />
          Notice: {notice.more ?? notice.text}
        </span>
      ) : null}
      {row.preexisting ? (
        <span className="gcard-note">
          <Icon name="pin" size={12} />
          held before, stays
        </span>
      ) : null}
    </>
  )
}
