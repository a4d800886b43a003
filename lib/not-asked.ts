import type { Became } from '@/lib/deciding-words'

/** Why somebody who was asked to decide is not asked any more. */
export type NotAskedWhy =
  /** It is over; nobody is asked. */
  | { readonly kind: 'over'; readonly became: Became }
  /** Nobody decided in time, and it lapses now. */
  | { readonly kind: 'late' }
  | { readonly kind: 'reassigned'; readonly byName: string; readonly at: Date }
  /** The step they were asked on is passed. */
  | {
      readonly kind: 'moved_on'
      readonly step: number
      readonly steps: number
      readonly byNames: readonly string[]
    }
  /** They stood in for somebody, or somebody stood in for them, and that one has answered. */
  | { readonly kind: 'place_taken'; readonly byName: string; readonly at: Date }
  | { readonly kind: 'delegation_over'; readonly forName: string; readonly at: Date }
  /** Another account with the same address is asked. */
  | { readonly kind: 'other_account' }
  /** It was changed since, and is asked anew from the first step. */
  | { readonly kind: 'asked_anew'; readonly byName: string; readonly at: Date }
  /** Who decides on the open step, in words; they are none of these at present. */
  | { readonly kind: 'not_among'; readonly who: readonly string[] }

/** What somebody who is not asked any more is told, beside what their mail said. */
export interface NotAsked {
  readonly requestId: string
  readonly why: NotAskedWhy
  /** Who decides now. */
  readonly now: readonly string[]
  readonly askerName: string
  readonly personName: string
  readonly name: string
  readonly application: string
}
