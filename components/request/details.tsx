import { LeaseText, LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { Quote, Who } from '@/components/people/person'
import { Icon } from '@/components/ui/icon'
import { firstName, nameList } from '@/lib/asking-words'
import { formatClock, formatDuration } from '@/lib/format'
import type { DecisionView, PersonView, RequestView } from '@/lib/views'
import { ClockCells } from './clock-cells'
import { EmergencyBadge } from './emergency-badge'
import { EntitlementName } from './entitlement-name'
import { RequestBadge } from './request-badge'
import { moreWords } from './request-rows'

export type StepView = {
  quorum: number | 'all'
  approvers: readonly { id: string; name: string }[]
  decisions: readonly DecisionView[]
  open: boolean
}

type HeadProps = {
  request: RequestView
  person: PersonView
  askerName: string
  mine: boolean
  now: Date
  zone: string
}

/** State, who asks for what, why, the three clocks, and the lease once there is one. */
export function RequestHead({ request, person, askerName, mine, now, zone }: HeadProps) {
  const { grant } = request
  const subject = mine ? 'You' : askerName
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
        {request.approval === 'emergency'
          ? `${subject} took emergency access to `
          : `${subject} ${request.state === 'pending' && !mine ? 'asks' : 'asked'} for `}
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
          <Quote from={`${mine ? 'You' : firstName(askerName)}, ${formatClock(request.askedAt, zone, now)}`}>
            {request.reason}
          </Quote>
        </div>
      ) : null}
      <div className="clocks">
        <ClockCells request={request} now={now} zone={zone} />
      </div>
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

/** Who has to agree, step by step, and who did. */
export function Steps({ steps, now, zone }: { steps: readonly StepView[]; now: Date; zone: string }) {
  return (
    <ol className="steps">
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are their order.
        <li key={i}>
          <p>
            <b className="b">
              {steps.length > 1 ? `Step ${i + 1}: ` : ''}
              {needWords(step)}
            </b>
            {step.open ? <span className="ink2"> · being decided</span> : null}
          </p>
          <small>
            {step.approvers.length > 0
              ? nameList(
                  step.approvers.map((a) => a.name),
                  step.quorum === 'all' ? 'and' : 'or',
                )
              : 'Nobody could agree at present'}
          </small>
          {step.decisions.map((d) => (
            <p key={d.personId} className="mt-1">
              <Icon
                name={d.verdict === 'approve' ? 'check' : 'circle-x'}
                size={14}
                className={d.verdict === 'approve' ? 'c-ok' : 'c-bad'}
              />{' '}
              <b className="b">{d.personName}</b> {d.verdict === 'approve' ? 'agreed' : 'denied'}{' '}
              {formatClock(d.decidedAt, zone, now)}
              {d.seconds !== null ? `, shortened to ${formatDuration(d.seconds)}` : ''}
              {d.note ? <small>“{d.note}”</small> : null}
            </p>
          ))}
        </li>
      ))}
    </ol>
  )
}

function needWords({ quorum, approvers }: StepView): string {
  const n = approvers.length
  if (n === 0) return 'Nobody is left who could agree'
  if (n === 1) return 'One person has to agree'
  if (quorum === 'all') return n === 2 ? 'Both have to agree' : `All ${n} have to agree`
  return quorum === 1 ? 'One of them has to agree' : `${quorum} of them have to agree`
}
