import type { DrillStep } from './domain/drill'

/** How the removal drill of a connection stands. */
export interface DrillView {
  /** What is set aside; null where nothing is. */
  readonly aside: { readonly account: string; readonly entitlement: string } | null
  /** The last one that was finished. */
  readonly last: {
    readonly ok: boolean
    readonly at: Date
    readonly tookMs: number
    readonly steps: readonly DrillStep[]
  } | null
  /** The last one that went well, where the last one did not. */
  readonly provenAt: Date | null
  /** One is under way, or is due now. */
  readonly running: boolean
  /** Why it cannot be run or set up; null where it can. */
  readonly why: string | null
  /** What could be set aside: offered by no policy. */
  readonly choices: readonly { readonly id: string; readonly name: string }[]
  readonly may: { readonly set: boolean; readonly run: boolean }
}

/** The last proof that access can be taken back, or that it failed. */
export interface DrillProof {
  readonly ok: boolean
  readonly at: Date
  readonly provenAt: Date | null
  readonly tookMs: number
}
