/** What a file with members of groups would change, line by line, as the groups stand. Pure. */
import type { FileLine } from './directory-file'
import type { PlannedLine } from './directory-plan'

/** A group as the plan needs it. */
export interface KnownGroup {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** Kept elsewhere: nobody here says who is in it. */
  readonly managed: boolean
  readonly memberIds: readonly string[]
}

/** A person as the plan needs them. */
export interface KnownMember {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly active: boolean
}

/** One group of the file: who joins it, by line. Null for one that would be made. */
export interface GroupChange {
  readonly name: string
  readonly known: KnownGroup | null
  readonly joining: readonly { readonly line: number; readonly personId: string }[]
}

export interface GroupPlan {
  readonly lines: readonly PlannedLine[]
  readonly changes: readonly GroupChange[]
  /** Members of a group of the file whom the file does not name there. */
  readonly missing: readonly { readonly group: KnownGroup; readonly person: KnownMember }[]
}

const LONGEST_NAME = 80
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Default_Ignorable_Code_Point}/u

/** Holds a file against the groups. A group that the file does not name is left as it is. */
export function planGroups(
  lines: readonly FileLine[],
  groups: readonly KnownGroup[],
  people: readonly KnownMember[],
): GroupPlan {
  const byName = new Map(groups.map((g) => [g.name.toLowerCase(), g]))
  const byEmail = new Map(people.map((p) => [p.email.toLowerCase(), p]))
  const changes = new Map<
    string,
    { name: string; known: KnownGroup | null; joining: GroupChange['joining'][number][] }
  >()
  const named = new Map<string, Set<string>>()
  const planned = lines.map(({ line, values, problem }): PlannedLine => {
    const [name = '', email = ''] = [values.group?.trim(), values.email?.toLowerCase()]
    const key = name.toLowerCase()
    const known = byName.get(key) ?? null
    const member = byEmail.get(email)
    const there = named.get(key) ?? new Set<string>()
    const wrong = problem ?? wrongWith({ name, email, known, member, there })
    // Whoever stands in the file at all is not missing, also where the line cannot be done.
    if (member) named.set(key, there.add(member.id))
    if (wrong || !member) return { line, outcome: 'error', who: name || 'no group', what: wrong ?? '' }
    if (known?.memberIds.includes(member.id)) return { line, outcome: 'unchanged', who: name, what: '' }
    const change = changes.get(key) ?? { name: known?.name ?? name, known, joining: [] }
    const first = !known && change.joining.length === 0
    change.joining.push({ line, personId: member.id })
    changes.set(key, change)
    return {
      line,
      outcome: known ? 'changed' : 'new',
      who: name,
      what: first ? `A new group, with ${member.name}` : `${member.name} joins`,
    }
  })
  const missing = [...named].flatMap(([key, there]) => {
    const group = byName.get(key)
    if (!group || group.managed || !group.active) return []
    return group.memberIds.flatMap((id) => {
      const person = people.find((p) => p.id === id)
      return person && !there.has(id) ? [{ group, person }] : []
    })
  })
  return { lines: planned, changes: [...changes.values()], missing }
}

function wrongWith(one: {
  name: string
  email: string
  known: KnownGroup | null
  member: KnownMember | undefined
  there: ReadonlySet<string>
}): string | null {
  const { name, email, known, member, there } = one
  if (!name) return 'It names no group'
  if (name.length > LONGEST_NAME) return `The name of a group has at most ${LONGEST_NAME} characters`
  if (UNSEEN.test(name)) return 'The name of the group holds characters that cannot be seen'
  if (known?.managed) return 'The identity provider keeps this group: change it there'
  if (known && !known.active) return 'This group is deactivated'
  if (!member) return email ? `Nobody here has the address ${email}` : 'It names nobody'
  if (!member.active) return `${member.name} is deactivated`
  return there.has(member.id) ? `${member.name} stands in this group twice` : null
}
