/** A token as it is told of after it was shown once. */
export interface ScimTokenView {
  readonly id: string
  /** Its last four characters. */
  readonly hint: string
  readonly createdAt: Date
  readonly createdBy: string | null
  /** To the minute; unshifted time. */
  readonly lastUsedAt: Date | null
}

/** A connected provisioning client. */
export interface ScimClientView {
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  readonly createdBy: string | null
  /** Those it provisions and did not delete. */
  readonly people: number
  readonly groups: number
  readonly tokens: readonly ScimTokenView[]
}

export interface DirectoryPage {
  /** What a client is given to connect to. */
  readonly address: string
  readonly clients: readonly ScimClientView[]
  readonly mayEdit: boolean
  /** Whether a client may have one more token now. */
  readonly tokensAtOnce: number
  /** The clock by which tokens are used, which no demo moves. */
  readonly wall: Date
}
