/** Health over time, as the strip on an application's page and the dots of the list draw it. Pure. */
import type { HealthBar, HealthState } from './application-views'
import { formatClock } from './format'

interface Look {
  readonly at: Date
  readonly ok: boolean
}

/** Equal spans between two moments, each with what the looks in it said. A look at the very end is in the last one. */
export function healthBars(looks: readonly Look[], from: Date, to: Date, count: number): HealthBar[] {
  const span = (to.getTime() - from.getTime()) / count
  const bars = Array.from({ length: count }, (_, index) => ({
    from: new Date(from.getTime() + index * span),
    ok: 0,
    failed: 0,
  }))
  for (const { at, ok } of looks) {
    const index = Math.floor((at.getTime() - from.getTime()) / span)
    const bar = bars[index === count && at <= to ? count - 1 : index]
    if (bar) bar[ok ? 'ok' : 'failed']++
  }
  return bars.map(({ from: start, ok, failed }) => ({ from: start, state: stateOf(ok, failed) }))
}

/** What the looks of one span say together. */
export function stateOf(ok: number, failed: number): HealthState {
  if (ok + failed === 0) return 'none'
  if (failed === 0) return 'up'
  return ok === 0 ? 'down' : 'partly'
}

interface Week {
  readonly looks: number
  readonly failed: number
  readonly lastFailure: { readonly at: Date; readonly detail: string | null } | null
}

/** The strip in words: how much of the last 7 days it answered well, rounded down, and when it last did not. */
export function healthWords({ looks, failed, lastFailure }: Week, zone: string, now: Date): string {
  if (looks === 0) return 'Not looked at in the last 7 days'
  const share = `Healthy ${Math.floor(((looks - failed) / looks) * 100)} % of the last 7 days`
  return lastFailure
    ? `${share}; last failure ${formatClock(lastFailure.at, zone, now)}`
    : `${share}; no failure`
}
