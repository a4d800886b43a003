/** What a file with people, or with members of groups, says line by line. Pure. */
import { type CsvLine, readCsv } from './csv-reader'

export const importKinds = ['people', 'groups'] as const
export type ImportKind = (typeof importKinds)[number]

/** The most a file may hold. */
export const MOST_BYTES = 1_048_576
export const MOST_LINES = 2_000

/** The columns that are read, by the names they may have in a file. */
const columns = {
  people: {
    email: ['email', 'e-mail', 'mail', 'email address', 'e-mail address'],
    name: ['name', 'display name', 'full name'],
    title: ['title', 'job title'],
    team: ['team', 'department'],
    manager: ['manager', 'manager email', 'manager e-mail'],
    timeZone: ['time zone', 'timezone', 'zoneinfo'],
    locale: ['locale'],
  },
  groups: {
    group: ['group', 'group name'],
    email: ['email', 'e-mail', 'mail', 'member', 'email address', 'e-mail address'],
  },
} as const

const needed: Record<ImportKind, readonly string[]> = { people: ['email'], groups: ['group', 'email'] }

/** One line: its number in the file, and the cells of the columns that are there. An empty cell is ''. */
export interface FileLine {
  readonly line: number
  readonly values: Readonly<Record<string, string>>
  /** What is wrong with the line as such. */
  readonly problem: string | null
}

export type DirectoryFile =
  | {
      readonly ok: true
      readonly lines: readonly FileLine[]
      /** The columns that are read, and those that nobody here knows. */
      readonly known: readonly string[]
      readonly unknown: readonly string[]
    }
  | { readonly ok: false; readonly message: string }

const wrong = (message: string) => ({ ok: false, message }) as const

/** Reads a file; what is wrong with all of it is one sentence, what is wrong with a line stays at the line. */
export function readDirectoryFile(kind: ImportKind, text: string): DirectoryFile {
  const file = readCsv(text)
  if (!file.ok) return wrong(`Line ${file.line} cannot be read: ${file.message}`)
  const [head, ...rest] = file.lines
  if (!head) return wrong('This file is empty')
  if (rest.length === 0) return wrong('This file has a head and no lines')
  if (rest.length > MOST_LINES)
    return wrong(`This file has ${rest.length} lines, and ${MOST_LINES} are the most. Split it`)
  const names = head.cells.map((cell) => cell.trim().toLowerCase())
  const found = names.map((name) => fieldOf(kind, name))
  const twice = found.find((field, i) => field && found.indexOf(field) !== i)
  if (twice) return wrong(`Two columns say the ${twice}: keep one`)
  const missing = needed[kind].find((field) => !found.includes(field))
  if (missing)
    return wrong(`No column is called “${missing}”. The first line names the columns, and this one is needed`)
  return {
    ok: true,
    lines: rest.map((line) => fileLine(line, found)),
    known: found.filter((field) => field !== null),
    unknown: head.cells
      .filter((cell, i) => !found[i] && cell.trim() !== '')
      .map((cell) => cell.trim().slice(0, 60)),
  }
}

function fieldOf(kind: ImportKind, name: string): string | null {
  const entry = Object.entries(columns[kind]).find(
    ([field, names]) => field.toLowerCase() === name || (names as readonly string[]).includes(name),
  )
  return entry?.[0] ?? null
}

function fileLine({ line, cells }: CsvLine, found: readonly (string | null)[]): FileLine {
  const values = Object.fromEntries(
    found.flatMap((field, i) => (field ? [[field, (cells[i] ?? '').trim()] as const] : [])),
  )
  const formula = Object.values(values).find((value) => /^[=+@]/.test(value))
  const problem = formula
    ? `“${formula.slice(0, 40)}” looks like a formula: save the file with values`
    : cells.length > found.length && cells.slice(found.length).some((cell) => cell.trim() !== '')
      ? `It has ${cells.length} cells, and the first line names ${found.length}`
      : null
  return { line, values, problem }
}
