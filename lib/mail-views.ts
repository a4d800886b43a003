/** A mail that did not arrive. */
export interface LostMail {
  readonly id: string
  /** What its subject line said, or what kind it was. */
  readonly subject: string
  /** The recipient's name, else the address. */
  readonly to: string
  readonly address: string
  /** When that was known. */
  readonly at: Date
  /** What the mail server or service said. */
  readonly why: string
  /** The page of what it was about, where there is one. */
  readonly about: string | null
}

/** The mails that did not arrive lately, newest first. */
export interface LostMails {
  readonly mails: readonly LostMail[]
  /** How many there were in the last 30 days, listed or not. */
  readonly lately: number
}
