import { type Refusal, refuse } from './errors'

/** All durations of the domain are elapsed time in whole seconds: 8 h is 8 h across a clock change. */
export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The floor nobody may go under, whatever the organisation sets. */
export const LOWEST_FLOOR = 15 * MINUTE
/** No maximum is longer than this. */
export const LONGEST = 366 * DAY
/** How long an approved grant keeps trying to be given, from approval or its earliest start. */
export const DEFAULT_START_WINDOW = DAY
/** An access that nobody saw counts as given this long after the first give at the earliest; see {@link slackSeconds}. */
export const LEAST_SLACK = 15 * MINUTE
/** Lateness that is not yet an alarm: `ends_at` + this + the connector's effect delay. */
export const OVERDUE_AFTER = MINUTE
/** Still there so long after the alarm, and the admins are told as well. */
export const ESCALATE_AFTER = HOUR
/** How often an access is looked at that people attested as gone, until it is seen absent. */
export const LOOK_AFTER_ATTESTED = HOUR
/** Where nobody else could attest it, the same person may again after this long. */
export const ATTEST_ALONE_AFTER = DAY

/** A length a requester can pick, with its own notice lead. Both in seconds. */
export interface Preset {
  readonly seconds: number
  /** How long before the end the expiry notice goes out; `0 < notice < seconds`. */
  readonly noticeSeconds: number
}

/** The presets a new policy starts with. */
export const defaultPresets: readonly Preset[] = [
  { seconds: 6 * HOUR, noticeSeconds: HOUR },
  { seconds: DAY, noticeSeconds: 4 * HOUR },
]

/** How long after the first give an access that was never seen counts as given: max(effect delay, 15 min). */
export function slackSeconds(effectDelaySeconds: number): number {
  return Math.max(effectDelaySeconds, LEAST_SLACK)
}

/** Adds elapsed seconds to a moment. */
export function plus(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}

/** Words for a duration in refusals ("6 hours", "1 day 12 hours", "15 minutes"). */
export function durationWords(seconds: number): string {
  const parts: string[] = []
  const take = (unit: number, word: string) => {
    const n = Math.floor(seconds / unit)
    seconds -= n * unit
    if (n > 0) parts.push(`${n} ${word}${n === 1 ? '' : 's'}`)
  }
  take(DAY, 'day')
  take(HOUR, 'hour')
  take(MINUTE, 'minute')
  take(1, 'second')
  return parts.length > 0 ? parts.slice(0, 2).join(' ') : '0 minutes'
}

/** Judges a floor that an organisation wants to set (seconds). */
export function checkFloor(seconds: number): Refusal | null {
  if (!Number.isInteger(seconds) || seconds < LOWEST_FLOOR)
    return refuse(
      'invalid',
      `The minimum can be lowered to ${durationWords(LOWEST_FLOOR)}, not further`,
      'floorSeconds',
    )
  if (seconds > LONGEST)
    return refuse('invalid', `The minimum cannot be longer than ${durationWords(LONGEST)}`, 'floorSeconds')
  return null
}

/** Problems of one preset, by the part they belong to. Judged when publishing and when asking, never in flight. */
export function checkPreset(
  preset: Preset,
  limits: { floorSeconds: number; maxSeconds: number },
): {
  seconds?: string
  noticeSeconds?: string
} {
  const problems: { seconds?: string; noticeSeconds?: string } = {}
  if (!Number.isInteger(preset.seconds) || preset.seconds <= 0)
    problems.seconds = 'Give a whole number of minutes, hours or days'
  else if (preset.seconds < limits.floorSeconds)
    problems.seconds = `The minimum is ${durationWords(limits.floorSeconds)}`
  else if (preset.seconds > limits.maxSeconds)
    problems.seconds = `The maximum of this policy is ${durationWords(limits.maxSeconds)}`
  if (!Number.isInteger(preset.noticeSeconds) || preset.noticeSeconds <= 0)
    problems.noticeSeconds = 'Say how long before the end the notice goes out'
  else if (preset.noticeSeconds >= preset.seconds)
    problems.noticeSeconds = 'The notice must come before the end'
  return problems
}
