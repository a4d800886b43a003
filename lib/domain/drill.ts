/** One step of a removal drill, as it is kept and shown. Moments are unshifted, in ISO form. */
export interface DrillStep {
  readonly name: DrillStepName
  readonly ok: boolean
  readonly at: string
  readonly tookMs: number
  /** One sentence. */
  readonly detail: string
}

/** What a drill does, in order; `clean` is what an earlier one left behind. */
export const drillStepNames = ['clean', 'before', 'give', 'seen', 'take', 'gone'] as const
export type DrillStepName = (typeof drillStepNames)[number]

/**
 * Whether a drill may have left its access in the target: it began to give, or what an earlier one left could not be
 * cleaned up, and nobody saw it gone since.
 */
export function leftBehind(steps: readonly Pick<DrillStep, 'name' | 'ok'>[]): boolean {
  let left = false
  for (const { name, ok } of steps) {
    if (name === 'give') left = true
    if (name === 'clean') left = !ok
    if (name === 'gone' && ok) left = false
  }
  return left
}

/** How long the proof took: from the give to seen gone, in milliseconds. */
export function proofMs(steps: readonly DrillStep[]): number {
  return steps.reduce(
    (sum, one) => (one.name === 'clean' || one.name === 'before' ? sum : sum + one.tookMs),
    0,
  )
}
