import 'server-only'
import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { schema, type Tx } from '@/db/client'
import { ConnectorError } from '@/lib/connectors/contract'
import { getConnector } from '@/lib/connectors/registry'
import type { Ctx } from '@/lib/context'
import type { AccountLike } from '@/lib/domain/account'
import { authorize, NO_SUCH_THING } from '@/lib/domain/authorize'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { accountFacts, closeQuestion, openQuestion, pinnedTo, takenBy, tellOwners } from './account-questions'
import { stop } from './applications'
import { change } from './change'
import type { ConnectionRow } from './changes'
import { callTarget } from './connection-calls'
import { connectionOf, withConnectionOf } from './connection-edits'

const typed = z
  .string()
  .trim()
  .max(300, 'At most 300 characters')
  .optional()
  .transform((text) => text || null)

export const linkInput = z.object({
  applicationId: z.uuid(),
  personId: z.uuid({ error: 'Choose whose account it is' }),
  /** One of the accounts that were shown. */
  accountId: typed,
  /** An account's name, address or id in the target, where none of those shown is it. */
  text: typed,
})
export type LinkInput = z.output<typeof linkInput>

export const unlinkInput = z.object({ applicationId: z.uuid(), accountId: z.uuid() })
export type UnlinkInput = z.output<typeof unlinkInput>

export const proposeInput = z.object({
  applicationId: z.uuid(),
  text: z.string().trim().min(1, 'Enter your account’s name there').max(300, 'At most 300 characters'),
})
export type ProposeInput = z.output<typeof proposeInput>

/** Whether people can name an account of this system by what it is called there. */
export const findsAccounts = (connectorId: string): boolean =>
  getConnector(connectorId).findAccount !== undefined

/**
 * Says whose account it is. It is looked up in the target before it is pinned; what waits for the answer goes on at
 * once. Grants that run keep the account they were given to: they are taken from there. Owners and admins, never for
 * oneself but as an owner.
 */
export function linkAccount(ctx: Ctx, input: LinkInput): Promise<Result<{ account: string }>> {
  return withConnectionOf(ctx, input.applicationId, async (connectionId) => {
    const { applicationId, personId } = input
    const refused = authorize(ctx.actor, 'account.link', await accountFacts(ctx.db, applicationId, personId))
    if (refused) return refused
    const chosen = await asRefusal(async () => {
      const { row } = await connectionOf(ctx.db, applicationId)
      return chosenAccount(ctx, row, input)
    })
    if ('ok' in chosen) return chosen
    return change(ctx, {
      gate: 'account.link',
      subject: { type: 'connection', id: connectionId },
      facts: (tx) => accountFacts(tx, applicationId, personId),
      async run(tx, at) {
        const { application } = await connectionOf(tx, applicationId)
        const by = at.actor.kind === 'person' ? at.actor.id : null
        const was = await pin(tx, { connectionId, personId, account: chosen, by }, at.now)
        await closeQuestion(tx, connectionId, personId, by)
        await goOn(tx, connectionId, personId)
        const person = await tx.query.person.findFirst({ where: eq(schema.person.id, personId) })
        return {
          result: { account: chosen.name },
          entry: {
            verb: 'linked',
            data: {
              application: application.name,
              person: person?.name,
              personId,
              account: chosen.name,
              accountId: chosen.id,
              was: was && was.externalId !== chosen.id ? was.name : undefined,
            },
          },
        }
      },
    })
  })
}

/** What was picked among those shown, or else what was typed, as the target knows it. */
async function chosenAccount(ctx: Ctx, row: ConnectionRow, input: LinkInput): Promise<AccountLike> {
  const { accountId, text } = input
  if (accountId && !text) {
    const open = await openQuestion(ctx.db, row.id, input.personId)
    const pinned = await pinnedTo(ctx.db, row.id, input.personId)
    const shown = open?.candidates.find((one) => one.id === accountId)
    if (shown) return { id: shown.id, name: shown.name, ...(shown.email ? { email: shown.email } : {}) }
    if (pinned?.externalId === accountId) return { id: accountId, name: pinned.name }
  }
  const sought = text ?? accountId
  if (!sought) return stop('invalid', 'Choose an account, or enter what it is called there', 'text')
  return lookUp(row, sought)
}

async function lookUp(row: ConnectionRow, text: string): Promise<AccountLike> {
  if (!findsAccounts(row.connector))
    return stop('unavailable', 'This system cannot be asked for an account by its name', 'text')
  const found = await callTarget(row, (connector, ctx) => connector.findAccount!(ctx, { text }))
  const [only, second] = found
  if (!only) return stop('invalid', `There is no account “${text}” there`, 'text')
  if (second)
    return stop(
      'invalid',
      `More than one account goes by “${text}”: enter the id, one of ${found.map((one) => one.id).join(', ')}`,
      'text',
    )
  return only
}

/** A call's trouble, or a refusal inside it, as a refusal. */
async function asRefusal<R extends object>(run: () => Promise<R>) {
  try {
    return await run()
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal
    if (error instanceof ConnectorError)
      return refuse('unavailable', `The account could not be looked up. ${error.message}`, 'text')
    throw error
  }
}

/**
 * Pins an account to a person; what they were pinned to before. The former row stays, unlinked: grants that were
 * given to it are taken from it.
 */
export async function pin(
  tx: Tx,
  link: { connectionId: string; personId: string; account: AccountLike; by: string | null },
  now: Date,
) {
  const { connectionId, personId, account, by } = link
  const holder = (await takenBy(tx, connectionId, personId, [account.id])).get(account.id)
  if (holder)
    stop(
      'conflict',
      holder === 'the removal drill'
        ? `${account.name} is set aside for the removal drill`
        : `${account.name} is linked to ${holder}. Unlink it there first`,
      'text',
    )
  const person = await tx.query.person.findFirst({ where: eq(schema.person.id, personId) })
  if (!person) return stop('not_found', 'There is no such person, or not any more')
  const was = await pinnedTo(tx, connectionId, personId)
  const fresh = { name: account.name, email: person.email, pinnedAt: now, linkedBy: by }
  if (was?.externalId === account.id) {
    await tx.update(schema.account).set(fresh).where(eq(schema.account.id, was.id))
    return was
  }
  if (was) await tx.update(schema.account).set({ unlinkedAt: now }).where(eq(schema.account.id, was.id))
  await tx
    .insert(schema.account)
    .values({ id: newId(), connectionId, personId, externalId: account.id, ...fresh })
  return was ?? null
}

/** Gives that waited for the answer are tried at once; naming `due_at` wakes the loop. */
async function goOn(tx: Tx, connectionId: string, personId: string): Promise<void> {
  const { grant, work } = schema
  await tx
    .update(work)
    .set({ notBefore: null, attempt: 0, dueAt: sql`${work.dueAt}` })
    .where(
      and(
        eq(work.kind, 'give'),
        eq(work.connectionId, connectionId),
        inArray(work.subjectId, tx.select({ id: grant.id }).from(grant).where(eq(grant.personId, personId))),
      ),
    )
}

/** Forgets whose account it is, where nothing that was given to it is left to take. Owners and admins. */
export function unlinkAccount(ctx: Ctx, input: UnlinkInput): Promise<Result<{ account: string }>> {
  return withConnectionOf(ctx, input.applicationId, async (connectionId) => {
    const { account } = schema
    const seen = await ctx.db.query.account.findFirst({
      where: and(eq(account.id, input.accountId), eq(account.connectionId, connectionId)),
    })
    if (!seen || seen.unlinkedAt) return refuse('not_found', NO_SUCH_THING)
    return change(ctx, {
      gate: 'account.link',
      subject: { type: 'connection', id: connectionId },
      facts: (tx) => accountFacts(tx, input.applicationId, seen.personId),
      async run(tx, at) {
        const { application } = await connectionOf(tx, input.applicationId, { archivedToo: true })
        if (await inUse(tx, seen.id, seen.personId))
          stop(
            'conflict',
            `${seen.name} has access that runs or is being taken back. Unlink it when that is over`,
          )
        const gone = await tx
          .update(account)
          .set({ unlinkedAt: at.now })
          .where(and(eq(account.id, seen.id), sql`${account.unlinkedAt} is null`))
          .returning({ id: account.id })
        if (gone.length === 0) stop('conflict', 'This account is not linked any more')
        const person = await tx.query.person.findFirst({ where: eq(schema.person.id, seen.personId) })
        return {
          result: { account: seen.name },
          entry: {
            verb: 'unlinked',
            data: {
              application: application.name,
              person: person?.name,
              personId: seen.personId,
              account: seen.name,
              accountId: seen.externalId,
            },
          },
        }
      },
    })
  })
}

/** Whether something given to an account is there, may be, or is still looked after; or is about to be a lease. */
async function inUse(tx: Tx, accountId: string, personId: string): Promise<boolean> {
  const { grant, work } = schema
  const looked = sql`exists (select 1 from ${work} where ${work.kind} = 'look' and ${work.subjectId} = ${grant.id})`
  const [row] = await tx
    .select({ id: grant.id })
    .from(grant)
    .where(
      or(
        and(
          eq(grant.accountId, accountId),
          or(inArray(grant.state, ['provisioning', 'active', 'revoking']), looked),
        ),
        and(eq(grant.personId, personId), eq(grant.state, 'scheduled'), eq(grant.converts, true)),
      ),
    )
    .limit(1)
  return row !== undefined
}

/**
 * Somebody names their own account, where the target could not tell; it is looked up there and put to the owners and
 * admins, who say whether it is so.
 */
export function proposeAccount(ctx: Ctx, input: ProposeInput): Promise<Result<{ account: string }>> {
  const personId = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  return withConnectionOf(ctx, input.applicationId, async (connectionId) => {
    const facts = { beneficiaryId: personId }
    const refused = authorize(ctx.actor, 'account.propose', facts)
    if (refused) return refused
    // Only whoever is asked about may have the target looked through for a name.
    if (!(await openQuestion(ctx.db, connectionId, personId)))
      return refuse('conflict', 'Nothing waits for your account here')
    const found = await asRefusal(async () => {
      const { row } = await connectionOf(ctx.db, input.applicationId)
      return lookUp(row, input.text)
    })
    if ('ok' in found) return found
    return change(ctx, {
      gate: 'account.propose',
      subject: { type: 'connection', id: connectionId },
      facts: async () => facts,
      async run(tx, at) {
        const open = await openQuestion(tx, connectionId, personId)
        if (!open) return stop('conflict', 'Somebody has said by now whose account it is')
        const others = open.candidates.filter((one) => one.id !== found.id)
        const mine = { id: found.id, name: found.name, ...(found.email ? { email: found.email } : {}) }
        await tx
          .update(schema.accountQuestion)
          .set({ candidates: [...others, { ...mine, proposed: true }] })
          .where(eq(schema.accountQuestion.id, open.id))
        const told = await tellOwners(tx, open, `named:${found.id}`, at.now)
        return {
          result: { account: found.name },
          entry: { verb: 'proposed', data: { ...told, personId, account: found.name, accountId: found.id } },
        }
      },
    })
  })
}

/** The pinned account answers to a new address: noted, with the address it has now. */
export async function noteReaddressed(
  ctx: Ctx,
  link: { connectionId: string; personId: string; account: AccountLike },
): Promise<void> {
  await change(ctx, {
    gate: 'grant.give',
    subject: { type: 'connection', id: link.connectionId },
    async run(tx, at) {
      await pin(tx, { ...link, by: null }, at.now)
      const person = await tx.query.person.findFirst({ where: eq(schema.person.id, link.personId) })
      return {
        result: null,
        entry: {
          verb: 'linked',
          data: {
            person: person?.name,
            personId: link.personId,
            account: link.account.name,
            accountId: link.account.id,
            address: person?.email,
          },
        },
      }
    },
  })
}
