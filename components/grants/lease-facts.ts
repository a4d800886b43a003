import type { LeaseFacts } from '@/components/lease/lease-state'
import { noticeAtOf, overdueAtOf } from '@/lib/grant-status'
import type { GrantListRow } from '@/lib/grant-views'

/** A grant's times as the lease bar wants them. Before it is given, the lease is drawn from its start on. */
export function leaseFactsOf(row: GrantListRow): LeaseFacts {
  const waiting = row.state === 'scheduled' || row.state === 'provisioning'
  const startsAt = waiting ? row.startAt : row.grantedAt
  const planned =
    waiting && row.durationSeconds !== null
      ? new Date(row.startAt.getTime() + row.durationSeconds * 1000)
      : null
  // While it is taken back, what counts is when the right was over, which may be before the agreed end.
  const endsAt = waiting ? planned : row.state === 'revoking' ? row.rightOverAt : row.endsAt
  const noticeAt = waiting ? noticeAtOf({ ...row, endsAt: planned }) : noticeAtOf(row)
  return {
    state: row.state,
    startsAt,
    noticeAt,
    endsAt,
    overdueAt: waiting ? null : earliest(overdueAtOf(row), row.overdueSince),
    endedAt: row.state === 'ended' ? (row.rightOverAt ?? row.seenAbsentAt) : null,
  }
}

/** The end a pending extension asks for. */
export function askedEndOf(row: GrantListRow): Date | undefined {
  if (!row.pending?.seconds || !row.endsAt) return undefined
  return new Date(row.endsAt.getTime() + row.pending.seconds * 1000)
}

function earliest(...moments: (Date | null)[]): Date | null {
  const known = moments.flatMap((moment) => (moment ? [moment.getTime()] : []))
  return known.length ? new Date(Math.min(...known)) : null
}
