/** One session in a list. Times are the real ones, told on the clock that the page shows. */
export interface SessionView {
  readonly id: string
  /** "Firefox on Windows". */
  readonly device: string
  /** "with Halden ID", "with a link by mail". */
  readonly road: string
  readonly signedInAt: Date
  readonly lastSeenAt: Date
  /** The one somebody looks in. */
  readonly here: boolean
}

/** Where a person is signed in, and by whom they are known. */
export interface SessionsView {
  readonly personId: string
  readonly sessions: readonly SessionView[]
  readonly canEnd: boolean
  /** The identity providers at which they are known, by name. */
  readonly knownAt: readonly string[]
  readonly canForget: boolean
}
