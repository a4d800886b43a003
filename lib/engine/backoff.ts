import 'server-only'
import type { ConnectorErrorCode } from '@/lib/connectors/contract'

const SECOND = 1000
/** A due take never waits longer than this while the target may be healthy. */
export const TAKE_GAP_MS = 55 * SECOND
/** Nor longer than this when our credential is refused or the target asks for patience. */
export const SLOW_GAP_MS = 15 * 60 * SECOND

/** Answers that the same call a second later will not change: they wait in longer steps. */
const slow: ReadonlySet<string> = new Set<ConnectorErrorCode>([
  'auth',
  'misconfigured',
  'principal_missing',
  'principal_ambiguous',
])

/** A target that hangs gets at least this much rest between two tries. */
const LEAST_PAUSE_MS = SECOND

/** The longest a try waits for the next one after this answer, in milliseconds. */
export function longestGapMs(code: string | null | undefined): number {
  return code && (slow.has(code) || code === 'rate_limited') ? SLOW_GAP_MS : TAKE_GAP_MS
}

/**
 * Milliseconds until the next try: 1, 2, 4 … seconds up to the cap of its kind. `seed` spreads equal tries
 * over the last fifth of the gap, so that an outage does not end in a stampede. `tookMs` is how long this try took:
 * the gap counts from its beginning, or a target that hangs would be asked less often than one that refuses.
 */
export function retryDelayMs(
  attempt: number,
  options: { code?: string; retryAfterMs?: number; seed?: number; tookMs?: number } = {},
): number {
  const cap = options.code && slow.has(options.code) ? SLOW_GAP_MS : TAKE_GAP_MS
  const grown = Math.min(cap, SECOND * 2 ** Math.min(20, Math.max(0, attempt - 1)))
  const spread = grown - Math.floor((grown / 5) * (((options.seed ?? 0) % 97) / 97))
  const rest = Math.max(LEAST_PAUSE_MS, spread - (options.tookMs ?? 0))
  return Math.min(SLOW_GAP_MS, Math.max(Math.min(rest, spread), options.retryAfterMs ?? 0))
}
