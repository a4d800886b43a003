'use client'

import { useNow } from '@/components/lease/lease-clock'
import { Badge } from '@/components/ui/labels'
import { grantStatus, statusLooks } from '@/lib/grant-status'
import type { LeaseView, RequestView } from '@/lib/views'

/** How a lease stands now: word and icon. */
export function LeaseBadge({ lease, now }: { lease: LeaseView; now: Date }) {
  const current = useNow(now)
  const status = grantStatus(lease.status, current)
  const look = statusLooks[status]
  // The card says what was asked for in its own line.
  if (status === 'extension_asked') {
    const soon = lease.times.noticeAt && lease.times.noticeAt <= current
    return soon ? (
      <Badge tone={statusLooks.ending_soon.tone} icon={statusLooks.ending_soon.icon}>
        Ends soon
      </Badge>
    ) : (
      <Badge tone={statusLooks.active.tone} icon={statusLooks.active.icon}>
        {statusLooks.active.label}
      </Badge>
    )
  }
  return (
    <Badge tone={look.tone} icon={look.icon} line={look.line} spin={status === 'ending'}>
      {status === 'ending_soon' ? 'Ends soon' : status === 'provisioning' ? 'Being given' : look.label}
    </Badge>
  )
}

/** How a request stands now; once it is agreed, how its lease does. */
export function RequestBadge({ request, now }: { request: RequestView; now: Date }) {
  const { state, progress, grant } = request
  if (state === 'pending')
    return (
      <Badge tone="wait" icon="hourglass">
        {progress && progress.steps > 1
          ? `Step ${progress.step + 1} of ${progress.steps}`
          : progress && progress.needed > 1
            ? `${progress.agreed} of ${progress.needed} agreed`
            : 'Not decided yet'}
      </Badge>
    )
  // Once the access is gone, that is the news; until then, that its end was moved.
  const gone = grant && ['ended', 'failed'].includes(grant.times.state)
  if (state === 'approved' && request.kind === 'extension' && !gone)
    return (
      <Badge tone="ok" icon="timer-reset">
        Extended
      </Badge>
    )
  if (state === 'approved' && grant) return <LeaseBadge lease={grant} now={now} />
  if (state === 'approved')
    return (
      <Badge tone="ok" icon="check">
        Approved
      </Badge>
    )
  if (state === 'denied')
    return (
      <Badge tone="bad" icon="circle-x">
        Denied
      </Badge>
    )
  return (
    <Badge tone="off" icon={state === 'withdrawn' ? 'undo' : 'clock-fading'} line>
      {state === 'withdrawn' ? 'Withdrawn' : 'Lapsed'}
    </Badge>
  )
}
