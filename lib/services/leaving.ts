import 'server-only'
import { and, eq, gt, inArray, isNotNull, isNull, or, type SQL } from 'drizzle-orm'
import { type Db, schema, type Tx } from '@/db/client'
import { systemCtx } from '@/lib/context'
import { decideRequest } from '@/lib/domain/request'
import { type At, apply, type Verb } from './apply'
import { change, recordNext } from './change'
import { onRequest } from './decisions'
import { adminsOf } from './facts'
import { endForLeaver } from './grants'
import { type DecideFacts, type Outcome, outcome } from './outcome'
import { escalateStuck } from './request-escalation'
import { owe } from './save'

const { application, applicationOwner, delegation, grant, person, request } = schema

/** What somebody's leaving came to. */
export interface LeftBehind {
  /** Accesses that began to end. */
  readonly ending: number
  /** Requests for them that lapsed. */
  readonly lapsed: number
  /** Requests of others that went to the owners or the admins, or had to lapse. */
  readonly escalated: number
  /** Applications that they owned and others own now. */
  readonly passedOn: number
}

/**
 * Does what follows when people are deactivated, in this order: what they hold begins to end, what they asked for
 * lapses, what waited for them goes to the fallback, and what they owned goes to the other owners or to the admins.
 * Each part is a transaction of its own and may be repeated, so that whatever a crash cut short is finished later.
 * @param personId one of them; everybody who was deactivated, where it is missing
 */
export async function finishLeaving(db: Db, personId?: string): Promise<LeftBehind> {
  const ending = await endLeases(db, personId)
  const lapsed = await lapseRequests(db, personId)
  const escalated = await escalateStuck(db)
  return { ending, lapsed, escalated, passedOn: await passOn(db, personId) }
}

const leavers = (personId: string | undefined): SQL | undefined =>
  and(isNotNull(person.deactivatedAt), personId ? eq(person.id, personId) : undefined)

async function endLeases(db: Db, personId?: string): Promise<number> {
  const held = await db
    .select({ id: grant.id })
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .where(and(leavers(personId), inArray(grant.state, ['scheduled', 'provisioning', 'active'])))
  let ending = 0
  for (const { id } of held) if ((await endForLeaver(systemCtx('engine', db), id)).ok) ending++
  return ending
}

const lapse: Verb<{ requestId: string }, DecideFacts, Outcome> = {
  ...onRequest,
  gate: 'request.lapse',
  decide(f, _input, at) {
    const why = 'left'
    const decided = decideRequest(f.facts, { type: 'lapse', why }, at.now, f.floorSeconds)
    return decided.ok ? outcome(f, decided.value, at, { why }) : decided
  },
}

async function lapseRequests(db: Db, personId?: string): Promise<number> {
  const pending = await db
    .select({ id: request.id })
    .from(request)
    .innerJoin(person, eq(person.id, request.personId))
    .where(and(leavers(personId), eq(request.state, 'pending')))
    .orderBy(request.askedAt, request.id)
  let lapsed = 0
  for (const { id } of pending)
    if ((await apply(systemCtx('engine', db), lapse, { requestId: id })).ok) lapsed++
  return lapsed
}

/** Takes people who left off the applications they own. One that nobody is left for goes to the admins. */
async function passOn(db: Db, personId?: string): Promise<number> {
  const owned = await db
    .selectDistinct({ id: application.id })
    .from(applicationOwner)
    .innerJoin(person, eq(person.id, applicationOwner.personId))
    .innerJoin(application, eq(application.id, applicationOwner.applicationId))
    .where(and(leavers(personId), isNull(application.archivedAt)))
  let passed = 0
  for (const { id } of owned) if (await passOnOne(db, id)) passed++
  return passed
}

async function passOnOne(db: Db, applicationId: string): Promise<boolean> {
  const done = await change(systemCtx('engine', db), {
    gate: 'application.edit',
    subject: { type: 'application', id: applicationId },
    async run(tx, at) {
      const [row] = await tx
        .select()
        .from(application)
        .where(eq(application.id, applicationId))
        .for('no key update')
      const owners = await tx
        .select({ id: person.id, name: person.name, deactivatedAt: person.deactivatedAt })
        .from(applicationOwner)
        .innerJoin(person, eq(person.id, applicationOwner.personId))
        .where(eq(applicationOwner.applicationId, applicationId))
        .orderBy(person.id)
      const gone = owners.filter((o) => o.deactivatedAt !== null)
      const stay = owners.filter((o) => o.deactivatedAt === null).map((o) => o.id)
      if (!row || gone.length === 0) return { result: false, entry: null }
      await tx.delete(applicationOwner).where(
        and(
          eq(applicationOwner.applicationId, applicationId),
          inArray(
            applicationOwner.personId,
            gone.map((o) => o.id),
          ),
        ),
      )
      const heirs = stay.length > 0 ? [] : await adminsOf(tx)
      if (heirs.length > 0)
        await tx.insert(applicationOwner).values(heirs.map((id) => ({ applicationId, personId: id })))
      await tx
        .update(application)
        .set({ version: row.version + 1 })
        .where(eq(application.id, applicationId))
      const names = gone.map((o) => o.name)
      for (const id of heirs)
        await owe(
          tx,
          {
            occasion: `ownership-passed:${applicationId}:${row.version + 1}`,
            kind: 'ownership-passed',
            personId: id,
            data: { applicationId, left: names },
          },
          at.now,
        )
      const left = `${names.join(', ')} left.`
      const what = heirs.length > 0 ? `${left} Nobody else owned it, so the admins do now.` : left
      const data = { name: row.name, what, owners: [...stay, ...heirs], was: owners.map((o) => o.id) }
      return { result: true, entry: { verb: 'changed', data } }
    },
  })
  return done.ok && done.value
}

/**
 * Ends every delegation that somebody gave or that was given to them; one that did not begin never acts. Part of the
 * transaction that deactivates them. @returns how many ended
 */
export async function endDelegationsOf(
  tx: Tx,
  who: { readonly id: string; readonly name: string },
  at: At,
): Promise<number> {
  const rows = await tx
    .select({ row: delegation, substitute: person.name })
    .from(delegation)
    .innerJoin(person, eq(person.id, delegation.substituteId))
    .where(
      and(
        or(eq(delegation.personId, who.id), eq(delegation.substituteId, who.id)),
        gt(delegation.endsAt, at.now),
        gt(delegation.endsAt, delegation.startsAt),
      ),
    )
    .orderBy(delegation.personId, delegation.id)
  for (const { row, substitute } of rows) {
    const calledOff = row.startsAt > at.now
    const endsAt = calledOff ? row.startsAt : at.now
    await tx.update(delegation).set({ endsAt }).where(eq(delegation.id, row.id))
    const { startsAt, substituteId } = row
    const data = {
      substitute,
      substituteId,
      startsAt,
      endsAt,
      calledOff: calledOff || undefined,
      person: who.name,
      why: 'left',
    }
    const subject = { type: 'person', id: row.personId } as const
    await recordNext(tx, subject, { verb: 'delegation_ended', data }, at)
  }
  return rows.length
}
