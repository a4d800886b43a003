import type { Place } from './place'
import type { Form } from './replay'

/** Whose object a door is tried on: theirs, somebody else's, or something else's id. */
export type Columns = readonly [own: string, foreign: string, other: string]

/** One door of the matrix: what is sent through it, and what each kind of person is answered. */
export interface Entry<What> {
  readonly send: (it: Place) => What
  /** Three columns of nine letters; one where the door is about no object. */
  readonly expected: readonly string[]
}

/**
 * A door about an object.
 * @param expected three columns (own, somebody else's, another thing's id), nine letters each
 */
export function on<What>(send: (it: Place) => What, expected: string): Entry<What> {
  return { send, expected: expected.trim().split(/\s+/) }
}

/** A door that is about no object. */
export const plain = on

export type ActionEntry = Entry<Form | { readonly asks: unknown }>

/** Ids of other things in the places of the right ones; what is no id stays as it is. */
export function mistaken(it: Place, personId: string): Place {
  const isId = (value: string) => /^[0-9a-f-]{36}$/.test(value)
  const wrong = (key: string) =>
    ['requester', 'holder', 'approver', 'leaver'].includes(key) ? it.grant : personId
  return Object.fromEntries(
    Object.entries(it).map(([key, value]) => [key, isId(value) ? wrong(key) : value]),
  ) as unknown as Place
}
