import { plus } from '@/lib/domain/duration'
import type { ApprovalStep } from '@/lib/domain/policy'
import { formatClock, formatDuration } from '@/lib/format'

type AskClocksProps = {
  steps: readonly ApprovalStep[]
  reminders: readonly number[]
  decideWithinSeconds: number
  now: Date
  zone: string
}

/** What happens while nobody answers: who is reminded and asked as well, and when it lapses. */
export function AskClocks({ steps, reminders, decideWithinSeconds, now, zone }: AskClocksProps) {
  const at = (seconds: number) => formatClock(plus(now, seconds), zone, now)
  const reminded = [...reminders].sort((a, b) => a - b).map((p) => at((decideWithinSeconds * p) / 100))
  return (
    <details className="rq-clocks">
      <summary>If nobody answers</summary>
      <ul className="quiet">
        {reminded.length > 0 ? <li>Whoever has not decided is reminded {reminded.join(' and ')}.</li> : null}
        {steps.map((step, i) =>
          step.escalateSeconds === undefined ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are their order.
            <li key={i}>
              {steps.length > 1 ? `Step ${i + 1}: after` : 'After'} {formatDuration(step.escalateSeconds)} the
              owners are asked as well, then the admins.
            </li>
          ),
        )}
        <li>It lapses {at(decideWithinSeconds)}, and you are told. Waiting never shortens the access.</li>
      </ul>
    </details>
  )
}
