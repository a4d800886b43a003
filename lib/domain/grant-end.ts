import { OVERDUE_AFTER, plus } from './duration'
import type { TargetFacts } from './grant'
import type { WorkOrder } from './work'

/** From when on an access that should be gone and is not raises the alarm. */
export function overdueAt(
  rightOverAt: Date,
  target: Pick<TargetFacts, 'effectDelaySeconds' | 'taskSeconds'>,
): Date {
  return plus(rightOverAt, target.taskSeconds ?? OVERDUE_AFTER + target.effectDelaySeconds)
}

/**
 * Re-dates everything that hangs on an end: take, alarm and notice. A notice whose moment has passed goes out at
 * once, never after the end. Without a target there is nothing to take, and so nothing to raise an alarm about.
 */
export function untilEnd(
  endsAt: Date | null,
  noticeSeconds: number | null,
  now: Date,
  target: TargetFacts | null,
): WorkOrder[] {
  if (!endsAt) return []
  const work: WorkOrder[] = target ? endWork(endsAt, target) : [{ kind: 'take', dueAt: endsAt }]
  if (noticeSeconds === null || now >= endsAt) return work
  return [...work, { kind: 'notice', dueAt: plus(endsAt, -noticeSeconds) }]
}

/**
 * The take at an end, and beside it the alarm for when it had no effect: armed as soon as the end is known, so that
 * it goes off even where the take never came to run.
 */
export function endWork(endsAt: Date, target: TargetFacts): WorkOrder[] {
  return [
    { kind: 'take', dueAt: endsAt },
    { kind: 'alarm', dueAt: overdueAt(endsAt, target) },
  ]
}
