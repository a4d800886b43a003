import type { ReceiverFormat } from './domain/receiver'

export { type ReceiverFormat, receiverFormats } from './domain/receiver'

export const formatLabels: Record<ReceiverFormat, string> = {
  jsonl: 'Entries as they are',
  ocsf: 'OCSF events',
}

/** Where a receiver of the audit log stands. Its secret is never shown. */
export interface ReceiverView {
  readonly id: string
  readonly url: string
  readonly host: string
  readonly format: ReceiverFormat
  readonly version: number
  readonly paused: boolean
  /** The chain's position up to which it has everything. */
  readonly position: number
  /** Sealed entries it does not have yet, and when the oldest of them happened. */
  readonly behind: number
  readonly behindSince: Date | null
  /** Unshifted times: an outside system does not follow a demo's clock. */
  readonly deliveredAt: Date | null
  readonly failingSince: Date | null
  readonly error: string | null
}

export interface ReceiversPage {
  readonly receivers: readonly ReceiverView[]
  /** The newest position of the chain; 0 where nothing is sealed yet. */
  readonly last: number
  /** Unshifted. */
  readonly wall: Date
  readonly canEdit: boolean
}

export const MOST_RECEIVERS = 5
