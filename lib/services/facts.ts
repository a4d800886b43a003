import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import type { TargetFacts } from '@/lib/domain/grant'
import {
  type ApproverDirectory,
  approversOf,
  type PersonFacts,
  type PolicyDefinition,
} from '@/lib/domain/policy'
import type { RequestFacts } from '@/lib/domain/request'
import type { ConnectionRow, GrantRow, RequestRow } from './changes'
import { targetFacts } from './target'

/** Where an entitlement lives: its application, the connection behind it, and who owns it. */
export interface EntitlementFacts {
  readonly entitlement: typeof schema.entitlement.$inferSelect
  readonly application: typeof schema.application.$inferSelect
  readonly connection: ConnectionRow | null
  readonly ownerIds: readonly string[]
}

export async function loadEntitlement(db: Reader, id: string): Promise<EntitlementFacts | null> {
  const { entitlement, application, connection } = schema
  const [row] = await db
    .select({ entitlement, application, connection })
    .from(entitlement)
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .leftJoin(connection, eq(connection.id, application.connectionId))
    .where(eq(entitlement.id, id))
  if (!row) return null
  return { ...row, ownerIds: await ownersOf(db, row.application.id) }
}

/**
 * Holds an entitlement's application as it is until the transaction ends, so that it is not archived between a look
 * at it and what follows. Taken last: whoever archives locks nothing else.
 */
export async function holdApplicationOf(tx: Tx, entitlementId: string): Promise<void> {
  const { application, entitlement } = schema
  await tx
    .select({ id: application.id })
    .from(application)
    .innerJoin(entitlement, eq(entitlement.applicationId, application.id))
    .where(eq(entitlement.id, entitlementId))
    .for('share', { of: application })
}

/** The active owners of an application. */
export async function ownersOf(db: Reader, applicationId: string): Promise<string[]> {
  const { applicationOwner, person } = schema
  const rows = await db
    .select({ id: person.id })
    .from(applicationOwner)
    .innerJoin(person, eq(person.id, applicationOwner.personId))
    .where(and(eq(applicationOwner.applicationId, applicationId), isNull(person.deactivatedAt)))
    .orderBy(person.id)
  return rows.map((r) => r.id)
}

/** The active admins. */
export async function adminsOf(db: Reader): Promise<string[]> {
  const { person } = schema
  const rows = await db
    .select({ id: person.id })
    .from(person)
    .where(and(eq(person.admin, true), isNull(person.deactivatedAt)))
  return rows.map((r) => r.id)
}

/** The active members of a group; nobody for no group. */
export async function membersOf(db: Reader, groupId: string | null): Promise<string[]> {
  if (!groupId) return []
  const { groupMember, person } = schema
  const rows = await db
    .select({ id: person.id })
    .from(groupMember)
    .innerJoin(person, eq(person.id, groupMember.personId))
    .where(and(eq(groupMember.groupId, groupId), isNull(person.deactivatedAt)))
  return rows.map((r) => r.id)
}

export async function loadPerson(
  db: Reader,
  id: string,
): Promise<(PersonFacts & { name: string; email: string }) | null> {
  const { person, groupMember } = schema
  const row = await db.query.person.findFirst({ where: eq(person.id, id) })
  if (!row) return null
  const groups = await db
    .select({ id: groupMember.groupId })
    .from(groupMember)
    .where(eq(groupMember.personId, id))
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    active: row.deactivatedAt === null,
    managerId: row.managerId,
    groupIds: groups.map((g) => g.id),
  }
}

/** Who may decide on each step for this person, read live. */
export async function resolveApprovers(
  db: Reader,
  definition: Pick<PolicyDefinition, 'steps'>,
  who: { personId: string; askerId: string; managerId: string | null; ownerIds: readonly string[] },
): Promise<string[][]> {
  const { groupMember, person } = schema
  const refs = definition.steps.flatMap((s) => s.approvers)
  const groupIds = refs.flatMap((r) => (r.kind === 'group' ? [r.id] : []))
  const members = groupIds.length
    ? await db.select().from(groupMember).where(inArray(groupMember.groupId, groupIds))
    : []
  const groups = new Map<string, string[]>()
  for (const m of members) groups.set(m.groupId, [...(groups.get(m.groupId) ?? []), m.personId])
  const candidates = [
    ...members.map((m) => m.personId),
    ...refs.flatMap((r) => (r.kind === 'person' ? [r.id] : [])),
    ...who.ownerIds,
    ...(who.managerId ? [who.managerId] : []),
  ]
  const active = candidates.length
    ? await db
        .select({ id: person.id })
        .from(person)
        .where(and(inArray(person.id, candidates), isNull(person.deactivatedAt)))
    : []
  const activeIds = new Set(active.map((p) => p.id))
  const directory: ApproverDirectory = {
    managerId: who.managerId,
    ownerIds: who.ownerIds,
    groups,
    isActive: (id) => activeIds.has(id),
  }
  return definition.steps.map((s) => approversOf(s, directory, [who.personId, who.askerId]))
}

/** A request with everything its machine, its gate and its outcome need. */
export interface LoadedRequest extends EntitlementFacts {
  readonly row: RequestRow
  readonly definition: PolicyDefinition
  readonly facts: RequestFacts
  /** The votes as they were cast, oldest first, with the length where one shortened it. */
  readonly votes: readonly (typeof schema.decision.$inferSelect)[]
  readonly person: PersonFacts & { name: string; email: string }
  readonly floorSeconds: number
}

export async function loadRequest(db: Reader, id: string): Promise<LoadedRequest | null> {
  const { request, policyVersion, decision } = schema
  const [found] = await db
    .select({ row: request, definition: policyVersion.definition })
    .from(request)
    .innerJoin(policyVersion, eq(policyVersion.id, request.policyVersionId))
    .where(eq(request.id, id))
  if (!found) return null
  const { row, definition } = found
  const place = await loadEntitlement(db, row.entitlementId)
  const person = await loadPerson(db, row.personId)
  if (!place || !person) return null
  const votes = await db.select().from(decision).where(eq(decision.requestId, id)).orderBy(decision.decidedAt)
  const approvers = await resolveApprovers(db, definition, {
    personId: row.personId,
    askerId: row.askerId,
    managerId: person.managerId,
    ownerIds: place.ownerIds,
  })
  return {
    ...place,
    row,
    definition,
    person,
    votes,
    floorSeconds: await floorOf(db),
    facts: {
      kind: row.kind,
      state: row.state,
      askerId: row.askerId,
      beneficiaryId: row.personId,
      step: row.step,
      seconds: row.seconds,
      startAt: row.startAt,
      decideBy: row.decideBy,
      steps: definition.steps,
      votes,
      approvers,
    },
  }
}

/** A grant with everything its machine and its gate need. */
export interface LoadedGrant extends EntitlementFacts {
  readonly row: GrantRow
  readonly definition: PolicyDefinition
  readonly target: TargetFacts
  /** The pending extension request of this grant, if there is one. */
  readonly pending: RequestRow | null
}

export async function loadGrant(db: Reader, id: string, now: Date): Promise<LoadedGrant | null> {
  const { grant, policyVersion, request } = schema
  const [found] = await db
    .select({ row: grant, definition: policyVersion.definition })
    .from(grant)
    .innerJoin(policyVersion, eq(policyVersion.id, grant.policyVersionId))
    .where(eq(grant.id, id))
  if (!found) return null
  const place = await loadEntitlement(db, found.row.entitlementId)
  if (!place) return null
  const pending = await db.query.request.findFirst({
    where: and(eq(request.grantId, id), eq(request.kind, 'extension'), eq(request.state, 'pending')),
  })
  return {
    ...found,
    ...place,
    target: targetFacts(place.connection, place.application, found.row, now),
    pending: pending ?? null,
  }
}

/** The organisation's floor in seconds. */
export async function floorOf(db: Reader): Promise<number> {
  const [row] = await db.select({ floor: schema.organisation.floorSeconds }).from(schema.organisation)
  if (!row) throw new Error('there is no organisation yet')
  return row.floor
}
