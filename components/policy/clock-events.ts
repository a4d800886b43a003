import type { PolicyDefinition } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'
import { FALLBACK, reminderSeconds } from '@/lib/policy-words'

/** One moment on the clock of a request that nobody answers. */
export interface ClockEvent {
  readonly kind: 'asked' | 'reminder' | 'fallback' | 'lapse'
  /** Seconds after asking. */
  readonly at: number
  readonly words: string
}

/** What happens to a request while nobody answers, in order of time. Steps that never open do nothing. */
export function clockEvents(
  definition: Pick<PolicyDefinition, 'steps' | 'reminders' | 'decideWithinSeconds'>,
): ClockEvent[] {
  const { steps, reminders, decideWithinSeconds: until } = definition
  if (until <= 0) return []
  const escalateSeconds = steps[0]?.escalateSeconds ?? 0
  const events: ClockEvent[] = reminders.map((percent) => ({
    kind: 'reminder',
    at: reminderSeconds(percent, until),
    words: 'a reminder',
  }))
  if (escalateSeconds > 0 && escalateSeconds < until)
    events.push({ kind: 'fallback', at: escalateSeconds, words: `${FALLBACK} are asked too` })
  return [
    { kind: 'asked', at: 0, words: steps.length > 1 ? 'step 1 is asked' : 'they are asked' },
    ...events.sort((a, b) => a.at - b.at),
    { kind: 'lapse', at: until, words: 'the request lapses' },
  ]
}

/** What the later steps do, whose wait begins when they open. */
export function laterSteps({
  steps,
  decideWithinSeconds,
}: Pick<PolicyDefinition, 'steps' | 'decideWithinSeconds'>): string[] {
  return steps.flatMap(({ escalateSeconds }, i) =>
    i > 0 && escalateSeconds && escalateSeconds < decideWithinSeconds
      ? [`On step ${i + 1}, ${formatDuration(escalateSeconds)} after it opens, ${FALLBACK} are asked too.`]
      : [],
  )
}
