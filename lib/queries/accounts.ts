import 'server-only'
import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import type { AccountsView, AccountWaitView, LinkedView, QuestionView } from '@/lib/account-views'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { accountFacts, takenBy } from '@/lib/services/account-questions'
import { findsAccounts } from '@/lib/services/accounts'
import { keepersOf, ownersOf } from '@/lib/services/facts'
import { unsafePeopleAndGroups } from './names'

const { account, accountQuestion, application, connection, entitlement, grant, person } = schema
const MOST_SHOWN = 200

/** Who is who in an application's system, and what is asked about it; null where it has none or is not the actor's. */
export async function accountsOfApplication(ctx: Ctx, applicationId: string): Promise<AccountsView | null> {
  const { db, actor } = ctx
  const [found] = await db
    .select({ connection, archivedAt: application.archivedAt })
    .from(application)
    .innerJoin(connection, eq(connection.id, application.connectionId))
    .where(eq(application.id, applicationId))
  if (!found) return null
  const ownerIds = await ownersOf(db, applicationId)
  if (!can(actor, 'application.see', { ownerIds })) return null
  const open = found.archivedAt === null
  const mayLink = open && can(actor, 'account.link', { ownerIds, beneficiaryId: '' })
  const linked = await linkedOf(ctx, applicationId, found.connection.id, { open, others: mayLink })
  return {
    questions: await questionsOf(ctx, applicationId, found.connection.id, open),
    linked: linked.slice(0, MOST_SHOWN),
    more: Math.max(0, linked.length - MOST_SHOWN),
    typing: findsAccounts(found.connection.connector),
    mayLink,
    people: mayLink ? (await unsafePeopleAndGroups(db)).people : [],
  }
}

/** The question about the actor's own account in an application's system, if one is open. */
export async function myAccountWait(ctx: Ctx, applicationId: string): Promise<AccountWaitView | null> {
  const { db, actor } = ctx
  if (actor.kind !== 'person') return null
  const [open] = await db
    .select({ row: accountQuestion, application: application.name, connector: connection.connector })
    .from(accountQuestion)
    .innerJoin(connection, eq(connection.id, accountQuestion.connectionId))
    .innerJoin(application, eq(application.connectionId, connection.id))
    .where(
      and(
        eq(application.id, applicationId),
        eq(accountQuestion.personId, actor.id),
        isNull(accountQuestion.closedAt),
      ),
    )
  if (!open) return null
  const asked = (await keepersOf(db, applicationId)).filter((id) => id !== actor.id)
  const names = await db.select({ name: person.name }).from(person).where(inArray(person.id, asked))
  return {
    applicationId,
    application: open.application,
    kind: open.row.kind,
    askedOf: names.map(({ name }) => name).sort(),
    named: open.row.candidates.find((one) => one.proposed)?.name ?? null,
    typing: findsAccounts(open.connector),
  }
}

/** How many questions wait in an application, for its section's mark. */
export function openQuestions(db: Reader, connectionId: string): Promise<number> {
  return db.$count(
    accountQuestion,
    and(eq(accountQuestion.connectionId, connectionId), isNull(accountQuestion.closedAt)),
  )
}

async function mayLinkFor(ctx: Ctx, applicationId: string, personId: string): Promise<boolean> {
  return can(ctx.actor, 'account.link', await accountFacts(ctx.db, applicationId, personId))
}

async function questionsOf(
  ctx: Ctx,
  applicationId: string,
  connectionId: string,
  open: boolean,
): Promise<QuestionView[]> {
  const { db } = ctx
  const rows = await db
    .select({ row: accountQuestion, person, present: account.externalId })
    .from(accountQuestion)
    .innerJoin(person, eq(person.id, accountQuestion.personId))
    .leftJoin(
      account,
      and(
        eq(account.connectionId, accountQuestion.connectionId),
        eq(account.personId, accountQuestion.personId),
        isNull(account.unlinkedAt),
      ),
    )
    .where(and(eq(accountQuestion.connectionId, connectionId), isNull(accountQuestion.closedAt)))
    .orderBy(asc(accountQuestion.openedAt))
  return Promise.all(
    rows.map(async ({ row, person: who, present }) => {
      const ids = row.candidates.map((one) => one.id)
      const taken = await takenBy(db, connectionId, who.id, ids)
      return {
        id: row.id,
        person: { id: who.id, name: who.name, email: who.email },
        kind: row.kind,
        openedAt: row.openedAt,
        candidates: row.candidates.map((one) => ({
          id: one.id,
          name: one.name,
          email: one.email ?? null,
          proposed: one.proposed ?? false,
          takenBy: taken.get(one.id) ?? null,
          present: one.id === present,
        })),
        waiting: await waitingFor(db, applicationId, who.id),
        mayAnswer: open && (await mayLinkFor(ctx, applicationId, who.id)),
      }
    }),
  )
}

async function waitingFor(db: Reader, applicationId: string, personId: string): Promise<string[]> {
  const rows = await db
    .select({ name: entitlement.name })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .where(
      and(
        eq(grant.applicationId, applicationId),
        eq(grant.personId, personId),
        inArray(grant.state, ['scheduled', 'provisioning']),
        isNull(grant.firstGiveAt),
      ),
    )
    .orderBy(entitlement.name)
  return rows.map((row) => row.name)
}

async function linkedOf(
  ctx: Ctx,
  applicationId: string,
  connectionId: string,
  may: { open: boolean; others: boolean },
): Promise<LinkedView[]> {
  const { db } = ctx
  const sayer = alias(person, 'sayer')
  const rows = await db
    .select({ row: account, person, by: sayer.name })
    .from(account)
    .innerJoin(person, eq(person.id, account.personId))
    .leftJoin(sayer, eq(sayer.id, account.linkedBy))
    .where(and(eq(account.connectionId, connectionId), isNull(account.unlinkedAt)))
    .orderBy(sql`lower(${person.name})`, person.id)
  const lives = await db
    .select({ id: grant.accountId, n: count() })
    .from(grant)
    .where(
      and(
        eq(grant.applicationId, applicationId),
        inArray(grant.state, ['provisioning', 'active', 'revoking']),
      ),
    )
    .groupBy(grant.accountId)
  const live = new Map(lives.map((one) => [one.id, one.n]))
  const mine = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const own = may.open && mine !== '' && (await mayLinkFor(ctx, applicationId, mine))
  return rows.map(({ row, person: who, by }) => ({
    id: row.id,
    person: { id: who.id, name: who.name, email: who.email, active: who.deactivatedAt === null },
    account: row.name,
    externalId: row.externalId,
    emailThen: row.email.toLowerCase() === who.email.toLowerCase() ? null : row.email,
    since: row.pinnedAt,
    by,
    liveGrants: live.get(row.id) ?? 0,
    mayChange: who.id === mine ? own : may.others,
  }))
}
