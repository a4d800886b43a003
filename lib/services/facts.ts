import 'server-only'
import { and, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import { isAmong } from '@/db/rows'
import type { TargetFacts } from '@/lib/domain/grant'
import type { PersonFacts, PolicyDefinition } from '@/lib/domain/policy'
import type { RequestFacts } from '@/lib/domain/request'
import { type ApproverBook, type ApproverPlace, approverBook } from './approver-book'
import type { ConnectionRow, GrantRow, RequestRow } from './changes'
import { found } from './membership'
import { targetFacts } from './target'

/** Where an entitlement lives: its application, the connection behind it, and who owns it. */
export interface EntitlementFacts {
  readonly entitlement: typeof schema.entitlement.$inferSelect
  readonly application: typeof schema.application.$inferSelect
  readonly connection: ConnectionRow | null
  readonly ownerIds: readonly string[]
}

export async function loadEntitlement(db: Reader, id: string): Promise<EntitlementFacts | null> {
  return (await loadEntitlements(db, [id])).get(id) ?? null
}

/** Where each of these entitlements lives, by its id. */
export async function loadEntitlements(
  db: Reader,
  ids: readonly string[],
): Promise<Map<string, EntitlementFacts>> {
  const { entitlement, application, connection } = schema
  const [rows, owners] = await Promise.all([
    db
      .select({ entitlement, application, connection })
      .from(entitlement)
      .innerJoin(application, eq(application.id, entitlement.applicationId))
      .leftJoin(connection, eq(connection.id, application.connectionId))
      .where(isAmong(entitlement.id, ids)),
    ownersOfEach(
      db,
      sql`${schema.applicationOwner.applicationId} in
        (select ${entitlement.applicationId} from ${entitlement} where ${isAmong(entitlement.id, ids)})`,
    ),
  ])
  return new Map(
    rows.map((row) => [row.entitlement.id, { ...row, ownerIds: owners.get(row.application.id) ?? [] }]),
  )
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
  const owners = await ownersOfEach(db, eq(schema.applicationOwner.applicationId, applicationId))
  return owners.get(applicationId) ?? []
}

/** The active owners of each of these applications, by its id; one that nobody owns is not there. */
async function ownersOfEach(db: Reader, which: SQL): Promise<Map<string, string[]>> {
  const { applicationOwner, person } = schema
  const rows = await db
    .select({ applicationId: applicationOwner.applicationId, id: person.id })
    .from(applicationOwner)
    .innerJoin(person, eq(person.id, applicationOwner.personId))
    .where(and(which, isNull(person.deactivatedAt)))
    .orderBy(person.id)
  const owners = new Map<string, string[]>()
  for (const { applicationId, id } of rows)
    owners.set(applicationId, [...(owners.get(applicationId) ?? []), id])
  return owners
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

/** Who is told of an application, and asked about it: its active owners, or the active admins where nobody owns it. */
export async function keepersOf(db: Reader, applicationId: string): Promise<string[]> {
  const owners = await ownersOf(db, applicationId)
  return owners.length > 0 ? owners : adminsOf(db)
}

/** The active people found through a group; nobody for no group, or one that is deactivated. */
export async function membersOf(db: Reader, groupId: string | null): Promise<string[]> {
  if (!groupId) return []
  const { person } = schema
  const members = found()
  const rows = await db
    .select({ id: person.id })
    .from(members.rows)
    .innerJoin(person, eq(person.id, members.personId))
    .where(and(eq(members.groupId, groupId), isNull(person.deactivatedAt)))
  return rows.map((r) => r.id)
}

export async function loadPerson(
  db: Reader,
  id: string,
): Promise<(PersonFacts & { name: string; email: string }) | null> {
  const { person } = schema
  const row = await db.query.person.findFirst({ where: eq(person.id, id) })
  if (!row) return null
  const members = found()
  const groups = await db.select({ id: members.groupId }).from(members.rows).where(eq(members.personId, id))
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    active: row.deactivatedAt === null,
    managerId: row.managerId,
    groupIds: groups.map((g) => g.id),
  }
}

/** When somebody last held each entitlement, by its id: now for what they hold; what they never held is not there. */
export async function lastHeldBy(db: Reader, personId: string, now: Date): Promise<Map<string, Date>> {
  const { grant } = schema
  const held = await db
    .select({ id: grant.entitlementId, state: grant.state, over: grant.rightOverAt })
    .from(grant)
    .where(and(eq(grant.personId, personId), isNotNull(grant.grantedAt)))
  const last = new Map<string, Date>()
  for (const { id, state, over } of held) {
    const at = state === 'ended' || state === 'revoking' ? (over ?? now) : now
    if (at > (last.get(id) ?? new Date(0))) last.set(id, at)
  }
  return last
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
  readonly book: ApproverBook
  readonly place: ApproverPlace
}

/** Where a request's approvers are looked for. `votes` are those of its present round. */
export function placeOfRequest(
  row: RequestRow,
  applicationId: string,
  votes: ApproverPlace['votes'],
): ApproverPlace {
  const { steps, personId, askerId, escalated, reassigned } = row
  return { steps, applicationId, personId, askerId, escalated, reassigned, votes }
}

/** A pending request with where its approvers are looked for. */
export interface PendingPlace {
  readonly row: RequestRow
  readonly place: ApproverPlace
}

/** Every pending request, for what looks through all of them at once. */
export async function pendingPlaces(db: Reader): Promise<PendingPlace[]> {
  const { request, entitlement, decision } = schema
  const pending = await db
    .select({ row: request, applicationId: entitlement.applicationId })
    .from(request)
    .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
    .where(eq(request.state, 'pending'))
  if (pending.length === 0) return []
  const votes = await db
    .select()
    .from(decision)
    .where(
      inArray(
        decision.requestId,
        pending.map((p) => p.row.id),
      ),
    )
  return pending.map(({ row, applicationId }) => ({
    row,
    place: placeOfRequest(
      row,
      applicationId,
      votes.filter((v) => v.requestId === row.id && v.round === row.round),
    ),
  }))
}

export async function loadRequest(db: Reader, id: string, now: Date): Promise<LoadedRequest | null> {
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
  const votes = await db
    .select()
    .from(decision)
    .where(and(eq(decision.requestId, id), eq(decision.round, row.round)))
    .orderBy(decision.decidedAt)
  const where = placeOfRequest(row, place.application.id, votes)
  const book = await approverBook(db, [where], now)
  return {
    ...place,
    row,
    definition,
    person,
    votes,
    floorSeconds: await floorOf(db),
    book,
    place: where,
    facts: {
      kind: row.kind,
      state: row.state,
      askerId: row.askerId,
      beneficiaryId: row.personId,
      step: row.step,
      seconds: row.seconds,
      startAt: row.startAt,
      decideBy: row.decideBy,
      votes,
      escalated: row.escalated,
      round: row.round,
      ...book.standing(where),
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
  /** Of an emergency access: whether its review was opened before, and who may do it. Null for any other. */
  readonly emergency: { readonly reviewOpened: boolean; readonly reviewerIds: readonly string[] } | null
}

export async function loadGrant(db: Reader, id: string, now: Date): Promise<LoadedGrant | null> {
  return (await loadGrants(db, [id], now)).get(id) ?? null
}

/** Several grants at once, by their ids; what is shared by many of them is read once. */
export async function loadGrants(
  db: Reader,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, LoadedGrant>> {
  const { grant, request } = schema
  if (ids.length === 0) return new Map()
  const [rows, extensions] = await Promise.all([
    db.select().from(grant).where(isAmong(grant.id, ids)),
    db
      .select()
      .from(request)
      .where(and(isAmong(request.grantId, ids), eq(request.kind, 'extension'), eq(request.state, 'pending'))),
  ])
  if (rows.length === 0) return new Map()
  const [definitions, places] = await Promise.all([
    definitionsOf(
      db,
      rows.map((row) => row.policyVersionId),
    ),
    loadEntitlements(
      db,
      rows.map((row) => row.entitlementId),
    ),
  ])
  const pending = new Map(extensions.map((row) => [row.grantId, row]))
  const loaded = new Map<string, LoadedGrant>()
  for (const row of rows) {
    const definition = definitions.get(row.policyVersionId)
    const place = places.get(row.entitlementId)
    if (!definition || !place) continue
    loaded.set(row.id, {
      ...place,
      row,
      definition,
      target: targetFacts(place.connection, place.application, row, now),
      pending: pending.get(row.id) ?? null,
      emergency: row.emergency ? await emergencyFacts(db, row, place.ownerIds) : null,
    })
  }
  return loaded
}

async function definitionsOf(db: Reader, versionIds: readonly string[]) {
  const { policyVersion } = schema
  const rows = await db
    .select({ id: policyVersion.id, definition: policyVersion.definition })
    .from(policyVersion)
    .where(isAmong(policyVersion.id, versionIds))
  return new Map(rows.map((row) => [row.id, row.definition]))
}

async function emergencyFacts(db: Reader, row: GrantRow, ownerIds: readonly string[]) {
  const { task } = schema
  const review = await db.query.task.findFirst({
    where: and(eq(task.grantId, row.id), eq(task.kind, 'review')),
    columns: { id: true },
  })
  return { reviewOpened: review !== undefined, reviewerIds: await reviewersOf(db, row.personId, ownerIds) }
}

/**
 * Every account of the people behind these: the same address in another spelling is the same person. What any of them
 * holds counts for the person, and whoever reads it to decide locks all of them.
 */
export async function accountsOf(db: Reader, ...personIds: string[]): Promise<string[]> {
  const { person } = schema
  const keys = db.select({ key: person.emailKey }).from(person).where(inArray(person.id, personIds))
  const rows = await db.select({ id: person.id }).from(person).where(inArray(person.emailKey, keys))
  return rows.map((row) => row.id)
}

/** Who may review a person's emergency access: the application's owners and the admins, never that person. */
export async function reviewersOf(
  db: Reader,
  personId: string,
  ownerIds: readonly string[],
): Promise<string[]> {
  const own = await accountsOf(db, personId)
  return [...new Set([...ownerIds, ...(await adminsOf(db))])].filter((id) => !own.includes(id))
}

/** The organisation's floor in seconds. */
export async function floorOf(db: Reader): Promise<number> {
  const [row] = await db.select({ floor: schema.organisation.floorSeconds }).from(schema.organisation)
  if (!row) throw new Error('there is no organisation yet')
  return row.floor
}
