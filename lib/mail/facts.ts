import 'server-only'
import { and, desc, eq, inArray } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import type { Because, DecisionRef, HeldAccess } from '@/emails'

/** Names by id, for sentences. */
export async function namesOf(db: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: schema.person.id, name: schema.person.name })
    .from(schema.person)
    .where(inArray(schema.person.id, [...ids]))
  return new Map(rows.map((r) => [r.id, r.name]))
}

export async function nameOf(db: Reader, id: string): Promise<string> {
  return (await namesOf(db, [id])).get(id) ?? 'somebody who is gone'
}

/** The last vote on a request; null while nobody has voted. */
export async function lastDecision(db: Reader, requestId: string): Promise<DecisionRef | null> {
  const { decision, person } = schema
  const away = alias(person, 'away')
  const [row] = await db
    .select({ by: person.name, at: decision.decidedAt, note: decision.note, inPlaceOf: away.name })
    .from(decision)
    .innerJoin(person, eq(person.id, decision.personId))
    .leftJoin(away, eq(away.id, decision.forId))
    .where(eq(decision.requestId, requestId))
    .orderBy(desc(decision.decidedAt))
    .limit(1)
  return row ? { ...row, inPlaceOf: row.inPlaceOf ?? undefined } : null
}

/** What a person holds now, without one grant. */
export async function heldBy(db: Reader, personId: string, without?: string): Promise<HeldAccess[]> {
  const { grant, entitlement, application } = schema
  const rows = await db
    .select({
      id: grant.id,
      entitlement: entitlement.name,
      application: application.name,
      endsAt: grant.endsAt,
    })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .innerJoin(application, eq(application.id, grant.applicationId))
    .where(and(eq(grant.personId, personId), eq(grant.state, 'active')))
    .orderBy(grant.endsAt)
  return rows.filter((r) => r.id !== without).map(({ id: _id, ...held }) => held)
}

/** Why an owner or admin is told. */
export function becauseOf(readerId: string, ownerIds: readonly string[]): Because {
  return ownerIds.includes(readerId) ? 'owner' : 'admin'
}

/** Which approver made a request shorter last, and which let it start later. */
export async function narrowedBy(
  db: Reader,
  votes: readonly { personId: string; seconds: number | null; startAt: Date | null }[],
): Promise<{ shortenedBy?: string; postponedBy?: string }> {
  const shorter = votes.findLast((v) => v.seconds !== null)
  const later = votes.findLast((v) => v.startAt !== null)
  const names = await namesOf(
    db,
    [shorter, later].flatMap((v) => v?.personId ?? []),
  )
  return {
    shortenedBy: names.get(shorter?.personId ?? ''),
    postponedBy: names.get(later?.personId ?? ''),
  }
}
