import 'server-only'
import { and, desc, eq, gt, inArray } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Became } from '@/lib/deciding-words'
import type { RequestState } from '@/lib/domain/request'
import { everyoneAsked, mayDecide } from '@/lib/domain/request'
import type { NotAsked, NotAskedWhy } from '@/lib/not-asked'
import type { ApproverBook } from '@/lib/services/approver-book'
import type { RequestRecord } from './requests'
import { seatsOf } from './requests'

/** Why a person is not asked to decide on this request. Not scoped: for whoever its mail was sent to. */
export async function unsafeNotAsked(
  db: Reader,
  record: RequestRecord,
  book: ApproverBook,
  about: { me: string; now: Date; round: number },
): Promise<NotAsked> {
  const { row, view } = record
  const open = row.state === 'pending' && about.now < row.decideBy
  const now = open ? mayDecide(seatsOf(record)).map((id) => book.name(id)) : []
  return {
    requestId: row.id,
    why: open
      ? ((await whyHere(db, record, book, about)) ?? {
          kind: 'not_among',
          who: await whoIsAsked(db, record, book),
        })
      : row.state === 'pending'
        ? { kind: 'late' }
        : { kind: 'over', became: await unsafeBecame(db, record) },
    now,
    askerName: await nameOf(db, row.askerId),
    personName: await nameOf(db, row.personId),
    name: view.entitlement.name,
    application: view.application.name,
  }
}

async function whyHere(
  db: Reader,
  { row, standing, votes }: RequestRecord,
  book: ApproverBook,
  { me, now, round }: { me: string; now: Date; round: number },
): Promise<NotAskedWhy | null> {
  const live = standing.approvers[row.step] ?? []
  if (row.reassigned?.step === row.step && !live.includes(me)) {
    const [turn] = await entriesOf(db, row.id, ['reassigned'])
    if (turn) return { kind: 'reassigned', byName: turn.byName ?? 'An admin', at: turn.at }
  }
  const mine = live.filter((id) => id === me || standing.substitutes[id] === me)
  const taken = votes.find((v) => mine.includes(v.forId ?? v.personId) || mine.includes(v.personId))
  if (taken) return { kind: 'place_taken', byName: book.name(taken.personId), at: taken.decidedAt }
  const passed = standing.approvers
    .slice(0, row.step)
    .findLastIndex((ids) => ids.some((id) => id === me || standing.substitutes[id] === me))
  if (passed >= 0) {
    const byNames = votes.filter((v) => v.step === passed).map((v) => book.name(v.personId))
    return { kind: 'moved_on', step: passed, steps: standing.steps.length, byNames }
  }
  const { delegation, person } = schema
  const asked = everyoneAsked(standing)
  const [over] = asked.length
    ? await db
        .select({ name: person.name, endsAt: delegation.endsAt })
        .from(delegation)
        .innerJoin(person, eq(person.id, delegation.personId))
        .where(
          and(
            eq(delegation.substituteId, me),
            inArray(delegation.personId, asked),
            gt(delegation.endsAt, delegation.startsAt),
          ),
        )
        .orderBy(desc(delegation.endsAt))
        .limit(1)
    : []
  if (over && over.endsAt <= now) return { kind: 'delegation_over', forName: over.name, at: over.endsAt }
  if (await hasTwin(db, me, live)) return { kind: 'other_account' }
  const [edited] = round < row.round && row.step === 0 ? await entriesOf(db, row.id, ['edited']) : []
  return edited ? { kind: 'asked_anew', byName: edited.byName ?? 'Somebody', at: edited.at } : null
}

async function hasTwin(db: Reader, me: string, live: readonly string[]): Promise<boolean> {
  const { person } = schema
  const rows = await db
    .select({ id: person.id, key: person.emailKey })
    .from(person)
    .where(inArray(person.id, [me, ...live]))
  const key = rows.find((r) => r.id === me)?.key
  return rows.some((r) => r.id !== me && r.key === key)
}

/** Who decides on the open step, as its policy says it: "the group Data platform", "the owners of GitHub". */
async function whoIsAsked(db: Reader, { row, view }: RequestRecord, book: ApproverBook): Promise<string[]> {
  const refs = row.steps[row.step]?.approvers ?? []
  const groupIds = refs.flatMap((r) => (r.kind === 'group' ? [r.id] : []))
  const groups = groupIds.length
    ? await db.select().from(schema.group).where(inArray(schema.group.id, groupIds))
    : []
  const person = refs.some((r) => r.kind === 'manager') ? await nameOf(db, row.personId) : ''
  return refs.map((ref) => {
    if (ref.kind === 'manager') return `${person}’s manager`
    if (ref.kind === 'owners') return `the owners of ${view.application.name}`
    if (ref.kind === 'person') return book.name(ref.id)
    return `the group ${groups.find((g) => g.id === ref.id)?.name ?? 'that is gone'}`
  })
}

async function nameOf(db: Reader, id: string): Promise<string> {
  const row = await db.query.person.findFirst({ where: eq(schema.person.id, id), columns: { name: true } })
  return row?.name ?? 'Somebody'
}

async function entriesOf(
  db: Reader,
  requestId: string,
  verbs: (typeof schema.timeline.$inferSelect)['verb'][],
) {
  const { timeline, person } = schema
  return db
    .select({ verb: timeline.verb, at: timeline.at, byName: person.name, byId: timeline.actorId })
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'request'),
        eq(timeline.subjectId, requestId),
        inArray(timeline.verb, verbs),
      ),
    )
    .orderBy(desc(timeline.version))
}

const ends: readonly RequestState[] = ['approved', 'denied', 'withdrawn', 'lapsed']

/** How a request ended, when, and by whom. */
export async function unsafeBecame(db: Reader, { row }: Pick<RequestRecord, 'row'>): Promise<Became> {
  const [end] = ends.includes(row.state)
    ? await entriesOf(db, row.id, ['approved', 'denied', 'withdrawn', 'lapsed'])
    : []
  return {
    id: row.id,
    state: row.state,
    at: row.decidedAt,
    byNames: end?.byName ? [end.byName] : row.approval === 'automatic' ? ['The access policy'] : [],
  }
}
