/** What a file with people would change, line by line, as the directory stands. Pure: nothing is changed in here. */
import { z } from 'zod'
import type { FileLine } from './directory-file'
import { aboutPerson } from './person-input'

export type LineOutcome = 'new' | 'changed' | 'unchanged' | 'error'

/** One line of the preview. */
export interface PlannedLine {
  readonly line: number
  readonly outcome: LineOutcome
  /** Whom, or which group, the line is about. */
  readonly who: string
  /** What would change, or why it cannot: one sentence. */
  readonly what: string
}

/** A person as the plan needs them. */
export interface KnownPerson {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly email: string
  readonly title: string | null
  readonly team: string | null
  readonly managerId: string | null
  readonly timeZone: string | null
  readonly locale: string | null
  readonly active: boolean
}

type Values = Pick<KnownPerson, 'name' | 'email' | 'title' | 'team' | 'timeZone' | 'locale'>

/** A line that would be done: for somebody new, or for who is here, and who manages them (an address; null is nobody). */
export interface PersonChange {
  readonly line: number
  readonly known: KnownPerson | null
  readonly values: Values
  /** Undefined: the file does not say. */
  readonly manager: string | null | undefined
}

export interface PeoplePlan {
  readonly lines: readonly PlannedLine[]
  readonly changes: readonly PersonChange[]
  /** Active people whom the file does not name. */
  readonly missing: readonly KnownPerson[]
}

const about = z.object(aboutPerson)
const words = { name: 'Name', title: 'Title', team: 'Team', timeZone: 'Time zone', locale: 'Locale' } as const

/** "ana.oliveira@…" is Ana Oliveira until somebody says better. */
export function nameFrom(email: string): string {
  const parts = email
    .slice(0, email.lastIndexOf('@'))
    .split(/[._+-]+/)
    .filter(Boolean)
  return parts.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email
}

/** Holds a file against the directory. A column that the file has not leaves that of a person as it is. */
export function planPeople(lines: readonly FileLine[], directory: readonly KnownPerson[]): PeoplePlan {
  const byEmail = new Map(directory.map((p) => [p.email.toLowerCase(), p]))
  const byId = new Map(directory.map((p) => [p.id, p]))
  const firstAt = new Map<string, number>()
  for (const { line, values } of lines) {
    const email = (values.email ?? '').toLowerCase()
    if (email && !firstAt.has(email)) firstAt.set(email, line)
  }
  const managerOf = new Map(
    directory.map((p) => [
      p.email.toLowerCase(),
      p.managerId ? byId.get(p.managerId)?.email.toLowerCase() : undefined,
    ]),
  )
  for (const { values } of lines)
    if (values.manager !== undefined)
      managerOf.set((values.email ?? '').toLowerCase(), values.manager.toLowerCase() || undefined)

  const planned: PlannedLine[] = []
  const changes: PersonChange[] = []
  for (const one of lines) {
    const email = (one.values.email ?? '').toLowerCase()
    const known = byEmail.get(email) ?? null
    const error = (what: string) =>
      planned.push({ line: one.line, outcome: 'error', who: email || 'nobody', what })
    if (one.problem) {
      error(one.problem)
      continue
    }
    const read = about.safeParse(inputOf(one.values, email, known))
    if (!read.success) {
      const issue = read.error.issues[0]
      const field = words[String(issue?.path[0]) as keyof typeof words] ?? 'E-mail address'
      error(`${field}: ${issue?.message ?? 'this cannot be used'}`)
      continue
    }
    const manager = one.values.manager === undefined ? undefined : one.values.manager.toLowerCase() || null
    const wrong =
      (firstAt.get(email) !== one.line && `Line ${firstAt.get(email)} is about the same address`) ||
      (known && !known.active && 'They are deactivated. Reactivate them on their page first') ||
      wrongManager(email, manager, { byEmail, firstAt, managerOf })
    if (wrong) {
      error(wrong)
      continue
    }
    const moved = known ? differences(known, read.data, manager, byId) : []
    const outcome = !known ? 'new' : moved.length > 0 ? 'changed' : 'unchanged'
    const what = !known
      ? [read.data.title, read.data.team, manager && `answers to ${manager}`].filter(Boolean).join(', ')
      : moved.join('. ')
    planned.push({ line: one.line, outcome, who: known?.name ?? `${read.data.name} (${email})`, what })
    if (outcome !== 'unchanged') changes.push({ line: one.line, known, values: read.data, manager })
  }
  const missing = directory.filter((p) => p.active && !firstAt.has(p.email.toLowerCase()))
  return { lines: planned, changes, missing }
}

function inputOf(values: FileLine['values'], email: string, known: KnownPerson | null) {
  const cell = (name: 'title' | 'team' | 'timeZone' | 'locale') => values[name] ?? known?.[name] ?? undefined
  return {
    email,
    name: values.name || known?.name || nameFrom(email),
    title: cell('title'),
    team: cell('team'),
    timeZone: cell('timeZone'),
    locale: cell('locale'),
  }
}

interface Around {
  readonly byEmail: ReadonlyMap<string, KnownPerson>
  readonly firstAt: ReadonlyMap<string, number>
  readonly managerOf: ReadonlyMap<string, string | undefined>
}

function wrongManager(email: string, manager: string | null | undefined, around: Around): string | null {
  if (!manager) return null
  if (manager === email) return 'Nobody manages themself'
  const known = around.byEmail.get(manager)
  if (known && !known.active) return `${known.name}, who would be their manager, is deactivated`
  if (!known && !around.firstAt.has(manager))
    return `Nobody has the address ${manager}, neither here nor in this file`
  const seen = new Set<string>()
  for (let up: string | undefined = manager; up && !seen.has(up); up = around.managerOf.get(up)) {
    if (up === email) return 'Their manager answers to them, so it would go round in a circle'
    seen.add(up)
  }
  return null
}

function differences(
  known: KnownPerson,
  values: Values,
  manager: string | null | undefined,
  byId: ReadonlyMap<string, KnownPerson>,
): string[] {
  const fields = Object.entries(words) as [keyof typeof words, string][]
  const moved = fields.flatMap(([field, label]) =>
    known[field] === values[field]
      ? []
      : [`${label}: ${known[field] ?? 'none'} → ${values[field] ?? 'none'}`],
  )
  const was = known.managerId ? (byId.get(known.managerId)?.email.toLowerCase() ?? null) : null
  return manager === undefined || manager === was
    ? moved
    : [...moved, `Manager: ${was ?? 'nobody'} → ${manager ?? 'nobody'}`]
}
