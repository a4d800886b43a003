import 'server-only'
import { eq, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { type ImportKind, readDirectoryFile } from '@/lib/directory-file'
import { type KnownPerson, type PeoplePlan, type PlannedLine, planPeople } from '@/lib/directory-plan'
import { type GroupPlan, planGroups } from '@/lib/group-plan'
import { hashToken } from '@/lib/ids'

const { group, groupMember, person } = schema

/** Somebody whom a file leaves out, and what would become of them where that is chosen. */
export interface MissingRow {
  readonly key: string
  readonly who: string
  readonly what: string
}

interface Planned {
  readonly lines: readonly PlannedLine[]
  readonly missing: readonly MissingRow[]
  /** The columns of the file that nobody reads. */
  readonly unknown: readonly string[]
  /** Names exactly what was shown: another one when the file or the directory says something else. */
  readonly digest: string
}
export type ImportPlan = Planned &
  (
    | { readonly kind: 'people'; readonly plan: PeoplePlan }
    | { readonly kind: 'groups'; readonly plan: GroupPlan }
  )

/**
 * What a file would change as the directory stands now. Whoever imports is never among the missing: they would lock
 * themself out in the middle of it.
 */
export async function planImport(
  db: Reader,
  file: { readonly kind: ImportKind; readonly content: string },
  importerId: string | null,
): Promise<ImportPlan> {
  const read = readDirectoryFile(file.kind, file.content)
  if (!read.ok) throw new Error(`an import was kept that cannot be read: ${read.message}`)
  const people = await knownPeople(db)
  if (file.kind === 'people') {
    const plan = planPeople(read.lines, people)
    const missing = plan.missing
      .filter((p) => p.id !== importerId)
      .map((p) => ({ key: p.id, who: p.name, what: `${p.email} is deactivated` }))
    return { kind: 'people', plan, ...shown(plan.lines, missing, read.unknown) }
  }
  const plan = planGroups(read.lines, await knownGroups(db), people)
  const missing = plan.missing.map(({ group: g, person: p }) => ({
    key: `${g.id}:${p.id}`,
    who: p.name,
    what: `leaves ${g.name}`,
  }))
  return { kind: 'groups', plan, ...shown(plan.lines, missing, read.unknown) }
}

function shown(lines: readonly PlannedLine[], missing: MissingRow[], unknown: readonly string[]): Planned {
  return { lines, missing, unknown, digest: hashToken(JSON.stringify([lines, missing])) }
}

function knownPeople(db: Reader): Promise<KnownPerson[]> {
  return db
    .select({
      id: person.id,
      version: person.version,
      name: person.name,
      email: person.email,
      title: person.title,
      team: person.team,
      managerId: person.managerId,
      timeZone: person.timeZone,
      locale: person.locale,
      active: sql<boolean>`${person.deactivatedAt} is null`,
    })
    .from(person)
    .orderBy(person.name, person.id)
}

async function knownGroups(db: Reader) {
  const rows = await db
    .select({
      id: group.id,
      name: group.name,
      active: sql<boolean>`${group.deactivatedAt} is null`,
      managed: sql<boolean>`${group.managedBy} is not null`,
      memberIds: sql<
        string[]
      >`coalesce(array_agg(${groupMember.personId}::text) filter (where ${groupMember.personId} is not null), '{}')`,
    })
    .from(group)
    .leftJoin(groupMember, eq(groupMember.groupId, group.id))
    .groupBy(group.id)
  return rows
}
