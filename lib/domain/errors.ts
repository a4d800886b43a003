/**
 * The closed list of refusals. A refusal is an answer, not an accident: it has a code that callers may
 * branch on, a sentence for people, and, where it belongs to one input, that input's name.
 */
export const refusalCodes = [
  /** Nobody is signed in. */
  'unauthenticated',
  /**
   * They may do this, but only soon after signing in. Neither of the two around it: nobody has to be let in, and
   * nothing is closed to them; a screen leads through a fresh sign-in and sends the same form once more.
   */
  'sign_in_again',
  /** Signed in, but this person may not do this. */
  'forbidden',
  /** No such thing, or its existence is none of the asker's business. */
  'not_found',
  /** The input breaks a rule that the asker can mend; see `field`. */
  'invalid',
  /** Something else happened first; the sentence says what. */
  'conflict',
  /** The asker looked at an older version; look again. */
  'stale',
  /** The moment for this has passed (after the end, after the decision). */
  'too_late',
  /** The policy does not let this person ask for this. */
  'not_eligible',
  /** No person could say yes; an empty approver set means nobody can. */
  'nobody_can_approve',
  /** A cap is reached: extensions, total length, tries. */
  'limit',
  /** The thing is closed, paused or archived. */
  'unavailable',
] as const

export type RefusalCode = (typeof refusalCodes)[number]

/** A refusal with its code, its sentence and, where it concerns one input, the path of that input. */
export interface Refusal {
  readonly ok: false
  readonly code: RefusalCode
  readonly message: string
  readonly field?: string
  /** The asker may not even know of the thing: whoever answers them says `not_found`. */
  readonly hidden?: true
  /** All problems of an input at once, by field path; the first one is also `message`. */
  readonly fields?: Readonly<Record<string, string>>
}

export interface Ok<T> {
  readonly ok: true
  readonly value: T
}

export type Result<T> = Ok<T> | Refusal

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value }
}

export function refuse(code: RefusalCode, message: string, field?: string): Refusal {
  return field === undefined ? { ok: false, code, message } : { ok: false, code, message, field }
}

/** Refuses an input with every problem it has, so that a person mends all of it in one go. */
export function refuseFields(fields: Record<string, string>): Refusal {
  const first = Object.entries(fields)[0]
  if (!first) throw new Error('refuseFields needs at least one problem')
  return { ok: false, code: 'invalid', message: first[1], field: first[0], fields }
}

/** Carries a refusal out of a transaction, so that it rolls back; `apply` and `change` turn it into a result again. */
export class RefusalError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message)
    this.name = 'RefusalError'
  }
}
