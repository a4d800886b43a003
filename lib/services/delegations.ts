import 'server-only'
import { and, eq, gt, inArray, lt, lte } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, type Reader, schema, type Tx } from '@/db/client'
import { readNow } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import { NO_SUCH_THING } from '@/lib/domain/authorize'
import { DAY, LONGEST, plus } from '@/lib/domain/duration'
import { type Refusal, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { seatFor } from '@/lib/domain/request'
import { newId } from '@/lib/ids'
import { inTransaction, lock } from './apply'
import { approverBook } from './approver-book'
import { change } from './change'
import type { MailChange } from './changes'
import { accountsOf, pendingPlaces } from './facts'
import { decisionMails } from './open-request'
import { save } from './save'

const { delegation, person } = schema

/** A form shows minutes: the one that is running is no past yet. */
const MINUTE_MS = 60_000
/** How long after its start a delegation is still looked after for mails that are owed, in seconds. */
const TOLD_WITHIN = DAY

export const delegationInput = z.object({
  /** Who is away. */
  personId: z.uuid(),
  /** Who decides in their place. */
  substituteId: z.uuid({ error: 'Choose who decides instead' }),
  /** Null is now. */
  startsAt: z.date().nullable(),
  endsAt: z.date({ error: 'Say until when' }),
})
export type DelegationInput = z.infer<typeof delegationInput>

type PersonRow = typeof person.$inferSelect

/**
 * Somebody who is away names who decides in their place, from one moment to another; an admin does it for them. What
 * was decided before stays, and nothing is dated back. Whoever is away may still decide themself.
 *
 * From the start on, the substitute finds what waits for the one who is away in their queue, and has a mail about each
 * such request, whether it was asked before (`tellSubstitutes`) or is asked in that time.
 * @returns refused `invalid` at its field: a start in the past, an end before the start or more than 366 days ahead, a
 * substitute who is not active or the same person by another account, an overlap; `forbidden` for an admin whose own
 * request the one who is away may decide on
 */
export async function setDelegation(
  ctx: Ctx,
  input: DelegationInput,
): Promise<Result<{ delegationId: string; startsAt: Date }>> {
  const { personId, substituteId } = input
  const done = await change(ctx, {
    gate: 'delegation.set',
    subject: { type: 'person', id: personId },
    facts: async () => ({ beneficiaryId: personId }),
    async run(tx, { actor }) {
      const accounts = await accountsOf(tx, personId)
      await lock(tx, { persons: [...accounts, substituteId] })
      // Read again under the locks, so that nothing begins before it could be known.
      const now = await readNow(tx)
      const away = await findPerson(tx, personId)
      if (!away) throw new RefusalError(refuse('not_found', 'There is no such person'))
      if (away.deactivatedAt) throw new RefusalError(refuse('conflict', `${away.name} is deactivated`))
      const substitute = await findPerson(tx, substituteId)
      const span = { startsAt: startOf(input.startsAt, now), endsAt: input.endsAt }
      const refused =
        checkSpan(input, now) ?? checkSubstitute(away, substitute) ?? (await checkOverlap(tx, accounts, span))
      if (refused) throw new RefusalError(refused)
      const forThem = actor.kind === 'person' && actor.id !== personId
      if (forThem && (await mayDecideOn(tx, actor.id, accounts, now)))
        throw new RefusalError(
          refuse(
            'forbidden',
            `Nobody chooses who decides on their own request, and ${away.name} is asked about one of yours`,
          ),
        )
      const delegationId = newId()
      await tx
        .insert(delegation)
        .values({ id: delegationId, personId, substituteId, ...span, createdAt: now })
      const data = {
        substitute: substitute?.name,
        substituteId,
        ...span,
        person: forThem ? away.name : undefined,
      }
      return { result: { delegationId, startsAt: span.startsAt }, entry: { verb: 'delegated', data } }
    },
  })
  if (done.ok) await tellSubstitutes(ctx.db)
  return done
}

export const endDelegationInput = z.object({ delegationId: z.uuid() })

/**
 * Ends a delegation from now on; one that did not begin yet is called off and never acts. What the substitute decided
 * stays. By the person themself, or an admin.
 * @returns refused `not_found`, or `conflict` where it is over already
 */
export async function endDelegation(
  ctx: Ctx,
  { delegationId }: z.infer<typeof endDelegationInput>,
): Promise<Result<{ endedAt: Date }>> {
  const found = await ctx.db.query.delegation.findFirst({ where: eq(delegation.id, delegationId) })
  if (!found) return refuse('not_found', NO_SUCH_THING)
  const { personId } = found
  return change(ctx, {
    gate: 'delegation.set',
    subject: { type: 'person', id: personId },
    facts: async () => ({ beneficiaryId: personId }),
    async run(tx, { actor }) {
      await lock(tx, { persons: [personId] })
      const now = await readNow(tx)
      const [row] = await tx
        .select({ row: delegation, substitute: person.name })
        .from(delegation)
        .innerJoin(person, eq(person.id, delegation.substituteId))
        .where(eq(delegation.id, delegationId))
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such substitute, or not any more'))
      const { startsAt, endsAt } = row.row
      if (endsAt <= now || endsAt <= startsAt)
        throw new RefusalError(refuse('conflict', `${row.substitute} does not stand in any more`))
      const calledOff = startsAt > now
      const endedAt = calledOff ? startsAt : now
      await tx.update(delegation).set({ endsAt: endedAt }).where(eq(delegation.id, delegationId))
      const away = actor.kind === 'person' && actor.id === personId ? null : await findPerson(tx, personId)
      const data = {
        substitute: row.substitute,
        substituteId: row.row.substituteId,
        startsAt,
        endsAt: endedAt,
        calledOff: calledOff || undefined,
        person: away?.name,
      }
      return { result: { endedAt }, entry: { verb: 'delegation_ended', data } }
    },
  })
}

/**
 * Tells substitutes whose time began lately what waits for them: a mail for each request whose open step opened before
 * that and on which they may decide in that place only. What opens afterwards mails them by itself. Said once for each
 * delegation and step, however often this runs: after one was set, and by the engine for those that begin later.
 * @returns about how many requests somebody is told
 */
export async function tellSubstitutes(db: Db): Promise<number> {
  const now = await readNow(db)
  const begun = and(
    lte(delegation.startsAt, now),
    gt(delegation.startsAt, plus(now, -TOLD_WITHIN)),
    gt(delegation.endsAt, now),
  )
  if ((await db.$count(delegation, begun)) === 0) return 0
  const mails = await owedToSubstitutes(db, now)
  if (mails.length === 0) return 0
  const ctx = systemCtx('engine', db)
  const owed = await inTransaction(ctx, async (tx) =>
    save(tx, { result: null, mails }, { now, actor: ctx.actor }),
  )
  // A lost race owes nothing yet; the engine comes by again.
  return owed.ok ? mails.length : 0
}

async function owedToSubstitutes(db: Reader, now: Date): Promise<MailChange[]> {
  const pending = await pendingPlaces(db)
  const book = await approverBook(
    db,
    pending.map((p) => p.place),
    now,
  )
  return pending.flatMap(({ row, place }) => {
    const seats = {
      ...book.standing(place),
      askerId: row.askerId,
      beneficiaryId: row.personId,
      step: row.step,
      votes: place.votes ?? [],
    }
    return Object.entries(seats.substitutes).flatMap(([awayId, substituteId]) => {
      const acts = book.delegationOf(awayId)
      const seat = seatFor(seats, substituteId)
      if (!acts || row.stepOpenedAt >= acts.startsAt || acts.startsAt <= plus(now, -TOLD_WITHIN)) return []
      if ('ok' in seat || seat.forId !== awayId || now >= row.decideBy) return []
      const occasion = `${row.id}:${row.round}:${row.step}:substitute:${acts.id}`
      return decisionMails(row.id, occasion, [substituteId])
    })
  })
}

/** A start of this minute is now; never earlier. */
function startOf(startsAt: Date | null, now: Date): Date {
  return startsAt && startsAt > now ? startsAt : now
}

function checkSpan({ startsAt, endsAt }: DelegationInput, now: Date): Refusal | null {
  if (startsAt && startsAt.getTime() <= now.getTime() - MINUTE_MS)
    return refuse('invalid', 'This is in the past. Leave it empty to start now', 'startsAt')
  if (endsAt <= now) return refuse('invalid', 'This is in the past', 'endsAt')
  if (endsAt <= startOf(startsAt, now)) return refuse('invalid', 'The end is after the start', 'endsAt')
  if (endsAt > plus(now, LONGEST)) return refuse('invalid', 'At most 366 days ahead', 'endsAt')
  return null
}

function checkSubstitute(away: PersonRow, substitute: PersonRow | undefined): Refusal | null {
  if (!substitute) return refuse('invalid', 'There is no such person. Choose somebody else', 'substituteId')
  if (substitute.emailKey === away.emailKey)
    return refuse('invalid', 'Nobody stands in for themself. Choose somebody else', 'substituteId')
  if (substitute.deactivatedAt)
    return refuse('invalid', `${substitute.name} is deactivated. Choose somebody else`, 'substituteId')
  return null
}

async function checkOverlap(
  tx: Tx,
  accountIds: readonly string[],
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
): Promise<Refusal | null> {
  const [other] = await tx
    .select({ name: person.name })
    .from(delegation)
    .innerJoin(person, eq(person.id, delegation.substituteId))
    .where(
      and(
        inArray(delegation.personId, [...accountIds]),
        lt(delegation.startsAt, endsAt),
        gt(delegation.endsAt, startsAt),
        gt(delegation.endsAt, delegation.startsAt),
      ),
    )
    .limit(1)
  return other
    ? refuse('invalid', `${other.name} stands in for a part of this time already. End that first`, 'startsAt')
    : null
}

/** Whether one of these accounts may decide on a pending request that somebody asked for, or that is for them. */
async function mayDecideOn(
  tx: Tx,
  askerId: string,
  accounts: readonly string[],
  now: Date,
): Promise<boolean> {
  const own = await accountsOf(tx, askerId)
  const places = (await pendingPlaces(tx)).filter(
    ({ row }) => own.includes(row.personId) || own.includes(row.askerId),
  )
  const book = await approverBook(
    tx,
    places.map((p) => p.place),
    now,
  )
  return places.some(({ place }) =>
    book
      .standing(place)
      .approvers.flat()
      .some((id) => accounts.includes(id)),
  )
}

const findPerson = (db: Reader, id: string) => db.query.person.findFirst({ where: eq(person.id, id) })
