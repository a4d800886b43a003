import 'server-only'
import { and, asc, eq, ilike, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { GroupRef, PeopleList, PersonPage } from '@/lib/people-views'
import { withoutNul } from '@/lib/plain-text'
import { found } from '@/lib/services/membership'
import { refuseLastAdmin } from '@/lib/services/roles'
import { unsafeAway } from './away'
import { unsafeLeases } from './leases'
import { type ManageScope, manageScope } from './scope'

const { application, applicationOwner, grant, group, groupMember, person } = schema
const PAGE = 50
const live = ['scheduled', 'provisioning', 'active', 'revoking'] as const
/** So many past grants are shown with a person; the rest is in Access grants. */
const PAST = 20

export interface PeopleSearch {
  readonly q: string
  readonly show: 'active' | 'deactivated' | 'all'
  /** From 1. */
  readonly page: number
}

/** One page of people, by name; null for whoever may not see the list. */
export async function listPeople(ctx: Ctx, search: PeopleSearch): Promise<PeopleList | null> {
  const scope = await manageScope(ctx, 'people.list')
  if (!scope) return null
  const where = and(matching(search.q), shown(search.show))
  const total = await ctx.db.$count(person, where)
  const pages = Math.max(1, Math.ceil(total / PAGE))
  const page = Math.min(Math.max(1, search.page), pages)
  const manager = alias(person, 'manager')
  const rows = await ctx.db
    .select({ row: person, managerName: manager.name })
    .from(person)
    .leftJoin(manager, eq(manager.id, person.managerId))
    .where(where)
    .orderBy(asc(sql`lower(${person.name})`), asc(person.id))
    .limit(PAGE)
    .offset((page - 1) * PAGE)
  const ids = rows.map((r) => r.row.id)
  const [groups, owned, grants, away] = await Promise.all([
    groupsOf(ctx.db, ids),
    ownedBy(ctx.db, ids),
    liveGrantsOf(ctx.db, ids, scope),
    unsafeAway(ctx.db, ids, await readNow(ctx.db)),
  ])
  return {
    rows: rows.map(({ row, managerName }) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      title: row.title,
      team: row.team,
      managerName,
      roles: rolesOf(row, owned.get(row.id)?.length ?? 0),
      groups: (groups.get(row.id) ?? []).filter((g) => g.active).map((g) => g.name),
      active: row.deactivatedAt === null,
      away: away.get(row.id) ?? null,
      liveGrants: grants.get(row.id) ?? 0,
    })),
    total,
    page,
    pages,
    canAdd: can(ctx.actor, 'person.create', {}),
  }
}

/** One person with what they hold, as far as the actor may see it; null when there is none for them. */
export async function personPage(ctx: Ctx, id: string, now: Date): Promise<PersonPage | null> {
  const scope = await manageScope(ctx, 'people.list')
  const self = ctx.actor.kind === 'person' && ctx.actor.id === id
  const row = scope || self ? await ctx.db.query.person.findFirst({ where: eq(person.id, id) }) : null
  if (!row) return null
  const manager = row.managerId
    ? await ctx.db.query.person.findFirst({
        where: eq(person.id, row.managerId),
        columns: { id: true, name: true, deactivatedAt: true },
      })
    : undefined
  const mine = self ? { applicationIds: null } : (scope ?? { applicationIds: [] })
  const [groups, owns, holds, held, reports] = await Promise.all([
    groupsOf(ctx.db, [id]),
    ownedBy(ctx.db, [id]),
    grantsOf(ctx, { id, now, scope: mine, alive: true }),
    grantsOf(ctx, { id, now, scope: mine, alive: false }),
    ctx.db.$count(person, and(eq(person.managerId, id), isNull(person.deactivatedAt))),
  ])
  const owned = owns.get(id) ?? []
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    title: row.title,
    team: row.team,
    zone: row.timeZone,
    locale: row.locale,
    active: row.deactivatedAt === null,
    deactivatedAt: row.deactivatedAt,
    roles: rolesOf(row, owned.length),
    manager: manager ? { id: manager.id, name: manager.name, active: manager.deactivatedAt === null } : null,
    reports,
    groups: groups.get(id) ?? [],
    owns: owned,
    holds,
    held,
    partly: mine.applicationIds !== null,
    canTakeBack: can(ctx.actor, 'person.take_back', {}),
    canErase: row.deactivatedAt !== null && can(ctx.actor, 'person.erase', {}),
    opensGroups: scope !== null,
    ...(await changing(ctx, row)),
  }
}

async function changing(
  ctx: Ctx,
  row: typeof person.$inferSelect,
): Promise<Pick<PersonPage, 'deactivate' | 'canReactivate' | 'canEdit' | 'roleChanges'>> {
  const active = row.deactivatedAt === null
  const last = (await refuseLastAdmin(ctx.db, row))?.message ?? null
  return {
    deactivate: active && can(ctx.actor, 'person.deactivate', {}) ? { refusal: last } : null,
    canEdit: can(ctx.actor, 'person.edit', {}),
    canReactivate: !active && can(ctx.actor, 'person.reactivate', {}),
    roleChanges:
      active && can(ctx.actor, 'person.set_role', {})
        ? { admin: row.admin, auditor: row.auditor, keepsAdmin: last }
        : null,
  }
}

function matching(q: string): SQL | undefined {
  const text = withoutNul(q).trim().slice(0, 200)
  if (text === '') return undefined
  const pattern = `%${text.replace(/[\\%_]/g, (found) => `\\${found}`)}%`
  return or(
    ilike(person.name, pattern),
    ilike(person.email, pattern),
    ilike(person.team, pattern),
    ilike(person.title, pattern),
  )
}

function shown(show: PeopleSearch['show']): SQL | undefined {
  if (show === 'all') return undefined
  return show === 'active' ? isNull(person.deactivatedAt) : isNotNull(person.deactivatedAt)
}

function rolesOf(row: { admin: boolean; auditor: boolean }, owned: number): string[] {
  return [
    ...(row.admin ? ['admin'] : []),
    ...(row.auditor ? ['auditor'] : []),
    ...(owned > 0 ? ['owner'] : []),
  ]
}

/** The groups of each: those they are in, then those they are found through by way of another. */
async function groupsOf(db: Reader, ids: readonly string[]): Promise<Map<string, GroupRef[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({
      personId: groupMember.personId,
      id: group.id,
      name: group.name,
      active: sql<boolean>`${group.deactivatedAt} is null`,
    })
    .from(groupMember)
    .innerJoin(group, eq(group.id, groupMember.groupId))
    .where(inArray(groupMember.personId, [...ids]))
    .orderBy(group.name)
  const through = found()
  const reached = await db
    .select({ personId: through.personId, id: group.id, name: group.name })
    .from(through.rows)
    .innerJoin(group, eq(group.id, through.groupId))
    .where(inArray(through.personId, [...ids]))
    .orderBy(group.name)
  const groups = new Map<string, GroupRef[]>()
  const put = (personId: string, ref: GroupRef) => {
    const known = groups.get(personId) ?? []
    if (!known.some(({ id }) => id === ref.id)) groups.set(personId, [...known, ref])
  }
  for (const { personId, ...ref } of rows) put(personId, ref)
  for (const { personId, ...ref } of reached) put(personId, { ...ref, active: true, through: true })
  return groups
}

async function ownedBy(db: Reader, ids: readonly string[]) {
  const found = new Map<string, { id: string; name: string }[]>()
  if (ids.length === 0) return found
  const rows = await db
    .select({ personId: applicationOwner.personId, id: application.id, name: application.name })
    .from(applicationOwner)
    .innerJoin(application, eq(application.id, applicationOwner.applicationId))
    .where(and(inArray(applicationOwner.personId, [...ids]), isNull(application.archivedAt)))
    .orderBy(application.name)
  for (const { personId, ...place } of rows) found.set(personId, [...(found.get(personId) ?? []), place])
  return found
}

function within(scope: ManageScope): SQL | undefined {
  if (scope.applicationIds === null) return undefined
  return scope.applicationIds.length ? inArray(grant.applicationId, [...scope.applicationIds]) : sql`false`
}

async function liveGrantsOf(db: Reader, ids: readonly string[], scope: ManageScope) {
  if (ids.length === 0) return new Map<string, number>()
  const rows = await db
    .select({ id: grant.personId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(grant)
    .where(and(inArray(grant.personId, [...ids]), inArray(grant.state, [...live]), within(scope)))
    .groupBy(grant.personId)
  return new Map(rows.map((row) => [row.id, row.count]))
}

function grantsOf(ctx: Ctx, look: { id: string; now: Date; scope: ManageScope; alive: boolean }) {
  const { id, now, scope, alive } = look
  const state = inArray(grant.state, alive ? [...live] : ['ended', 'failed'])
  return unsafeLeases(ctx.db, and(eq(grant.personId, id), state, within(scope)), now, {
    orderBy: alive ? [asc(grant.endsAt), asc(grant.id)] : [sql`${grant.rightOverAt} desc nulls last`],
    limit: alive ? 200 : PAST,
  })
}
