import clsx from 'clsx'
import { Icon, type IconName } from '@/components/ui/icon'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'
import { type ClockEvent, clockEvents, laterSteps } from './clock-events'

const icons: Record<ClockEvent['kind'], IconName> = {
  asked: 'send',
  reminder: 'bell',
  fallback: 'user-plus',
  lapse: 'hourglass',
}

/** The clock of a request that nobody answers: asked, reminded, the fallback, lapsed. */
export function ApprovalClock({ definition }: { definition: PolicyDefinition }) {
  const events = clockEvents(definition)
  const end = events.at(-1)?.at ?? 0
  if (end === 0) return null
  return (
    <div className="f-clock">
      <div className="f-clock-line" aria-hidden="true">
        {events.map((event, i) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: moments in their order.
            key={i}
            className={clsx(`is-${event.kind}`)}
            style={{ left: `${(event.at / end) * 100}%` }}
          />
        ))}
      </div>
      <ol aria-label="If nobody answers">
        {events.map((event, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same.
          <li key={i}>
            <Icon name={icons[event.kind]} size={14} />
            <span className="num">{event.at === 0 ? 'at once' : `after ${formatDuration(event.at)}`}</span>
            <span>{event.words}</span>
          </li>
        ))}
      </ol>
      {laterSteps(definition).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  )
}
