import type { AccountQuestionKind } from './domain/account'

/** An account in question, as the screens show it. */
export interface CandidateView {
  readonly id: string
  readonly name: string
  readonly email: string | null
  /** Named by the person themself. */
  readonly proposed: boolean
  /** Whose it is already, so that it cannot be this person's. */
  readonly takenBy: string | null
  /** It is the one they are linked to now. */
  readonly present: boolean
}

/** Whose account is it? One open question. */
export interface QuestionView {
  readonly id: string
  readonly person: { readonly id: string; readonly name: string; readonly email: string }
  readonly kind: AccountQuestionKind
  readonly openedAt: Date
  readonly candidates: readonly CandidateView[]
  /** Names of what waits for the answer. */
  readonly waiting: readonly string[]
  readonly mayAnswer: boolean
}

/** What holds up a give to somebody whose account is not known: as they see it themselves. */
export interface AccountWaitView {
  readonly applicationId: string
  readonly application: string
  readonly kind: AccountQuestionKind
  /** Who says whose account it is, by name. */
  readonly askedOf: readonly string[]
  /** What they named themselves already. */
  readonly named: string | null
  /** Whether the system can be looked through for a name. */
  readonly typing: boolean
}

/** One person and the account they are linked to. */
export interface LinkedView {
  readonly id: string
  readonly person: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly active: boolean
  }
  readonly account: string
  readonly externalId: string
  /** The person's address when it was linked, where it is another today. */
  readonly emailThen: string | null
  readonly since: Date
  /** Who said so; null where it was found by the address. */
  readonly by: string | null
  readonly liveGrants: number
  readonly mayChange: boolean
}

/** Who is who in an application's system. */
export interface AccountsView {
  readonly questions: readonly QuestionView[]
  readonly linked: readonly LinkedView[]
  /** There are more than are shown. */
  readonly more: number
  /** An account can be named by what it is called there. */
  readonly typing: boolean
  readonly mayLink: boolean
  readonly people: readonly { readonly id: string; readonly name: string; readonly team: string | null }[]
}

export const questionWords: Record<AccountQuestionKind, (email: string) => string> = {
  ambiguous: (email) => `More than one account there fits ${email}. We never take the first.`,
  missing: (email) => `No account there answers to ${email}.`,
  address_changed: (email) => `The account we know does not answer to ${email}, the address of today.`,
  recycled: (email) => `${email} belongs to another account there than the one we know.`,
  taken: (email) => `The account that answers to ${email} is linked to somebody else.`,
}
