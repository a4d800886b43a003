import 'server-only'
import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { ApplicationChoices } from '@/lib/application-views'
import { found } from '@/lib/services/membership'
import type { DecisionView, PersonView, QuestionView } from '@/lib/views'

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
    votes.flatMap((v) => (v.forId ? [v.personId, v.forId] : [v.personId])),
  )
  return votes.map((v) => ({
    requestId: v.requestId,
    step: v.step,
    personId: v.personId,
    personName: people.get(v.personId)?.name ?? 'Somebody',
    verdict: v.verdict,
    note: v.note,
    seconds: v.seconds,
    startAt: v.startAt,
    forName: v.forId ? (people.get(v.forId)?.name ?? 'somebody') : null,
    decidedAt: v.decidedAt,
  }))
}

/** What was asked about these requests and answered, oldest first, by request. */
export async function questionsOf(
  db: Reader,
  requestIds: readonly string[],
): Promise<Map<string, QuestionView[]>> {
  const { question } = schema
  const found = new Map<string, QuestionView[]>()
  if (requestIds.length === 0) return found
  const rows = await db
    .select()
    .from(question)
    .where(inArray(question.requestId, [...requestIds]))
    .orderBy(asc(question.askedAt), asc(question.id))
  const people = await peopleOf(
    db,
    rows.flatMap((q) => (q.answeredBy ? [q.personId, q.answeredBy] : [q.personId])),
  )
  for (const q of rows) {
    const view: QuestionView = {
      id: q.id,
      personId: q.personId,
      personName: people.get(q.personId)?.name ?? 'Somebody',
      text: q.text,
      askedAt: q.askedAt,
      answer: q.answer,
      answeredByName: q.answeredBy ? (people.get(q.answeredBy)?.name ?? 'Somebody') : null,
      answeredAt: q.answeredAt,
    }
    found.set(q.requestId, [...(found.get(q.requestId) ?? []), view])
  }
  return found
}

/** Everybody active, and every group in use with how many active people are in it, to choose from. Not scoped. */
export async function unsafePeopleAndGroups(db: Reader): Promise<ApplicationChoices> {
  const { group, person } = schema
  const members = found()
  const [people, groups] = await Promise.all([
    db
      .select({ id: person.id, name: person.name, team: person.team })
      .from(person)
      .where(isNull(person.deactivatedAt))
      .orderBy(asc(person.name), asc(person.id)),
    db
      .select({ id: group.id, name: group.name, size: count(person.id) })
      .from(group)
      .leftJoin(members.rows, eq(members.groupId, group.id))
      .leftJoin(person, and(eq(person.id, members.personId), isNull(person.deactivatedAt)))
      .where(isNull(group.deactivatedAt))
      .groupBy(group.id)
      .orderBy(asc(group.name)),
  ])
  return { people, groups }
}
