import { plainName } from './attributes'
import { bad } from './errors'

export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
export type Operator = (typeof operators)[number]
export type FilterValue = string | number | boolean | null

/** A filter, read. Paths are in one spelling (see `plainName`); those in brackets carry what stands before them. */
export type Filter =
  | { readonly kind: 'compare'; readonly path: string; readonly op: Operator; readonly value: FilterValue }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }

/** Longer or deeper than any provisioning client asks, and small enough to read. */
const MAX_LENGTH = 1_000
const MAX_PARTS = 30
const MAX_DEPTH = 10

const token =
  /\s*(?:(?<string>"(?:[^"\\]|\\.)*")|(?<word>\.?[A-Za-z][\w$.:-]*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<mark>[()[\]]))/y

/**
 * Reads a filter. Source: RFC 7644, section 3.4.2.2: `and` binds tighter than `or`, names and operators are not
 * case-sensitive, values are JSON.
 * @throws {ScimError} `invalidFilter`
 */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_LENGTH) throw bad('invalidFilter', 'This filter is too long.')
  const tokens = tokensOf(text)
  let at = 0
  let parts = 0
  const peek = () => tokens[at]
  const isWord = (word: string) => peek()?.toLowerCase() === word
  const next = () => {
    const found = tokens[at++]
    if (found === undefined) throw bad('invalidFilter', 'This filter ends too early.')
    return found
  }
  const expect = (mark: string) => {
    const found = next()
    if (found !== mark) throw bad('invalidFilter', `This filter has “${found}” where “${mark}” belongs.`)
  }
  const some = (kind: 'and' | 'or', of: Filter[]): Filter => (of.length === 1 ? of[0]! : { kind, of })

  function either(prefix: string, depth: number): Filter {
    if (depth > MAX_DEPTH) throw bad('invalidFilter', 'This filter is nested too deep.')
    const of = [both(prefix, depth)]
    while (isWord('or')) {
      at++
      of.push(both(prefix, depth))
    }
    return some('or', of)
  }

  function both(prefix: string, depth: number): Filter {
    const of = [one(prefix, depth)]
    while (isWord('and')) {
      at++
      of.push(one(prefix, depth))
    }
    return some('and', of)
  }

  function one(prefix: string, depth: number): Filter {
    if (++parts > MAX_PARTS) throw bad('invalidFilter', 'This filter has too many parts.')
    if (isWord('not') && tokens[at + 1] === '(') {
      at++
      return { kind: 'not', of: grouped(prefix, depth) }
    }
    if (peek() === '(') return grouped(prefix, depth)
    const name = next()
    if (!/^[A-Za-z]/.test(name)) throw bad('invalidFilter', `This filter has “${name}” where a name belongs.`)
    const path = `${prefix}${plainName(name)}`
    if (peek() !== '[') return compared(path)
    at++
    const inner = either(`${path}.`, depth + 1)
    expect(']')
    const sub = peek()
    if (!sub?.startsWith('.')) return inner
    at++
    return { kind: 'and', of: [inner, compared(`${path}${sub.toLowerCase()}`)] }
  }

  function grouped(prefix: string, depth: number): Filter {
    expect('(')
    const inner = either(prefix, depth + 1)
    expect(')')
    return inner
  }

  function compared(path: string): Filter {
    const op = next().toLowerCase()
    if (op === 'pr') return { kind: 'present', path }
    const known = operators.find((o) => o === op)
    if (!known) throw bad('invalidFilter', `“${op}” is no operator of a filter.`)
    return { kind: 'compare', path, op: known, value: literalOf(next()) }
  }

  const filter = either('', 0)
  if (at < tokens.length) throw bad('invalidFilter', `This filter goes on with “${tokens[at]}”.`)
  return filter
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  const rest = text.trimEnd()
  token.lastIndex = 0
  while (token.lastIndex < rest.length) {
    const from = token.lastIndex
    const found = token.exec(rest)
    if (!found)
      throw bad('invalidFilter', `This filter cannot be read from “${rest.slice(from, from + 20)}” on.`)
    tokens.push(found[0].trim())
  }
  if (tokens.length === 0) throw bad('invalidFilter', 'This filter is empty.')
  return tokens
}

function literalOf(text: string): FilterValue {
  const value = jsonOf(/^(true|false|null)$/i.test(text) ? text.toLowerCase() : text)
  const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  if (!plain || (typeof value === 'string' && value.includes('\0')))
    throw bad('invalidFilter', `“${text}” is no value: text stands in double quotes.`)
  return value as FilterValue
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether one element of a list fits a filter whose paths begin with the list's name. Text is compared in any case. */
export function fits(filter: Filter, list: string, element: unknown): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.of.every((f) => fits(f, list, element))
    case 'or':
      return filter.of.some((f) => fits(f, list, element))
    case 'not':
      return !fits(filter.of, list, element)
    default: {
      const name = filter.path.slice(list.length + 1)
      const fields = typeof element === 'object' && element !== null ? element : { value: element }
      const key = Object.keys(fields).find((k) => k.toLowerCase() === name)
      const value = key === undefined ? undefined : (fields as Record<string, unknown>)[key]
      if (filter.kind === 'present') return value !== undefined && value !== null && value !== ''
      return compares(filter.op, value, filter.value)
    }
  }
}

function compares(op: Operator, left: unknown, right: FilterValue): boolean {
  const [a, b] = [folded(left), folded(right)]
  if (op === 'eq') return a === b
  if (op === 'ne') return a !== b
  if (a === null) return false
  switch (op) {
    case 'co':
      return a.includes(b ?? '')
    case 'sw':
      return a.startsWith(b ?? '')
    case 'ew':
      return a.endsWith(b ?? '')
    case 'gt':
      return a > (b ?? '')
    case 'ge':
      return a >= (b ?? '')
    case 'lt':
      return a < (b ?? '')
    case 'le':
      return a <= (b ?? '')
  }
}

/** One spelling for comparing: some clients write booleans as text. */
const folded = (value: unknown): string | null =>
  value === undefined || value === null ? null : String(value).toLowerCase()
