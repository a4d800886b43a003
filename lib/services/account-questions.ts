import 'server-only'
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import type { AccountLike, AccountQuestionKind } from '@/lib/domain/account'
import { RefusalError, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { change } from './change'
import { accountsOf, adminsOf, ownersOf } from './facts'
import { owe } from './save'

export type AccountRow = typeof schema.account.$inferSelect
export type QuestionRow = typeof schema.accountQuestion.$inferSelect

/** The account a person is pinned to on a connection; nothing where there is none, or none any more. */
export function pinnedTo(
  db: Reader,
  connectionId: string,
  personId: string,
): Promise<AccountRow | undefined> {
  const { account } = schema
  return db.query.account.findFirst({
    where: and(
      eq(account.connectionId, connectionId),
      eq(account.personId, personId),
      isNull(account.unlinkedAt),
    ),
  })
}

/** The open question about a person's account on a connection. */
export function openQuestion(
  db: Reader,
  connectionId: string,
  personId: string,
): Promise<QuestionRow | undefined> {
  const { accountQuestion } = schema
  return db.query.accountQuestion.findFirst({
    where: and(
      eq(accountQuestion.connectionId, connectionId),
      eq(accountQuestion.personId, personId),
      isNull(accountQuestion.closedAt),
    ),
  })
}

/** Which of these accounts are somebody else's, or set aside for the removal drill; by their id, with whose. */
export async function takenBy(
  db: Reader,
  connectionId: string,
  personId: string | null,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { account, connection, person } = schema
  const rows = await db
    .select({ id: account.externalId, personId: account.personId, name: person.name })
    .from(account)
    .innerJoin(person, eq(person.id, account.personId))
    .where(
      and(
        eq(account.connectionId, connectionId),
        inArray(account.externalId, [...ids]),
        isNull(account.unlinkedAt),
      ),
    )
  const taken = new Map(rows.flatMap((row) => (row.personId === personId ? [] : [[row.id, row.name]])))
  const aside = await db.query.connection.findFirst({
    where: eq(connection.id, connectionId),
    columns: { drillAccount: true },
  })
  if (aside?.drillAccount && ids.includes(aside.drillAccount.id))
    taken.set(aside.drillAccount.id, 'the removal drill')
  return taken
}

/** Accounts that people were shown for this person before; they said which one it is, so the others are not. */
export async function passedOver(
  db: Reader,
  connectionId: string,
  personId: string,
): Promise<ReadonlySet<string>> {
  const { accountQuestion } = schema
  const answered = await db.query.accountQuestion.findMany({
    where: and(
      eq(accountQuestion.connectionId, connectionId),
      eq(accountQuestion.personId, personId),
      isNotNull(accountQuestion.closedBy),
    ),
    columns: { candidates: true },
  })
  return new Set(answered.flatMap((row) => row.candidates.map((one) => one.id)))
}

/** Facts for the gate about whose account it is. */
export async function accountFacts(db: Reader, applicationId: string, personId: string) {
  return {
    beneficiaryId: personId,
    ownIds: await accountsOf(db, personId),
    ownerIds: await ownersOf(db, applicationId),
  }
}

/** The application behind a connection. */
export async function applicationOn(db: Reader, connectionId: string) {
  return db.query.application.findFirst({ where: eq(schema.application.connectionId, connectionId) })
}

/**
 * Asks owners and admins whose account it is: one open question for each person and connection, one mail to each of
 * them, and one more where the question became another. Asked again in the same words it changes nothing.
 */
export async function askWhose(
  ctx: Ctx,
  asked: {
    readonly connectionId: string
    readonly personId: string
    readonly kind: AccountQuestionKind
    readonly candidates: readonly AccountLike[]
  },
): Promise<void> {
  const { connectionId, personId, kind } = asked
  await change(ctx, {
    gate: 'grant.give',
    subject: { type: 'connection', id: connectionId },
    async run(tx, at) {
      const open = await openQuestion(tx, connectionId, personId)
      // What the person named themself stays in the list.
      const named = open?.candidates.filter((one) => one.proposed) ?? []
      const known = new Set(asked.candidates.map((one) => one.id))
      const candidates = [
        ...asked.candidates.map(({ id, name, email }) => ({ id, name, ...(email ? { email } : {}) })),
        ...named.filter((one) => !known.has(one.id)),
      ]
      if (open && open.kind === kind && idsOf(open.candidates) === idsOf(candidates))
        throw new RefusalError(refuse('conflict', 'This is asked already'))
      const id = open?.id ?? newId()
      if (open)
        await tx
          .update(schema.accountQuestion)
          .set({ kind, candidates })
          .where(eq(schema.accountQuestion.id, id))
      else
        await tx
          .insert(schema.accountQuestion)
          .values({ id, connectionId, personId, kind, candidates, openedAt: at.now })
      const { application, person } = await tellOwners(tx, { id, connectionId, personId }, kind, at.now)
      return {
        result: null,
        entry: {
          verb: 'asked_whose',
          data: { application, person, personId, kind, candidates: candidates.map((one) => one.name) },
        },
      }
    },
  })
}

const idsOf = (candidates: readonly AccountLike[]) =>
  candidates
    .map((one) => one.id)
    .sort()
    .join('\n')

/** A mail to the application's owners and the admins; not to the person, who cannot answer for themself. */
export async function tellOwners(
  tx: Tx,
  question: { id: string; connectionId: string; personId: string },
  why: string,
  now: Date,
): Promise<{ application: string | null; person: string | null }> {
  const application = await applicationOn(tx, question.connectionId)
  const owners = application ? await ownersOf(tx, application.id) : []
  for (const personId of new Set([...owners, ...(await adminsOf(tx))]))
    if (personId !== question.personId || owners.includes(personId))
      await owe(
        tx,
        {
          occasion: `whose-account:${question.id}:${why}`,
          kind: 'whose-account',
          personId,
          data: { questionId: question.id },
        },
        now,
      )
  const person = await tx.query.person.findFirst({ where: eq(schema.person.id, question.personId) })
  return { application: application?.name ?? null, person: person?.name ?? null }
}

/** Closes the question, if one is open. `by` is who answered it; null where the target's answer became plain. */
export async function closeQuestion(
  db: Reader | Tx,
  connectionId: string,
  personId: string,
  by: string | null,
): Promise<void> {
  const { accountQuestion } = schema
  await (db as Tx)
    .update(accountQuestion)
    .set({ closedAt: sql`leasehold_now()`, closedBy: by })
    .where(
      and(
        eq(accountQuestion.connectionId, connectionId),
        eq(accountQuestion.personId, personId),
        isNull(accountQuestion.closedAt),
      ),
    )
}
