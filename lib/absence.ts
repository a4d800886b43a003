/** The directory as it would be if somebody, or a group, were gone: what is shown before it is done. Pure. */
import type { PolicyDirectory } from './policy-coverage'

/** What is thought away: a person, a group, or (both named) only the person's place in that group. */
export interface Absence {
  readonly personId?: string
  readonly groupId?: string
}

/** Whether a person would be gone altogether. */
export function isAbsent(absence: Absence | undefined, personId: string): boolean {
  return absence !== undefined && absence.groupId === undefined && absence.personId === personId
}

/**
 * The same directory without the person or the group that is thought away. Of two accounts of one person the one that
 * is left counts. Whom a group finds through another one, and so what is left of it, the reading of the directory knows.
 */
export function directoryWithout(directory: PolicyDirectory, absence: Absence): PolicyDirectory {
  const { personId, groupId } = absence
  if (groupId !== undefined && personId !== undefined) return directory
  if (personId === undefined)
    return { ...directory, groups: directory.groups.filter((g) => g.id !== groupId) }
  const stay = (ids: readonly string[]) => ids.filter((id) => id !== personId)
  const heir = directory.people.find((p) => p.countsAs === personId)?.id
  return {
    people: directory.people.flatMap(({ countsAs, ...p }) => {
      if (p.id === personId) return []
      const elder = countsAs === personId ? heir : countsAs
      return [elder === undefined || elder === p.id ? p : { ...p, countsAs: elder }]
    }),
    groups: directory.groups.map((g) => ({ ...g, memberIds: stay(g.memberIds) })),
    applications: directory.applications.map((a) => ({ ...a, ownerIds: stay(a.ownerIds) })),
    adminIds: stay(directory.adminIds),
  }
}
