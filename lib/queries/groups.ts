import 'server-only'
import { and, asc, count, eq, isNotNull, isNull, notInArray, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { GroupList, GroupPage, GroupPlace, GroupUses } from '@/lib/people-views'
import { membersOf } from '@/lib/services/facts'
import { groupsAbove } from '@/lib/services/group-nesting'
import { found } from '@/lib/services/membership'
import { provisionerOf } from '@/lib/services/scim-groups'
import { manageScope } from './scope'

const {
  application,
  group,
  groupMember,
  groupNesting,
  person,
  policy,
  policyVersion,
  scimClient,
  scimGroup,
} = schema

/** Every group, those in use first; null for whoever may not see the list of people. */
export async function listGroups(ctx: Ctx): Promise<GroupList | null> {
  if (!(await manageScope(ctx, 'people.list'))) return null
  const members = found()
  // Through one that is out of use nobody is found; it still lists whom it holds itself.
  const ownSize = sql<number>`(
    select count(*) from group_member m join person p on p.id = m.person_id
    where m.group_id = ${group.id} and p.deactivated_at is null)`.mapWith(Number)
  const rows = await ctx.db
    .select({ row: group, size: count(person.id), own: ownSize, provisioner: scimClient.name })
    .from(group)
    .leftJoin(members.rows, eq(members.groupId, group.id))
    .leftJoin(person, and(eq(person.id, members.personId), isNull(person.deactivatedAt)))
    .leftJoin(scimGroup, eq(scimGroup.groupId, group.id))
    .leftJoin(scimClient, and(eq(scimClient.id, scimGroup.clientId), isNull(scimClient.revokedAt)))
    .groupBy(group.id, scimClient.id)
    .orderBy(sql`${group.deactivatedAt} is not null`, asc(sql`lower(${group.name})`))
  const usesOf = await unsafeGroupUses(ctx.db)
  return {
    rows: rows.map(({ row, size, own, provisioner }) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      provisioner,
      active: row.deactivatedAt === null,
      size: row.deactivatedAt ? own : size,
      uses: usesOf(row.id),
    })),
    canCreate: can(ctx.actor, 'group.edit', {}),
  }
}

/** One group with its members; null when there is none for whoever asks. */
export async function groupPage(ctx: Ctx, id: string): Promise<GroupPage | null> {
  const scope = await manageScope(ctx, 'people.list')
  if (!scope) return null
  const row = await ctx.db.query.group.findFirst({ where: eq(group.id, id) })
  if (!row) return null
  const provisioner = await provisionerOf(ctx.db, id)
  const mayEdit = can(ctx.actor, 'group.edit', {}) && provisioner === null
  const [members, groups, within, everybody, usesOf] = await Promise.all([
    ctx.db
      .select({
        id: person.id,
        name: person.name,
        email: person.email,
        team: person.team,
        active: sql<boolean>`${person.deactivatedAt} is null`,
      })
      .from(groupMember)
      .innerJoin(person, eq(person.id, groupMember.personId))
      .where(eq(groupMember.groupId, id))
      .orderBy(sql`${person.deactivatedAt} is not null`, asc(sql`lower(${person.name})`), asc(person.id)),
    groupsIn(ctx.db, id),
    groupsAround(ctx.db, id),
    membersOf(ctx.db, id),
    unsafeGroupUses(ctx.db),
  ])
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    version: row.version,
    managedBy: row.managedBy,
    active: row.deactivatedAt === null,
    deactivatedAt: row.deactivatedAt,
    members,
    provisioner,
    heirs: mayEdit ? await connected(ctx.db) : [],
    groups,
    within,
    size: everybody.length,
    uses: usesOf(id),
    opensPlaces: scope.applicationIds === null,
    candidates: mayEdit ? await outside(ctx.db, id) : null,
    groupCandidates: mayEdit ? await groupsOutside(ctx.db, id) : null,
  }
}

function outside(db: Reader, groupId: string) {
  const inside = db
    .select({ id: groupMember.personId })
    .from(groupMember)
    .where(eq(groupMember.groupId, groupId))
  return db
    .select({ id: person.id, name: person.name, team: person.team })
    .from(person)
    .where(and(isNull(person.deactivatedAt), sql`${person.id} not in ${inside}`))
    .orderBy(person.name, person.id)
}

/** The groups in a group, with how many active people are found through each. */
function groupsIn(db: Reader, groupId: string) {
  const members = found()
  return db
    .select({
      id: group.id,
      name: group.name,
      active: sql<boolean>`${group.deactivatedAt} is null`,
      size: count(person.id),
    })
    .from(groupNesting)
    .innerJoin(group, eq(group.id, groupNesting.childId))
    .leftJoin(members.rows, eq(members.groupId, group.id))
    .leftJoin(person, and(eq(person.id, members.personId), isNull(person.deactivatedAt)))
    .where(eq(groupNesting.parentId, groupId))
    .groupBy(group.id)
    .orderBy(sql`${group.deactivatedAt} is not null`, asc(sql`lower(${group.name})`))
}

/** Clients that a group may be handed over to. */
function connected(db: Reader): Promise<GroupPlace[]> {
  return db
    .select({ id: scimClient.id, name: scimClient.name })
    .from(scimClient)
    .where(isNull(scimClient.revokedAt))
    .orderBy(asc(sql`lower(${scimClient.name})`))
}

function groupsAround(db: Reader, groupId: string) {
  return db
    .select({ id: group.id, name: group.name, active: sql<boolean>`${group.deactivatedAt} is null` })
    .from(groupNesting)
    .innerJoin(group, eq(group.id, groupNesting.parentId))
    .where(eq(groupNesting.childId, groupId))
    .orderBy(asc(sql`lower(${group.name})`))
}

/** Groups in use that may be put into one: not those in it, not itself, none that it is in, however deep. */
async function groupsOutside(db: Reader, groupId: string): Promise<GroupPlace[]> {
  const above = (await groupsAbove(db, groupId)).map(({ id }) => id)
  const inside = db
    .select({ id: groupNesting.childId })
    .from(groupNesting)
    .where(eq(groupNesting.parentId, groupId))
  return db
    .select({ id: group.id, name: group.name })
    .from(group)
    .where(and(isNull(group.deactivatedAt), notInArray(group.id, above), notInArray(group.id, inside)))
    .orderBy(asc(sql`lower(${group.name})`))
}

/** Where each group is used: by the versions of policies in force, and by applications that people fulfil. */
export async function unsafeGroupUses(db: Reader): Promise<(groupId: string) => GroupUses> {
  const [policies, applications] = await Promise.all([
    db
      .select({ id: policy.id, name: policy.name, definition: policyVersion.definition })
      .from(policy)
      .innerJoin(policyVersion, eq(policyVersion.id, policy.currentVersionId))
      .where(isNull(policy.archivedAt))
      .orderBy(policy.name),
    db
      .select({ id: application.id, name: application.name, groupId: application.fulfilmentGroupId })
      .from(application)
      .where(and(isNull(application.archivedAt), isNotNull(application.fulfilmentGroupId)))
      .orderBy(application.name),
  ])
  const where = (holds: (definition: PolicyDefinition) => boolean): GroupPlace[] =>
    policies.filter((p) => holds(p.definition)).map(({ id, name }) => ({ id, name }))
  return (groupId) => ({
    decides: where((d) =>
      d.steps.some((step) => step.approvers.some((ref) => ref.kind === 'group' && ref.id === groupId)),
    ),
    asks: where(({ requesters }) => requesters.kind === 'some' && requesters.groupIds.includes(groupId)),
    automatic: where((d) => d.automatic?.groupIds.includes(groupId) ?? false),
    fulfils: applications.filter((a) => a.groupId === groupId).map(({ id, name }) => ({ id, name })),
  })
}
