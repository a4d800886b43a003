import type { DrillStepName } from './domain/drill'
import type { DrillProof } from './drill-views'
import { formatRelative } from './format'

/** What each step is called. */
export const drillStepWords: Record<DrillStepName, string> = {
  clean: 'Cleaned up',
  before: 'Looked before',
  give: 'Gave',
  seen: 'Looked: there',
  take: 'Took back',
  gone: 'Looked: gone',
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

/** "Proven 3 h ago: given, seen, taken, seen gone in 1.8 s", or that it failed. */
export function proofWords({ ok, at, provenAt, tookMs }: DrillProof, now: Date): string {
  if (ok) return `Proven ${formatRelative(at, now)}: given, seen, taken, seen gone in ${seconds(tookMs)}`
  const last = provenAt ? `last proven ${formatRelative(provenAt, now)}` : 'never proven yet'
  return `Failed ${formatRelative(at, now)}; ${last}`
}
