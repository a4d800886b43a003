import 'server-only'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import type { GrantView } from '@/lib/grant-url'
import type { FilterOption, OptionKind, SavedView } from '@/lib/grant-views'
import { contains, isLive } from './grant-filters'
import { grantScope, inScope } from './grants'

const { grant, person, application, entitlement, policyVersion, savedView } = schema

const MOST_OPTIONS = 100

/** What one can filter for by one kind, in the actor's scope, those with most active grants first. */
export async function filterOptions(ctx: Ctx, kind: OptionKind, q: string): Promise<FilterOption[] | null> {
  return options(ctx, kind, q ? { q } : {})
}

async function options(
  ctx: Ctx,
  kind: OptionKind,
  only: { q?: string; ids?: readonly string[] },
): Promise<FilterOption[] | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  const { db } = ctx
  const owned = scope.applicationIds
  const pattern = only.q === undefined ? undefined : contains(only.q)
  const counted = (column: typeof grant.personId | typeof grant.entitlementId | typeof grant.applicationId) =>
    db
      .select({ key: sql<string>`${column}`.as('key'), n: sql<number>`count(*)::int`.as('n') })
      .from(grant)
      .where(and(isLive, inScope(scope)))
      .groupBy(column)
      .as('counted')
  if (kind === 'application') {
    const live = counted(grant.applicationId)
    return db
      .select({
        id: application.id,
        name: application.name,
        sub: sql<string | null>`null`,
        active: sql<number>`coalesce(${live.n}, 0)`,
      })
      .from(application)
      .leftJoin(live, eq(live.key, application.id))
      .where(
        and(
          owned ? inArray(application.id, [...owned]) : undefined,
          pattern ? sql`${application.name} ilike ${pattern}` : undefined,
          only.ids ? inArray(application.id, [...only.ids]) : undefined,
        ),
      )
      .orderBy(asc(sql`lower(${application.name})`))
      .limit(MOST_OPTIONS)
  }
  if (kind === 'entitlement') {
    const live = counted(grant.entitlementId)
    return db
      .select({
        id: entitlement.id,
        name: entitlement.name,
        sub: application.name,
        active: sql<number>`coalesce(${live.n}, 0)`,
      })
      .from(entitlement)
      .innerJoin(application, eq(application.id, entitlement.applicationId))
      .leftJoin(live, eq(live.key, entitlement.id))
      .where(
        and(
          owned ? inArray(entitlement.applicationId, [...owned]) : undefined,
          pattern
            ? sql`(${entitlement.name} ilike ${pattern} or ${application.name} ilike ${pattern})`
            : undefined,
          only.ids ? inArray(entitlement.id, [...only.ids]) : undefined,
        ),
      )
      .orderBy(sql`coalesce(${live.n}, 0) desc`, asc(sql`lower(${entitlement.name})`))
      .limit(MOST_OPTIONS)
  }
  const live = counted(grant.personId)
  const held = sql`exists (select 1 from ${grant} where ${and(eq(grant.personId, person.id), inScope(scope))})`
  return db
    .select({
      id: person.id,
      name: person.name,
      sub: person.email,
      active: sql<number>`coalesce(${live.n}, 0)`,
    })
    .from(person)
    .leftJoin(live, eq(live.key, person.id))
    .where(
      and(
        held,
        pattern ? sql`(${person.name} ilike ${pattern} or ${person.email} ilike ${pattern})` : undefined,
        only.ids ? inArray(person.id, [...only.ids]) : undefined,
      ),
    )
    .orderBy(sql`coalesce(${live.n}, 0) desc`, asc(sql`lower(${person.name})`))
    .limit(MOST_OPTIONS)
}

/** The names of what the view filters for. What is unknown, or outside the actor's scope, has none. */
export async function chosenNames(ctx: Ctx, view: GrantView): Promise<Record<string, string>> {
  const kinds = [
    ['application', view.applications],
    ['user', view.people],
    ['entitlement', view.entitlements],
  ] as const
  const found = await Promise.all(
    kinds.map(([kind, ids]) => (ids.length ? options(ctx, kind, { ids }) : Promise.resolve([]))),
  )
  return Object.fromEntries(found.flatMap((list) => list ?? []).map(({ id, name }) => [id, name]))
}

/** The actor's own saved views. */
export async function savedViews(ctx: Ctx): Promise<SavedView[]> {
  if (ctx.actor.kind !== 'person') return []
  const { id, name, query, personId } = savedView
  return ctx.db
    .select({ id, name, query })
    .from(savedView)
    .where(eq(personId, ctx.actor.id))
    .orderBy(asc(sql`lower(${name})`))
}

/** Every length that the policies of these grants know, the shortest first; null for who may not see the table. */
export async function extensionLengths(ctx: Ctx, ids: readonly string[]): Promise<number[] | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  const rows = await ctx.db
    .selectDistinct({ definition: policyVersion.definition })
    .from(grant)
    .innerJoin(policyVersion, eq(policyVersion.id, grant.policyVersionId))
    .where(and(inScope(scope), inArray(grant.id, [...ids])))
  const lengths = rows.flatMap(({ definition }) => definition.presets.map((preset) => preset.seconds))
  return [...new Set(lengths)].sort((a, b) => a - b)
}
