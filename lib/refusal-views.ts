/** What somebody who was turned away was told. */
export const refusalCodes = ['forbidden', 'not_found', 'unauthenticated'] as const
export type RefusalCode = (typeof refusalCodes)[number]

export const refusalLabels: Record<RefusalCode, string> = {
  forbidden: 'Not allowed',
  not_found: 'No such thing',
  unauthenticated: 'Not signed in',
}

/** Somebody was turned away at a door, so often in one hour. */
export interface RefusalRow {
  /** The last time in that hour; unshifted, like the record itself. */
  readonly at: Date
  /** Null where nobody was signed in, and for machines. */
  readonly person: { readonly id: string; readonly name: string } | null
  /** The page, route or form without its ids: `/settings/people/*`. */
  readonly door: string
  readonly code: RefusalCode
  readonly count: number
}

export interface RefusalsPage {
  readonly rows: readonly RefusalRow[]
  readonly page: number
  readonly pages: number
  readonly total: number
  /** Whose refusals alone are shown. */
  readonly person: { readonly id: string; readonly name: string } | null
  readonly wall: Date
}
