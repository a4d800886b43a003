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

/** Whether a member would still be found through a group. */
export function foundThrough(absence: Absence | undefined, groupId: string, personId: string): boolean {
  if (absence === undefined) return true
  const { personId: who = personId, groupId: where = groupId } = absence
  return who !== personId || where !== groupId
}

/** The same directory without what is thought away. Of two accounts of one person the one that is left counts. */
export function directoryWithout(directory: PolicyDirectory, absence: Absence): PolicyDirectory {
  const { personId, groupId } = absence
  const groups = directory.groups
    .filter((g) => personId !== undefined || g.id !== groupId)
    .map((g) => ({ ...g, memberIds: g.memberIds.filter((id) => foundThrough(absence, g.id, id)) }))
  if (personId === undefined || groupId !== undefined) return { ...directory, groups }
  const stay = (ids: readonly string[]) => ids.filter((id) => id !== personId)
  const heir = directory.people.find((p) => p.countsAs === personId)?.id
  return {
    people: directory.people.flatMap(({ countsAs, ...p }) => {
      if (p.id === personId) return []
      const elder = countsAs === personId ? heir : countsAs
      return [elder === undefined || elder === p.id ? p : { ...p, countsAs: elder }]
    }),
    groups,
    applications: directory.applications.map((a) => ({ ...a, ownerIds: stay(a.ownerIds) })),
    adminIds: stay(directory.adminIds),
  }
}
