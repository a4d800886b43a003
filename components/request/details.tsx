import { LeaseText, LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { Quote, Who } from '@/components/people/person'
import { firstName } from '@/lib/asking-words'
import { formatClock, formatDuration } from '@/lib/format'
import type { PersonView, RequestView, StepView } from '@/lib/views'
import { ClockCells } from './clock-cells'
import { ClockNotes } from './clock-notes'
import { EmergencyBadge } from './emergency-badge'
import { EntitlementName } from './entitlement-name'
import { RequestBadge } from './request-badge'
import { moreWords } from './request-rows'

type HeadProps = {
  request: RequestView
  person: PersonView
  askerName: string
  /** For or by the reader. */
  mine: boolean
  /** The reader, to tell whether they asked or it was asked for them. */
  me: string
  steps: readonly StepView[]
  now: Date
  zone: string
}

/** State, who asks for what, why, the three clocks, and the lease once there is one. */
export function RequestHead({ request, person, askerName, mine, me, steps, now, zone }: HeadProps) {
  const { grant } = request
  const asked = request.askerId === me
  const subject = asked ? 'You' : askerName
  const other = request.askerId !== request.personId
  return (
    <section className="ask">
      <p className="state">
        {request.approval === 'emergency' ? <EmergencyBadge /> : null}
        <RequestBadge request={request} now={now} />
        {request.state === 'pending' ? (
          <TimeText at={request.decideBy} now={now} zone={zone} lead="lapses" />
        ) : request.decidedAt ? (
          <TimeText at={request.decidedAt} now={now} zone={zone} lead={request.state} />
        ) : null}
      </p>
      <h1 className="solo-title">
        {request.approval === 'emergency' ? (
          `${subject} took emergency access to `
        ) : request.approval === 'conversion' ? (
          `${subject} turned standing access into a lease of `
        ) : (
          <>
            {subject} {request.state === 'pending' && !mine ? 'asks' : 'asked'}
            {other ? (request.personId === me ? ' on your behalf' : ` on behalf of ${person.name},`) : ''} for{' '}
          </>
        )}
        <What request={request} />
      </h1>
      {mine ? null : (
        <Who
          name={person.name}
          title={[person.title, person.team].filter(Boolean).join(', ') || person.name}
          sub={person.managerName ? `Reports to ${person.managerName}` : undefined}
        />
      )}
      {request.reason ? (
        <div className="mt-4">
          <Quote from={`${asked ? 'You' : firstName(askerName)}, ${formatClock(request.askedAt, zone, now)}`}>
            {request.reason}
          </Quote>
        </div>
      ) : null}
      <div className="clocks">
        <ClockCells request={request} now={now} zone={zone} />
      </div>
      <ClockNotes request={request} steps={steps} now={now} zone={zone} />
      {request.state === 'approved' && grant ? (
        <div className="card leasebox mt-4">
          <LeaseText facts={grant.times} now={now} zone={zone} className="lease-text t-md" style="sentence" />
          <LiveLeaseBar
            facts={grant.times}
            now={now}
            zone={zone}
            size="large"
            labels
            ghostEnd={grant.pending?.newEnd}
          />
          {grant.preexisting ? (
            <p className="quiet">Held before our first give: the access itself stays when the lease ends.</p>
          ) : null}
        </div>
      ) : null}
      {request.state === 'approved' &&
      mine &&
      grant?.times.state === 'active' &&
      request.entitlement.howToUse ? (
        <div className="block mt-4">
          <h2 className="block-title">How to use it</h2>
          <p className="whitespace-pre-line">{request.entitlement.howToUse}</p>
        </div>
      ) : null}
    </section>
  )
}

function What({ request }: { request: RequestView }) {
  const { seconds, askedSeconds, kind } = request
  const name = <EntitlementName name={request.entitlement.name} heading />
  const shown = askedSeconds ?? seconds
  if (kind === 'extension')
    return (
      <>
        {shown === null ? 'more' : moreWords(shown)} of {name} on {request.application.name}
      </>
    )
  return (
    <>
      {name} on {request.application.name}{' '}
      {shown === null ? 'without an end' : `for ${formatDuration(shown)}`}
    </>
  )
}
