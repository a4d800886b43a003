import 'server-only'
import { inArray } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { DecisionView, PersonView } from '@/lib/views'

/** People as screens name them, with their manager. */
export async function peopleOf(
  db: Reader,
  ids: readonly string[],
): Promise<Map<string, PersonView & { email: string }>> {
  const { person } = schema
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await db.select().from(person).where(inArray(person.id, wanted))
  const managerIds = rows.flatMap((r) => (r.managerId ? [r.managerId] : []))
  const managers = managerIds.length
    ? await db.select({ id: person.id, name: person.name }).from(person).where(inArray(person.id, managerIds))
    : []
  return new Map(
    rows.map((r) => [
      r.id,
      {
        id: r.id,
        name: r.name,
        email: r.email,
        title: r.title,
        team: r.team,
        managerName: managers.find((m) => m.id === r.managerId)?.name ?? null,
      },
    ]),
  )
}

/** Votes with the names of those who cast them. */
export async function decisionsOf(
  db: Reader,
  votes: readonly (typeof schema.decision.$inferSelect)[],
): Promise<DecisionView[]> {
  const people = await peopleOf(
    db,
    votes.map((v) => v.personId),
  )
  return votes.map((v) => ({
    requestId: v.requestId,
    step: v.step,
    personId: v.personId,
    personName: people.get(v.personId)?.name ?? 'Somebody',
    verdict: v.verdict,
    note: v.note,
    seconds: v.seconds,
    decidedAt: v.decidedAt,
  }))
}
