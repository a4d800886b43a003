import 'server-only'
import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import type { Filter } from '@/lib/scim/filter'
import type { GroupMemberRow, GroupRow } from '@/lib/scim/group'
import type { PageAsked } from '@/lib/scim/resource'
import type { UserRow } from '@/lib/scim/user'
import { condition, type Paths } from './scim-filter'

const { group, groupMember, groupNesting, person, scimGroup, scimPerson } = schema
const manager = alias(person, 'manager')

/** The newest entry about something, who signed in aside: when it was last changed. */
const lastChange = (type: 'person' | 'group', id: SQL | typeof person.id | typeof group.id) =>
  sql`(select max(t.at) from timeline t where t.subject_type = ${type} and t.subject_id = ${id} and t.verb <> 'signed_in')`
const moment = (value: SQL) => value.mapWith((text: string | Date) => new Date(text))

const user = {
  userName: sql<string>`coalesce(${scimPerson.userName}, ${person.email})`,
  active: sql<boolean>`${person.deactivatedAt} is null`,
  changedAt: sql`coalesce(${lastChange('person', person.id)}, ${person.createdAt})`,
}

const userPaths: Paths = {
  id: { value: sql`${person.id}::text`, as: 'exact' },
  username: { value: user.userName, as: 'text' },
  externalid: { value: sql`${scimPerson.externalId}`, as: 'exact' },
  displayname: { value: sql`${person.name}`, as: 'text' },
  'name.formatted': { value: sql`${person.name}`, as: 'text' },
  'name.givenname': { value: sql`${scimPerson.givenName}`, as: 'text' },
  'name.familyname': { value: sql`${scimPerson.familyName}`, as: 'text' },
  title: { value: sql`${person.title}`, as: 'text' },
  timezone: { value: sql`${person.timeZone}`, as: 'exact' },
  locale: { value: sql`${person.locale}`, as: 'text' },
  active: { value: user.active, as: 'boolean' },
  emails: { value: sql`${person.email}`, as: 'text' },
  'emails.value': { value: sql`${person.email}`, as: 'text' },
  // Everybody has one address, at work and the primary one.
  'emails.type': { value: sql`'work'::text`, as: 'text' },
  'emails.primary': { value: sql`true`, as: 'boolean' },
  'enterprise:department': { value: sql`${person.team}`, as: 'text' },
  'enterprise:manager': { value: sql`${person.managerId}::text`, as: 'exact' },
  'enterprise:manager.value': { value: sql`${person.managerId}::text`, as: 'exact' },
  'meta.created': { value: sql`${person.createdAt}`, as: 'moment' },
  'meta.lastmodified': { value: user.changedAt, as: 'moment' },
}

/** Everybody a client sees: all people but those it deleted. */
export async function scimUsers(
  db: Reader,
  clientId: string,
  asked: { filter?: Filter; page?: PageAsked; id?: string },
): Promise<{ rows: UserRow[]; total: number }> {
  const link = and(eq(scimPerson.personId, person.id), eq(scimPerson.clientId, clientId))
  const where = and(
    isNull(scimPerson.deletedAt),
    asked.id === undefined ? undefined : eq(person.id, asked.id),
    asked.filter && condition(asked.filter, userPaths),
  )
  const { startIndex, count } = asked.page ?? { startIndex: 1, count: 1 }
  const rows = await db
    .select({
      id: person.id,
      userName: user.userName,
      externalId: scimPerson.externalId,
      name: person.name,
      givenName: scimPerson.givenName,
      familyName: scimPerson.familyName,
      email: person.email,
      title: person.title,
      team: person.team,
      timeZone: person.timeZone,
      locale: person.locale,
      manager: { id: manager.id, name: manager.name },
      active: user.active,
      createdAt: person.createdAt,
      changedAt: moment(user.changedAt),
    })
    .from(person)
    .leftJoin(scimPerson, link)
    .leftJoin(manager, eq(manager.id, person.managerId))
    .where(where)
    .orderBy(asc(person.createdAt), asc(person.id))
    .limit(count)
    .offset(startIndex - 1)
  if (asked.page === undefined) return { rows, total: rows.length }
  const [all] = await db
    .select({ total: sql<number>`count(*)`.mapWith(Number) })
    .from(person)
    .leftJoin(scimPerson, link)
    .where(where)
  return { rows, total: all?.total ?? 0 }
}

/** One person as a client sees them; null where it sees nobody of that id. */
export async function scimUser(db: Reader, clientId: string, id: string): Promise<UserRow | null> {
  return (await scimUsers(db, clientId, { id })).rows[0] ?? null
}

const groupChangedAt = sql`coalesce(${lastChange('group', group.id)}, ${scimGroup.createdAt})`

function groupPaths(): Paths {
  return {
    id: { value: sql`${group.id}::text`, as: 'exact' },
    displayname: { value: sql`${group.name}`, as: 'text' },
    externalid: { value: sql`${scimGroup.externalId}`, as: 'exact' },
    members: inMembers,
    'members.value': inMembers,
    'meta.created': { value: sql`${scimGroup.createdAt}`, as: 'moment' },
    'meta.lastmodified': { value: groupChangedAt, as: 'moment' },
  }
}

/** Whether anybody in the group fits. */
function inMembers(filter: Filter): SQL {
  const rows = sql`(
    select m.person_id::text as id from group_member m where m.group_id = ${group.id}
    union all
    select n.child_id::text from group_nesting n where n.parent_id = ${group.id}
  )`
  const path = 'path' in filter ? filter.path : ''
  const one = condition(filter, { [path]: { value: sql`inside.id`, as: 'exact' } })
  return sql`exists (select 1 from ${rows} inside where ${one})`
}

/** The groups of a client: those it provisions and did not delete. */
export async function scimGroups(
  db: Reader,
  clientId: string,
  asked: { filter?: Filter; page?: PageAsked; id?: string; members: boolean },
): Promise<{ rows: GroupRow[]; total: number }> {
  const where = and(
    eq(scimGroup.clientId, clientId),
    isNull(scimGroup.deletedAt),
    asked.id === undefined ? undefined : eq(group.id, asked.id),
    asked.filter && condition(asked.filter, groupPaths()),
  )
  const { startIndex, count } = asked.page ?? { startIndex: 1, count: 1 }
  const found = await db
    .select({
      id: group.id,
      name: group.name,
      externalId: scimGroup.externalId,
      createdAt: scimGroup.createdAt,
      changedAt: moment(groupChangedAt),
    })
    .from(scimGroup)
    .innerJoin(group, eq(group.id, scimGroup.groupId))
    .where(where)
    .orderBy(asc(scimGroup.createdAt), asc(group.id))
    .limit(count)
    .offset(startIndex - 1)
  const inside = asked.members
    ? await membersOfEach(
        db,
        clientId,
        found.map((g) => g.id),
      )
    : null
  const rows = found.map((row) => ({ ...row, members: inside ? (inside.get(row.id) ?? []) : null }))
  if (asked.page === undefined) return { rows, total: rows.length }
  const [all] = await db
    .select({ total: sql<number>`count(*)`.mapWith(Number) })
    .from(scimGroup)
    .innerJoin(group, eq(group.id, scimGroup.groupId))
    .where(where)
  return { rows, total: all?.total ?? 0 }
}

/** One group as its client sees it; null where there is none for it. */
export async function scimGroupOf(
  db: Reader,
  clientId: string,
  id: string,
  members = true,
): Promise<GroupRow | null> {
  return (await scimGroups(db, clientId, { id, members })).rows[0] ?? null
}

/** Who and what is in each group, as far as the client sees them. */
async function membersOfEach(
  db: Reader,
  clientId: string,
  ids: readonly string[],
): Promise<Map<string, GroupMemberRow[]>> {
  const found = new Map<string, GroupMemberRow[]>()
  if (ids.length === 0) return found
  const people = await db
    .select({ groupId: groupMember.groupId, id: person.id, name: person.name })
    .from(groupMember)
    .innerJoin(person, eq(person.id, groupMember.personId))
    .leftJoin(scimPerson, and(eq(scimPerson.personId, person.id), eq(scimPerson.clientId, clientId)))
    .where(and(inArray(groupMember.groupId, [...ids]), isNull(scimPerson.deletedAt)))
    .orderBy(asc(person.id))
  const groups = await db
    .select({ groupId: groupNesting.parentId, id: group.id, name: group.name })
    .from(groupNesting)
    .innerJoin(group, eq(group.id, groupNesting.childId))
    .innerJoin(scimGroup, and(eq(scimGroup.groupId, group.id), eq(scimGroup.clientId, clientId)))
    .where(and(inArray(groupNesting.parentId, [...ids]), isNull(scimGroup.deletedAt)))
    .orderBy(asc(group.id))
  for (const id of ids) found.set(id, [])
  const put = (type: GroupMemberRow['type']) => (row: { groupId: string; id: string; name: string }) =>
    found.get(row.groupId)?.push({ id: row.id, name: row.name, type })
  for (const row of people) put('User')(row)
  for (const row of groups) put('Group')(row)
  return found
}
