import 'server-only'
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { blankPolicy, type PolicyDefinition } from '@/lib/domain/policy'
import type { Coverage, PolicyDirectory } from '@/lib/policy-coverage'
import type {
  EntitlementChoice,
  PolicyEditorData,
  PolicyList,
  PolicyListRow,
  PolicyPage,
} from '@/lib/policy-views'
import type { PolicyNames } from '@/lib/policy-words'
import { applicationsOf } from '@/lib/services/entitlement-places'
import { approvalGaps } from '@/lib/services/nightly'
import { loadPolicyDirectory } from '@/lib/services/policy-checks'
import { policyNames, unsafeAffectedRequests, usageByPolicy, usageByVersion } from './policy-facts'
import { inManageScope, manageScope } from './scope'

const { application, entitlement, person, policy, policyEntitlement, policyVersion } = schema

/** The policies in the actor's scope, by name; null for whoever may not see the list. */
export async function listPolicies(ctx: Ctx): Promise<PolicyList | null> {
  const scope = await manageScope(ctx, 'policy.list')
  if (!scope) return null
  const rows = await ctx.db
    .select({ row: policy, number: policyVersion.number, definition: policyVersion.definition })
    .from(policy)
    .leftJoin(policyVersion, eq(policyVersion.id, policy.currentVersionId))
    .orderBy(sql`${policy.archivedAt} is not null`, asc(sql`lower(${policy.name})`))
  const shown = rows.map(({ row, number, definition }) => ({
    row,
    number,
    definition: definition ?? row.draft,
  }))
  const names = await policyNames(
    ctx.db,
    shown.flatMap((p) => (p.definition ? [p.definition] : [])),
  )
  const places = await applicationsOf(
    ctx.db,
    shown.flatMap((p) => p.definition?.entitlementIds ?? []),
  )
  const usage = await usageByPolicy(ctx.db)
  const gaps = new Map((await approvalGaps(ctx.db)).map((gap) => [gap.policyId, gap.coverage]))
  const list = shown.flatMap(({ row, number, definition }): PolicyListRow[] => {
    const here = (definition?.entitlementIds ?? []).flatMap((id) => places.get(id) ?? [])
    // An owner sees what applies to their applications, not what others are still writing.
    if (scope.applicationIds && !(number && here.some((a) => inManageScope(scope, a.id)))) return []
    return [
      {
        id: row.id,
        name: row.name,
        description: row.description,
        number,
        hasDraft: row.draft !== null,
        archived: row.archivedAt !== null,
        definition,
        applications: [...new Set(here.map((a) => a.name))],
        liveGrants: usage.get(row.id)?.live ?? 0,
        pending: usage.get(row.id)?.pending ?? 0,
        gap: gapOf(gaps.get(row.id)),
        updatedAt: row.updatedAt,
      },
    ]
  })
  return { rows: list, names, canCreate: can(ctx.actor, 'policy.edit', {}) }
}

const gapOf = (coverage: Coverage | undefined) =>
  coverage ? { blocked: coverage.blocked.length, eligible: coverage.eligible } : null

/** One policy with its versions and who is under which; null when there is none in the actor's scope. */
export async function policyPage(ctx: Ctx, id: string): Promise<PolicyPage | null> {
  const scope = await manageScope(ctx, 'policy.list')
  const row = scope && (await ctx.db.query.policy.findFirst({ where: eq(policy.id, id) }))
  if (!scope || !row) return null
  const canEdit = can(ctx.actor, 'policy.edit', {})
  const versions = await ctx.db
    .select({ row: policyVersion, publishedBy: person.name })
    .from(policyVersion)
    .leftJoin(person, eq(person.id, policyVersion.publishedBy))
    .where(eq(policyVersion.policyId, id))
    .orderBy(desc(policyVersion.number))
  if (scope.applicationIds) {
    const places = await applicationsOf(ctx.db, versions[0]?.row.definition.entitlementIds ?? [])
    if (![...places.values()].some((a) => inManageScope(scope, a.id))) return null
  }
  const usage = await usageByVersion(ctx.db, id)
  const draft = canEdit || can(ctx.actor, 'organisation.see', {}) ? row.draft : null
  const said = [...versions.map((v) => v.row.definition), ...(draft ? [draft] : [])]
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    version: row.version,
    archivedAt: row.archivedAt,
    draft,
    versions: versions.map(({ row: v, publishedBy }) => ({
      number: v.number,
      name: v.name,
      definition: v.definition,
      publishedBy,
      publishedAt: v.publishedAt,
      live: usage.get(v.id)?.live ?? 0,
      pending: usage.get(v.id)?.pending ?? 0,
    })),
    names: await policyNames(ctx.db, said),
    canEdit,
    affected: canEdit ? await unsafeAffectedRequests(ctx.db, id) : [],
  }
}

/** The editor's data, for those who may edit; null when there is no such policy, or it is archived. */
export async function policyEditor(ctx: Ctx, id: string): Promise<PolicyEditorData | null> {
  if (!can(ctx.actor, 'policy.edit', {})) return null
  const row = await ctx.db.query.policy.findFirst({
    where: and(eq(policy.id, id), isNull(policy.archivedAt)),
  })
  if (!row) return null
  const version = row.currentVersionId
    ? await ctx.db.query.policyVersion.findFirst({ where: eq(policyVersion.id, row.currentVersionId) })
    : undefined
  const current = version
    ? { number: version.number, name: version.name, definition: version.definition }
    : null
  const definition = row.draft ?? current?.definition ?? blankPolicy
  const usage = (await usageByPolicy(ctx.db)).get(id)
  const [choices, directory, teams] = await Promise.all([
    entitlementChoices(ctx.db, id),
    loadPolicyDirectory(ctx.db),
    ctx.db
      .select({ id: person.id, team: person.team })
      .from(person)
      .where(and(isNull(person.deactivatedAt), sql`${person.team} is not null`)),
  ])
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    version: row.version,
    updatedAt: row.updatedAt,
    hasDraft: row.draft !== null,
    definition,
    current,
    live: usage?.live ?? 0,
    affected: await unsafeAffectedRequests(ctx.db, id),
    entitlements: choices,
    directory,
    teams: Object.fromEntries(teams.map((t) => [t.id, t.team ?? ''])),
    names: await editorNames(
      ctx.db,
      [definition, ...(current ? [current.definition] : [])],
      choices,
      directory,
    ),
  }
}

async function entitlementChoices(db: Reader, policyId: string): Promise<EntitlementChoice[]> {
  const rows = await db
    .select({ entitlement, application: application.name, offeredBy: policy.name, offeredById: policy.id })
    .from(entitlement)
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .leftJoin(policyEntitlement, eq(policyEntitlement.entitlementId, entitlement.id))
    .leftJoin(policy, eq(policy.id, policyEntitlement.policyId))
    .where(isNull(application.archivedAt))
    .orderBy(asc(application.name), asc(entitlement.name))
  return rows.map(({ entitlement: e, application: name, offeredBy, offeredById }) => ({
    id: e.id,
    name: e.name,
    description: e.description,
    risk: e.risk,
    applicationId: e.applicationId,
    application: name,
    why: e.closedAt
      ? `Closed. ${e.reason ?? 'It is gone from the target'}`
      : !e.requestable
        ? (e.reason ?? 'It cannot be leased')
        : offeredBy && offeredById !== policyId
          ? `Offered by the policy “${offeredBy}”`
          : null,
  }))
}

async function editorNames(
  db: Reader,
  said: readonly PolicyDefinition[],
  choices: readonly EntitlementChoice[],
  directory: PolicyDirectory,
): Promise<PolicyNames> {
  const named = await policyNames(db, said)
  return {
    entitlements: {
      ...named.entitlements,
      ...Object.fromEntries(choices.map((c) => [c.id, { name: c.name, application: c.application }])),
    },
    people: { ...named.people, ...Object.fromEntries(directory.people.map((p) => [p.id, p.name])) },
    groups: {
      ...named.groups,
      ...Object.fromEntries(directory.groups.map((g) => [g.id, { name: g.name, size: g.memberIds.length }])),
    },
  }
}
