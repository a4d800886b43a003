/** Whose account is it? Pure: what is pinned, what the target says now, and whether that is plain. */

/** Why people are asked; never guessed, never the first hit. */
export const accountQuestionKinds = ['ambiguous', 'missing', 'address_changed', 'recycled', 'taken'] as const
export type AccountQuestionKind = (typeof accountQuestionKinds)[number]

/** An account as a target names it. `id` is immutable there. */
export interface AccountLike {
  readonly id: string
  readonly name: string
  readonly email?: string
}

/** What the target answers to a person's address. */
export type AccountAnswer =
  | { readonly kind: 'found'; readonly account: AccountLike }
  | { readonly kind: 'missing' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly AccountLike[] }

export interface AccountFacts {
  /** The person's address now. */
  readonly email: string
  /** The account they are pinned to, with the address they had then, and whether people said so. */
  readonly pinned: (AccountLike & { readonly emailThen: string; readonly said: boolean }) | null
  readonly answer: AccountAnswer
  /** Accounts among those answered that are another person's, or set aside. */
  readonly taken: ReadonlySet<string>
  /** Accounts that people were shown for this person before, and passed over. */
  readonly passedOver: ReadonlySet<string>
}

/** `pin`: an account found for the first time. `readdressed`: the pinned one answers to a new address. */
export type AccountVerdict =
  | { readonly use: 'pinned'; readonly readdressed: boolean }
  | { readonly use: 'pin'; readonly account: AccountLike }
  | { readonly ask: AccountQuestionKind; readonly candidates: readonly AccountLike[] }

/**
 * Judges before a give which account it goes to. A pinned account is used as long as nothing speaks against it: the
 * person's address is what it was, and the target knows no other account by it. Takes never ask: they go by the
 * pinned id, whoever it belongs to by now.
 */
export function judgeAccount({ email, pinned, answer, taken, passedOver }: AccountFacts): AccountVerdict {
  const fits =
    answer.kind === 'found' ? [answer.account] : answer.kind === 'ambiguous' ? answer.candidates : []
  if (!pinned) {
    const [only] = fits
    if (answer.kind === 'ambiguous') return { ask: 'ambiguous', candidates: fits }
    if (!only) return { ask: 'missing', candidates: [] }
    return taken.has(only.id) ? { ask: 'taken', candidates: fits } : { use: 'pin', account: only }
  }
  const { emailThen, said, ...mine } = pinned
  const moved = email.toLowerCase() !== emailThen.toLowerCase()
  // The same immutable id under the new address: the target itself says that this is one account, renamed.
  if (answer.kind === 'found' && answer.account.id === mine.id) return { use: 'pinned', readdressed: moved }
  const others = fits.filter((one) => one.id !== mine.id)
  const candidates = [mine, ...others]
  if (moved) return { ask: 'address_changed', candidates }
  if (others.length < fits.length || others.every((one) => passedOver.has(one.id))) {
    // Nothing new speaks against it. One that was found by its address has to answer to it still.
    if (fits.length > 0 || said) return { use: 'pinned', readdressed: false }
    return { ask: 'address_changed', candidates }
  }
  return { ask: 'recycled', candidates }
}
