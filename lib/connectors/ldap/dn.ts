/** Distinguished names as RFC 4514 writes them: read, compared and put together, never glued from text. */
import 'server-only'

interface Pair {
  type: string
  value: string
}

const SPECIAL = /[\\",#+;<=>]/
const HEX = /^[0-9a-f]{2}$/i

/** A value as it may stand in a distinguished name (RFC 4514, 2.4). */
export function escapeDnValue(value: string): string {
  return [...value]
    .map((char, at, all) => {
      if (char < ' ') return `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`
      const edge = char === ' ' && (at === 0 || at === all.length - 1)
      return edge || SPECIAL.test(char) ? `\\${char}` : char
    })
    .join('')
}

/** Splits at unescaped, unquoted occurrences of the given characters. */
function split(text: string, at: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  for (let n = 0; n < text.length; n += 1) {
    const char = text[n]!
    if (char === '\\') part += char + (text[++n] ?? '')
    else if (!quoted && at.includes(char)) {
      parts.push(part)
      part = ''
    } else {
      if (char === '"') quoted = !quoted
      part += char
    }
  }
  return [...parts, part]
}

/** Leaves the last space of a value where it is escaped. */
function trimmed(text: string): string {
  const start = text.trimStart()
  const end = start.trimEnd()
  const backslashes = /\\*$/.exec(end)?.[0].length ?? 0
  return backslashes % 2 === 1 && end.length < start.length ? `${end} ` : end
}

/** What an escaped value stands for; null when it is not well formed. */
function unescaped(raw: string): string | null {
  const text = raw.startsWith('"') && raw.endsWith('"') && raw.length > 1 ? raw.slice(1, -1) : raw
  const bytes: Buffer[] = []
  for (let n = 0; n < text.length; n += 1) {
    const char = text[n]!
    if (char !== '\\') {
      const point = String.fromCodePoint(text.codePointAt(n)!)
      bytes.push(Buffer.from(point))
      n += point.length - 1
      continue
    }
    const pair = text.slice(n + 1, n + 3)
    if (HEX.test(pair)) {
      bytes.push(Buffer.from(pair, 'hex'))
      n += 2
    } else if (n + 1 < text.length) {
      bytes.push(Buffer.from(text[n + 1]!))
      n += 1
    } else return null
  }
  return Buffer.concat(bytes).toString('utf8')
}

function pairOf(text: string): Pair | null {
  const equals = text.indexOf('=')
  const type = text.slice(0, equals).trim()
  if (equals < 1 || !/^([A-Za-z][A-Za-z0-9-]*|\d+(\.\d+)+)$/.test(type)) return null
  const value = unescaped(trimmed(text.slice(equals + 1)))
  return value === null ? null : { type, value }
}

/** The parts of a distinguished name, the entry's own first; null when it is none. */
function parseDn(dn: string): Pair[][] | null {
  if (dn.trim() === '') return []
  const rdns = split(dn, ',;').map((rdn) => split(rdn, '+').map(pairOf))
  return rdns.every((rdn) => rdn.every((pair) => pair !== null)) ? (rdns as Pair[][]) : null
}

/** Whether the text is a distinguished name of at least one part. */
export const isDn = (text: string): boolean => (parseDn(text)?.length ?? 0) > 0

/**
 * One spelling for all spellings of a name: case, spaces, escapes and the order within a part do not
 * tell entries apart (RFC 4517, caseIgnoreMatch). For sets of names; a directory's own answer decides
 * about a membership. What is no name is only trimmed and lowered.
 */
export function sameDn(dn: string): string {
  const rdns = parseDn(dn)
  if (!rdns) return dn.trim().toLowerCase()
  const folded = (text: string) => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
  return rdns
    .map((rdn) =>
      rdn
        .map(({ type, value }) => `${type.toLowerCase()}=${escapeDnValue(folded(value))}`)
        .sort()
        .join('+'),
    )
    .join(',')
}

/** The value of the entry's own part, for a label where an entry says nothing better. */
export function firstValue(dn: string): string {
  return parseDn(dn)?.[0]?.[0]?.value ?? dn
}
