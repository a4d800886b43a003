import type { Route } from 'next'
import { AppMark } from '@/components/ui/avatar'
import { Link } from '@/components/ui/link'
import { firstName } from '@/lib/asking-words'
import { formatDuration } from '@/lib/format'
import type { RequestView } from '@/lib/views'
import { ClockCells } from './clock-cells'
import { EmergencyBadge } from './emergency-badge'
import { EntitlementName } from './entitlement-name'
import { RequestBadge } from './request-badge'

type RowsProps = { requests: readonly RequestView[]; now: Date; zone: string }

/** Requests with their three clocks, one row each; on a phone a card. Inside `.screen-home`. */
export function RequestRows({ requests, now, zone }: RowsProps) {
  return (
    <div className="card">
      <div className="req-head" aria-hidden="true">
        <span>Request</span>
        <span>Status</span>
        <span>Decide by</span>
        <span>Start by</span>
        <span>Ends at</span>
      </div>
      <ul>
        {requests.map((request) => (
          <li className="req" key={request.id}>
            <span className="row gap-3 min-w-0">
              <AppMark name={request.application.name} size={32} />
              <span className="cell2">
                <Link className="trunc b t-md text-(--ink)" href={`/requests/${request.id}` as Route}>
                  <RequestTitle request={request} />
                </Link>
                <small className="trunc">
                  {request.application.name}
                  <OpenQuestion request={request} />
                </small>
              </span>
            </span>
            <span className="req-st row flex-wrap">
              <RequestBadge request={request} now={now} />
              {request.approval === 'emergency' ? <EmergencyBadge /> : null}
            </span>
            <ClockCells request={request} now={now} zone={zone} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** That somebody waits for an answer before they decide. */
function OpenQuestion({ request }: { request: RequestView }) {
  const open = request.state === 'pending' ? request.questions.find((q) => q.answer === null) : undefined
  if (!open) return null
  return (
    <>
      {' · '}
      <Link className="u c-wait" href={`/requests/${request.id}#questions` as Route}>
        {firstName(open.personName)} asks: “{open.text}”
      </Link>
    </>
  )
}

/** "prod_read", "6 more hours of Payments on-call". */
export function RequestTitle({ request }: { request: RequestView }) {
  const name = <EntitlementName name={request.entitlement.name} />
  if (request.kind !== 'extension' || request.seconds === null) return name
  return (
    <>
      {moreWords(request.seconds)} of {name}
    </>
  )
}

/** "6 more hours", "1 more day 6 hours". */
export function moreWords(seconds: number): string {
  return formatDuration(seconds).replace(' ', ' more ')
}
