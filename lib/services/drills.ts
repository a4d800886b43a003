import 'server-only'
import { and, desc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { ConnectorError } from '@/lib/connectors/contract'
import { getConnector } from '@/lib/connectors/registry'
import type { Ctx } from '@/lib/context'
import type { AccountLike } from '@/lib/domain/account'
import { authorize } from '@/lib/domain/authorize'
import { leftBehind, proofMs } from '@/lib/domain/drill'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { liveGrantStates } from '@/lib/domain/grant'
import { takenBy } from './account-questions'
import { findsAccounts } from './accounts'
import { stop } from './applications'
import { change } from './change'
import type { ConnectionRow } from './changes'
import { callTarget } from './connection-calls'
import { connectionOf, withConnectionOf } from './connection-edits'
import { keepersOf, ownersOf } from './facts'
import { arm, owe } from './save'

export const setDrillInput = z.object({
  applicationId: z.uuid(),
  entitlementId: z.uuid({ error: 'Choose what is set aside' }),
  account: z.string().trim().min(1, 'Enter the account that is set aside').max(300, 'At most 300 characters'),
})
export type SetDrillInput = z.output<typeof setDrillInput>

export const drillRefInput = z.object({ applicationId: z.uuid() })
export type DrillRefInput = z.output<typeof drillRefInput>

/** Why there can be no drill on a connection; null where there can. */
export function undrillable(row: Pick<ConnectionRow, 'connector' | 'config'>): string | null {
  const { check } = getConnector(row.connector).capabilities(row.config)
  return check === 'none'
    ? 'This system cannot be asked what an account holds, so a drill would prove nothing'
    : null
}

/**
 * Sets an account and an entitlement aside for the removal drill: an account that is nobody's and holds nothing of it,
 * an entitlement that no policy offers. The first drill begins at once. Admins only.
 */
export function setDrill(ctx: Ctx, input: SetDrillInput): Promise<Result<{ account: string }>> {
  return withConnectionOf(ctx, input.applicationId, async (connectionId) => {
    const refused = authorize(ctx.actor, 'drill.set', {
      ownerIds: await ownersOf(ctx.db, input.applicationId),
    })
    if (refused) return refused
    let account: AccountLike
    try {
      const { row } = await connectionOf(ctx.db, input.applicationId)
      const why = undrillable(row)
      if (why) stop('unavailable', why)
      const entitlement = await asideEntitlement(ctx.db, row, input.entitlementId)
      account = await asideAccount(ctx.db, row, input.account)
      const holding = await callTarget(row, (connector, call) =>
        connector.check(call, {
          entitlement: { id: entitlement.externalId, name: entitlement.name },
          account: { ...account },
        }),
      )
      if (holding.state !== 'absent')
        stop(
          'conflict',
          `${account.name} holds ${entitlement.name} already. Remove it there first`,
          'account',
        )
    } catch (error) {
      if (error instanceof RefusalError) return error.refusal
      if (error instanceof ConnectorError)
        return refuse('unavailable', `It could not be looked up. ${error.message}`, 'account')
      throw error
    }
    return change(ctx, {
      gate: 'drill.set',
      subject: { type: 'connection', id: connectionId },
      facts: async (tx) => ({ ownerIds: await ownersOf(tx, input.applicationId) }),
      async run(tx, at) {
        const { row, application } = await connectionOf(tx, input.applicationId)
        await nothingLeft(tx, row)
        const entitlement = await asideEntitlement(tx, row, input.entitlementId)
        await nobodys(tx, row.id, account)
        const { id, name, email } = account
        await tx
          .update(schema.connection)
          .set({
            drillEntitlementId: entitlement.id,
            drillAccount: { id, name, ...(email ? { email } : {}) },
          })
          .where(eq(schema.connection.id, row.id))
        await armDrill(tx, row.id, at.now)
        return {
          result: { account: name },
          entry: {
            verb: 'drill_set',
            data: { application: application.name, account: name, entitlement: entitlement.name },
          },
        }
      },
    })
  })
}

/** Ends the drill: what was set aside is free again, where the last one left nothing behind. Admins only. */
export function endDrill(ctx: Ctx, input: DrillRefInput): Promise<Result<null>> {
  return withConnectionOf(ctx, input.applicationId, (connectionId) =>
    change(ctx, {
      gate: 'drill.set',
      subject: { type: 'connection', id: connectionId },
      facts: async (tx) => ({ ownerIds: await ownersOf(tx, input.applicationId) }),
      async run(tx) {
        const { row, application } = await connectionOf(tx, input.applicationId)
        if (!row.drillAccount) stop('conflict', 'Nothing is set aside')
        await nothingLeft(tx, row)
        await tx
          .update(schema.connection)
          .set({ drillEntitlementId: null, drillAccount: null })
          .where(eq(schema.connection.id, row.id))
        return { result: null, entry: { verb: 'drill_set', data: { application: application.name } } }
      },
    }),
  )
}

/** Has the drill run now. Owners and admins. */
export function drillNow(ctx: Ctx, input: DrillRefInput): Promise<Result<null>> {
  return withConnectionOf(ctx, input.applicationId, (connectionId) =>
    change(ctx, {
      gate: 'drill.run',
      subject: { type: 'connection', id: connectionId },
      facts: async (tx) => ({ ownerIds: await ownersOf(tx, input.applicationId) }),
      async run(tx, at) {
        const { row, application } = await connectionOf(tx, input.applicationId)
        if (!row.drillAccount) stop('conflict', 'Nothing is set aside for a drill yet')
        if (row.paused)
          stop('conflict', 'The connection is paused. A drill gives, so it waits until it is resumed')
        await armDrill(tx, row.id, at.now)
        return {
          result: null,
          entry: { verb: 'tested', data: { application: application.name, drill: true } },
        }
      },
    }),
  )
}

const armDrill = (tx: Tx, connectionId: string, dueAt: Date) =>
  arm(
    tx,
    { subjectType: 'connection', subjectId: connectionId, connectionId, order: { kind: 'drill', dueAt } },
    dueAt,
  )

/** Whether the last drill of a connection is still at it, or left its access in the target. */
export async function isDrillOpen(db: Reader, connectionId: string): Promise<boolean> {
  const { drill } = schema
  const last = await db.query.drill.findFirst({
    where: eq(drill.connectionId, connectionId),
    orderBy: desc(drill.startedAt),
  })
  return last !== undefined && (last.finishedAt === null || leftBehind(last.steps))
}

async function nothingLeft(tx: Tx, row: ConnectionRow): Promise<void> {
  if (await isDrillOpen(tx, row.id))
    stop('conflict', 'The last drill is not cleaned up yet. Run it once more first')
}

/** What may be set aside: of this connection, and offered to nobody. */
async function asideEntitlement(db: Reader, row: ConnectionRow, entitlementId: string) {
  const { entitlement, grant, policyEntitlement } = schema
  const found = await db.query.entitlement.findFirst({
    where: and(eq(entitlement.id, entitlementId), eq(entitlement.connectionId, row.id)),
  })
  if (!found || found.closedAt) return stop('invalid', 'This entitlement is closed or gone', 'entitlementId')
  if (!found.requestable)
    return stop('invalid', found.reason ?? 'Its members are not ours to set', 'entitlementId')
  const offered = await db.query.policyEntitlement.findFirst({
    where: eq(policyEntitlement.entitlementId, entitlementId),
  })
  if (offered)
    return stop(
      'conflict',
      `An access policy offers ${found.name}. Take one that nobody is offered`,
      'entitlementId',
    )
  const live = await db.query.grant.findFirst({
    where: and(
      eq(grant.entitlementId, entitlementId),
      inArray(grant.state, ['scheduled', ...liveGrantStates]),
    ),
    columns: { id: true },
  })
  if (live) return stop('conflict', `Somebody has a lease of ${found.name}`, 'entitlementId')
  return found
}

async function asideAccount(db: Reader, row: ConnectionRow, text: string): Promise<AccountLike> {
  const found = findsAccounts(row.connector)
    ? await callTarget(row, (connector, ctx) => connector.findAccount!(ctx, { text }))
    : await callTarget(row, (connector, ctx) =>
        connector.resolveAccount(ctx, { person: { email: text, name: text } }),
      ).then((answer) =>
        answer.kind === 'found' ? [answer.account] : answer.kind === 'ambiguous' ? answer.candidates : [],
      )
  const [only, second] = found
  if (!only) return stop('invalid', `There is no account “${text}” there`, 'account')
  if (second) return stop('invalid', `More than one account goes by “${text}”. Enter the id`, 'account')
  await nobodys(db, row.id, only)
  return only
}

/** An account that is a person's, by link or by address, is never drilled on. */
async function nobodys(db: Reader, connectionId: string, account: AccountLike): Promise<void> {
  const { connection, person } = schema
  const holder = (await takenBy(db, connectionId, null, [account.id])).get(account.id)
  const aside = await db.query.connection.findFirst({ where: eq(connection.id, connectionId) })
  if (holder && aside?.drillAccount?.id !== account.id)
    stop('conflict', `${account.name} is linked to ${holder}. Take an account that is nobody’s`, 'account')
  if (!account.email) return
  const theirs = await db.query.person.findFirst({
    where: sql`lower(${person.email}) = lower(${account.email})`,
    columns: { name: true },
  })
  if (theirs)
    stop(
      'conflict',
      `${account.name} has the address of ${theirs.name}. Take an account that is nobody’s`,
      'account',
    )
}

/** Whether an entitlement is set aside for a drill, so that no policy may offer it; its names. */
export async function setAside(db: Reader, entitlementIds: readonly string[]): Promise<string[]> {
  if (entitlementIds.length === 0) return []
  const { connection, entitlement } = schema
  const rows = await db
    .select({ name: entitlement.name })
    .from(connection)
    .innerJoin(entitlement, eq(entitlement.id, connection.drillEntitlementId))
    .where(and(inArray(entitlement.id, [...entitlementIds]), isNotNull(connection.drillAccount)))
  return rows.map((row) => row.name)
}

/**
 * Closes a drill: its result, an entry, and where it is the first that failed a mail to the owners, or to the admins
 * where nobody owns the application. `ok` is null for one that only cleaned up; `quiet`: the one that cleans up tells.
 */
export async function finishDrill(
  ctx: Ctx,
  connectionId: string,
  done: { drillId: string; ok: boolean | null; what?: string; quiet?: boolean },
): Promise<void> {
  const { drill } = schema
  const finished = await change(ctx, {
    gate: 'drill.run',
    subject: { type: 'connection', id: connectionId },
    async run(tx, at) {
      const { wall } = await readClocks(tx)
      const [row] = await tx
        .update(drill)
        .set({ finishedAt: wall, ok: done.ok })
        .where(and(eq(drill.id, done.drillId), isNull(drill.finishedAt)))
        .returning()
      if (!row) return stop('conflict', 'This drill is finished already')
      const application = await tx.query.application.findFirst({
        where: eq(schema.application.connectionId, connectionId),
      })
      if (done.ok === false && !done.quiet && application)
        await tellFirst(tx, row, done.what, application.id, at.now)
      return {
        result: null,
        entry: {
          verb: 'drilled',
          data: {
            application: application?.name,
            ok: done.ok,
            what: done.what,
            tookMs: proofMs(row.steps),
          },
        },
      }
    },
  })
  if (!finished.ok && finished.code !== 'conflict')
    throw new Error(`could not finish a drill: ${finished.message}`)
}

async function tellFirst(
  tx: Tx,
  row: typeof schema.drill.$inferSelect,
  what: string | undefined,
  applicationId: string,
  now: Date,
): Promise<void> {
  const { drill, mail } = schema
  const proven = await tx.query.drill.findFirst({
    where: and(
      eq(drill.connectionId, row.connectionId),
      eq(drill.ok, true),
      lt(drill.startedAt, row.startedAt),
    ),
    orderBy: desc(drill.startedAt),
  })
  // Since the last proof it was told once; the occasion is that stretch.
  const occasion = `drill-failed:${row.connectionId}:${proven?.id ?? 'never'}`
  const known = await tx.query.mail.findFirst({ where: eq(mail.occasion, occasion), columns: { id: true } })
  if (known) return
  for (const personId of await keepersOf(tx, applicationId))
    await owe(tx, { occasion, kind: 'drill-failed', personId, data: { drillId: row.id, what } }, now)
}
