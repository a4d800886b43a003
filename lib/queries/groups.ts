import 'server-only'
import { and, asc, count, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { GroupList, GroupPage, GroupPlace, GroupUses } from '@/lib/people-views'
import { manageScope } from './scope'

const { application, group, groupMember, person, policy, policyVersion } = schema

/** Every group, those in use first; null for whoever may not see the list of people. */
export async function listGroups(ctx: Ctx): Promise<GroupList | null> {
  if (!(await manageScope(ctx, 'people.list'))) return null
  const rows = await ctx.db
    .select({ row: group, size: count(person.id) })
    .from(group)
    .leftJoin(groupMember, eq(groupMember.groupId, group.id))
    .leftJoin(person, and(eq(person.id, groupMember.personId), isNull(person.deactivatedAt)))
    .groupBy(group.id)
    .orderBy(sql`${group.deactivatedAt} is not null`, asc(sql`lower(${group.name})`))
  const usesOf = await unsafeGroupUses(ctx.db)
  return {
    rows: rows.map(({ row, size }) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      active: row.deactivatedAt === null,
      size,
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
  const [members, usesOf] = await Promise.all([
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
    uses: usesOf(id),
    opensPlaces: scope.applicationIds === null,
    candidates: can(ctx.actor, 'group.edit', {}) ? await outside(ctx.db, id) : null,
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
