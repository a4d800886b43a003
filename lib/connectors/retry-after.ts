const SHORTEST_MS = 1_000
const LONGEST_MS = 15 * 60_000
/** When the target asks for patience without saying how much, or unreadably. */
const UNSTATED_MS = 30_000

/** Brings a pause asked for by a target into 1 s … 15 min. */
export const clampPause = (ms: number): number => Math.min(Math.max(Math.ceil(ms), SHORTEST_MS), LONGEST_MS)

/**
 * Milliseconds to wait, from a `Retry-After` or rate-limit-reset value: seconds, an epoch in seconds
 * or milliseconds, or an HTTP date. Clamped to 1 s … 15 min; 30 s where it is absent or unreadable.
 */
export function parseRetryAfter(value: string | null, now: Date): number {
  const text = value?.trim() ?? ''
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const number = Number(text)
    if (number > 1e11) return clampPause(number - now.getTime())
    if (number > 1e9) return clampPause(number * 1000 - now.getTime())
    return clampPause(number * 1000)
  }
  const date =
    /[a-z]{3}.*\d{2}:\d{2}/i.test(text) || /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? UNSTATED_MS : clampPause(date - now.getTime())
}
