import 'server-only'
import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Absence } from '@/lib/absence'
import { durationWords } from '@/lib/domain/duration'
import { type Refusal, refuse, refuseFields } from '@/lib/domain/errors'
import { type PolicyDefinition, policyProblems } from '@/lib/domain/policy'
import {
  approvalIndex,
  type Coverage,
  type PolicyDirectory,
  unknownNames,
  unknownWords,
} from '@/lib/policy-coverage'
import { setAside } from './drills'
import { found } from './membership'

/**
 * The directory that approvals are judged by: active people, groups that are in use, applications that are not
 * archived. Two accounts of one person (the same address in another spelling) count as the elder one. With an absence,
 * its group or place in a group is gone from it; a person who is gone is left to `directoryWithout`.
 */
export async function loadPolicyDirectory(db: Reader, absence?: Absence): Promise<PolicyDirectory> {
  const { application, applicationOwner, group, person } = schema
  const people = await db
    .select({
      id: person.id,
      name: person.name,
      managerId: person.managerId,
      admin: person.admin,
      key: person.emailKey,
      createdAt: person.createdAt,
    })
    .from(person)
    .where(isNull(person.deactivatedAt))
    .orderBy(person.name, person.id)
  const active = new Set(people.map((p) => p.id))
  const elder = new Map<string, string>()
  const byAge = people.toSorted((a, b) => Number(a.createdAt) - Number(b.createdAt) || (a.id < b.id ? -1 : 1))
  for (const p of byAge) if (!elder.has(p.key)) elder.set(p.key, p.id)
  const groups = await db
    .select({ id: group.id, name: group.name })
    .from(group)
    .where(isNull(group.deactivatedAt))
    .orderBy(group.name)
  const through = found(absence)
  const members = await db.select({ groupId: through.groupId, personId: through.personId }).from(through.rows)
  const applications = await db
    .select({ id: application.id, name: application.name })
    .from(application)
    .where(isNull(application.archivedAt))
    .orderBy(application.name)
  const owners = await db.select().from(applicationOwner)
  const memberIds = gather(members, (m) => [m.groupId, m.personId], active)
  const ownerIds = gather(owners, (o) => [o.applicationId, o.personId], active)
  return {
    people: people.map(({ id, name, managerId, key }) => {
      const countsAs = elder.get(key)
      return countsAs === undefined || countsAs === id
        ? { id, name, managerId }
        : { id, name, managerId, countsAs }
    }),
    adminIds: people.filter((p) => p.admin).map((p) => p.id),
    groups: groups.map((g) => ({ ...g, memberIds: memberIds.get(g.id) ?? [] })),
    applications: applications.map((a) => ({ ...a, ownerIds: ownerIds.get(a.id) ?? [] })),
  }
}

function gather<T>(rows: readonly T[], pair: (row: T) => [string, string], active: ReadonlySet<string>) {
  const found = new Map<string, string[]>()
  for (const row of rows) {
    const [key, id] = pair(row)
    if (active.has(id)) found.set(key, [...(found.get(key) ?? []), id])
  }
  return found
}

/**
 * Whether a definition may be published now: its own words, the entitlements, the people and groups it names,
 * and whether anybody could say yes. Null for yes.
 */
export async function publishRefusal(
  db: Reader,
  policyId: string,
  definition: PolicyDefinition,
  floorSeconds: number,
): Promise<Refusal | null> {
  const problems = policyProblems(definition, floorSeconds)
  const { applicationIds, problem } = await judgeEntitlements(db, policyId, definition.entitlementIds)
  if (problem) problems.entitlementIds ??= problem
  const directory = await loadPolicyDirectory(db)
  Object.assign(problems, { ...(await unknownProblems(db, definition, directory)), ...problems })
  if (Object.keys(problems).length > 0) return refuseFields(problems)

  const covered = approvalIndex(directory).coverage(definition, applicationIds)
  if (covered.eligible === 0)
    return refuse(
      'invalid',
      'At present nobody is in these groups, so nobody could ask. Add a person or let anyone ask',
      'requesters',
    )
  return hopelessRefusal(covered, directory, definition)
}

function hopelessRefusal(
  covered: Coverage,
  directory: PolicyDirectory,
  definition: PolicyDefinition,
): Refusal | null {
  const [worst] = covered.hopeless
  if (!worst) return null
  const application = directory.applications.find((a) => a.id === worst.applicationId)
  const step = definition.steps[worst.step]
  const unowned = step?.approvers.every((ref) => ref.kind === 'owners') && application?.ownerIds.length === 0
  const why = unowned
    ? `${application?.name} has no owner`
    : `too few people are left on step ${worst.step + 1}, because nobody decides on their own request and nobody counts twice`
  return refuse(
    'nobody_can_approve',
    `Nobody could agree to a request for ${application?.name ?? 'this'}: ${why}`,
    `steps.${worst.step}.approvers`,
  )
}

/** Every entitlement must exist, be open, be requestable and be offered by no other policy. */
async function judgeEntitlements(
  db: Reader,
  policyId: string,
  ids: readonly string[],
): Promise<{ applicationIds: string[]; problem: string | null }> {
  if (ids.length === 0) return { applicationIds: [], problem: null }
  const { application, entitlement, policy, policyEntitlement } = schema
  const found = await db
    .select({
      id: entitlement.id,
      name: entitlement.name,
      applicationId: application.id,
      application: application.name,
      closedAt: entitlement.closedAt,
      archivedAt: application.archivedAt,
      requestable: entitlement.requestable,
      reason: entitlement.reason,
      offeredBy: policy.name,
    })
    .from(entitlement)
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .leftJoin(
      policyEntitlement,
      and(eq(policyEntitlement.entitlementId, entitlement.id), ne(policyEntitlement.policyId, policyId)),
    )
    .leftJoin(policy, eq(policy.id, policyEntitlement.policyId))
    .where(inArray(entitlement.id, [...ids]))
    .orderBy(application.name, entitlement.name)
  const applicationIds = [...new Set(found.map((e) => e.applicationId))]
  if (found.length < ids.length)
    return { applicationIds, problem: 'An entitlement of this policy does not exist any more. Choose again' }
  for (const e of found) {
    const what = `${e.name} on ${e.application}`
    if (e.closedAt || e.archivedAt) return { applicationIds, problem: `${what} is closed. Take it out` }
    if (!e.requestable)
      return {
        applicationIds,
        problem: `${what} cannot be leased: ${e.reason ?? 'it is not requestable'}`,
      }
    if (e.offeredBy)
      return {
        applicationIds,
        problem: `${what} is offered by the policy “${e.offeredBy}” already, and an entitlement has one policy`,
      }
  }
  const [aside] = await setAside(db, ids)
  if (aside)
    return { applicationIds, problem: `${aside} is set aside for the removal drill, and nobody may have it` }
  return { applicationIds, problem: null }
}

/** People and groups a definition names that are gone or deactivated: what to do, by field. */
async function unknownProblems(
  db: Reader,
  definition: PolicyDefinition,
  directory: PolicyDirectory,
): Promise<Record<string, string>> {
  const unknown = unknownNames(definition, directory)
  if (unknown.length === 0) return {}
  const { group, person } = schema
  const ids = unknown.map((u) => u.id)
  const rows = [
    ...(await db.select({ id: group.id, name: group.name }).from(group).where(inArray(group.id, ids))),
    ...(await db.select({ id: person.id, name: person.name }).from(person).where(inArray(person.id, ids))),
  ]
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return Object.fromEntries(unknown.map(({ path, id }) => [path, unknownWords(names.get(id))]))
}

/** A definition's lengths for the timeline, in words that stay readable when the rules change. */
export function timelineWords(definition: PolicyDefinition): Record<string, unknown> {
  return {
    entitlements: definition.entitlementIds.length,
    steps: definition.steps.length,
    mode: definition.mode,
    lengths: definition.mode === 'permanent' ? [] : definition.presets.map((p) => durationWords(p.seconds)),
  }
}
