/** A whole form, all names and values together, in characters. */
export const MAX_FORM = 64 * 1024

/** More fields than any form of ours has, the longest selection included. */
const MAX_FIELDS = 4_000

/**
 * `reason`, `settings.host`, `steps[2].kind`. The parser makes a place for every number below an index and goes one
 * level down for each part, so that names decide how much work a form is.
 */
const NAME = /^[a-z]\w{0,63}(?:\.[a-z]\w{0,63}|\[\d{0,2}\]){0,4}$/i

/** Fields React adds to a rendered form, so that it also works before scripts do. They hold no input of ours. */
const FRAMEWORK = /^\$ACTION_[\w:]{1,80}$/

/** Names that mean something to the parser or to JavaScript itself. `__intent__` and its kind begin otherwise. */
const RESERVED = /(?:^|\.)(?:constructor|prototype)(?:$|[.[])/

/**
 * What is wrong with a form as it was sent, whatever it asks for: one sentence, or null. It comes before any
 * parsing and costs one look at each field.
 */
export function formProblem(form: FormData): string | null {
  let size = 0
  let fields = 0
  for (const [name, value] of form) {
    if (FRAMEWORK.test(name)) continue
    const text = typeof value === 'string' ? value : ''
    size += name.length + (typeof value === 'string' ? value.length : value.size)
    fields += 1
    if (size > MAX_FORM || fields > MAX_FIELDS) return 'This form holds too much text'
    if (!NAME.test(name) || RESERVED.test(name)) return 'This form has a field that Leasehold does not know'
    if (text.includes('\0')) return 'The text holds a NUL character, which cannot be kept: take it out'
  }
  return null
}
