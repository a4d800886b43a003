import 'server-only'
import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { AffectedRequest } from '@/lib/policy-views'
import type { PolicyNames } from '@/lib/policy-words'
import { found } from '@/lib/services/membership'

const { application, entitlement, grant, group, person, policyVersion, request } = schema

/** What the ids of these definitions are called, also those that are closed or deactivated by now. */
export async function policyNames(db: Reader, said: readonly PolicyDefinition[]): Promise<PolicyNames> {
  const members = found()
  const refs = said.flatMap((d) => d.steps.flatMap((s) => s.approvers))
  const some = said.flatMap((d) => (d.requesters.kind === 'some' ? [d.requesters] : []))
  const entitlementIds = unique(said.flatMap((d) => d.entitlementIds))
  const personIds = unique([
    ...refs.flatMap((r) => (r.kind === 'person' ? [r.id] : [])),
    ...some.flatMap((r) => r.personIds),
  ])
  const groupIds = unique([
    ...refs.flatMap((r) => (r.kind === 'group' ? [r.id] : [])),
    ...some.flatMap((r) => r.groupIds),
    ...said.flatMap((d) => d.automatic?.groupIds ?? []),
  ])
  const [entitlements, people, groups] = await Promise.all([
    entitlementIds.length
      ? db
          .select({ id: entitlement.id, name: entitlement.name, application: application.name })
          .from(entitlement)
          .innerJoin(application, eq(application.id, entitlement.applicationId))
          .where(inArray(entitlement.id, entitlementIds))
      : [],
    personIds.length
      ? db.select({ id: person.id, name: person.name }).from(person).where(inArray(person.id, personIds))
      : [],
    groupIds.length
      ? db
          .select({ id: group.id, name: group.name, size: sql<number>`count(${person.id})`.mapWith(Number) })
          .from(group)
          .leftJoin(members.rows, eq(members.groupId, group.id))
          .leftJoin(person, and(eq(person.id, members.personId), isNull(person.deactivatedAt)))
          .where(inArray(group.id, groupIds))
          .groupBy(group.id)
      : [],
  ])
  return {
    entitlements: Object.fromEntries(
      entitlements.map((e) => [e.id, { name: e.name, application: e.application }]),
    ),
    people: Object.fromEntries(people.map((p) => [p.id, p.name])),
    groups: Object.fromEntries(groups.map((g) => [g.id, { name: g.name, size: g.size }])),
  }
}

/**
 * The pending requests for a new grant under any version of a policy, oldest first. A request for more time goes by
 * the version of its grant, whatever is published, and is not among them.
 */
export async function unsafeAffectedRequests(db: Reader, policyId: string): Promise<AffectedRequest[]> {
  const rows = await db
    .select({
      id: request.id,
      person: person.name,
      entitlement: entitlement.name,
      application: application.name,
      askedAt: request.askedAt,
      step: request.step,
      steps: request.steps,
      version: policyVersion.number,
    })
    .from(request)
    .innerJoin(policyVersion, eq(policyVersion.id, request.policyVersionId))
    .innerJoin(person, eq(person.id, request.personId))
    .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .where(and(eq(policyVersion.policyId, policyId), eq(request.state, 'pending'), eq(request.kind, 'grant')))
    .orderBy(request.askedAt, request.id)
  return rows.map((row) => ({ ...row, step: row.step + 1, steps: row.steps.length }))
}

/** How many live grants and pending requests go by something. */
export interface Usage {
  live: number
  pending: number
}

/** By policy, over all its versions. */
export async function usageByPolicy(db: Reader): Promise<Map<string, Usage>> {
  const versions = await db
    .select({ id: policyVersion.id, policyId: policyVersion.policyId })
    .from(policyVersion)
  const usage = await usageOf(db)
  const found = new Map<string, Usage>()
  for (const { id, policyId } of versions) {
    const at = found.get(policyId) ?? { live: 0, pending: 0 }
    at.live += usage.get(id)?.live ?? 0
    at.pending += usage.get(id)?.pending ?? 0
    found.set(policyId, at)
  }
  return found
}

/** By version, of one policy. */
export function usageByVersion(db: Reader, policyId: string): Promise<Map<string, Usage>> {
  return usageOf(
    db,
    sql`(select ${policyVersion.id} from ${policyVersion} where ${policyVersion.policyId} = ${policyId})`,
  )
}

/** By the version they pinned: of all versions, or of those the subquery names. */
async function usageOf(db: Reader, versions?: SQL): Promise<Map<string, Usage>> {
  const live = await db
    .select({ id: grant.policyVersionId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(grant)
    .where(
      and(
        inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
        versions && sql`${grant.policyVersionId} in ${versions}`,
      ),
    )
    .groupBy(grant.policyVersionId)
  const pending = await db
    .select({ id: request.policyVersionId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(request)
    .where(and(eq(request.state, 'pending'), versions && sql`${request.policyVersionId} in ${versions}`))
    .groupBy(request.policyVersionId)
  const found = new Map<string, Usage>()
  for (const row of live) found.set(row.id, { live: row.count, pending: 0 })
  for (const row of pending) found.set(row.id, { live: found.get(row.id)?.live ?? 0, pending: row.count })
  return found
}

const unique = (ids: readonly string[]) => [...new Set(ids)]
