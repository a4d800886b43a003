import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { ConnectionTest } from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import { RefusalError, refuse } from '@/lib/domain/errors'
import { log } from '@/lib/log'
import type { At } from './apply'
import { change } from './change'
import type { ConnectionRow } from './changes'
import { adminsOf, keepersOf } from './facts'
import { owe } from './save'

/**
 * What a call says of the whole connection, not of one access: our credential is refused, it is switched off, or a
 * change of one member moved others.
 */
export const connectionTroubles = ['auth', 'switched_off', 'others_moved'] as const
export type ConnectionTroubleCode = (typeof connectionTroubles)[number]

/** As it is kept in the connection's probe until it is over. */
export interface ConnectionTrouble {
  readonly code: ConnectionTroubleCode
  /** Which call found it out; the same call going through again proves that it is over. */
  readonly operation: string
}

/** The trouble a connection is in, as far as calls have found out. */
export function troubleOf(row: Pick<ConnectionRow, 'probe'> | null): ConnectionTrouble | null {
  const trouble = row?.probe?.trouble as ConnectionTrouble | undefined
  return trouble && connectionTroubles.includes(trouble.code) ? trouble : null
}

/** What a saved setting, a new secret or a resumption forgets: whether the trouble is over is seen at the next call. */
export function withoutTrouble(row: ConnectionRow): Partial<ConnectionRow> {
  return troubleOf(row) ? { probe: null, probeOk: null } : {}
}

type Check = ConnectionTest['checks'][number]

const checkNames: Record<ConnectionTroubleCode, string> = {
  auth: 'Our credential',
  switched_off: 'Switched off',
  others_moved: 'Other members',
}

/** The failed check that stands for a trouble, as it was noted. */
export function troubleCheck({ probe }: Pick<ConnectionRow, 'probe'>, trouble: ConnectionTrouble): Check {
  const checks = (probe?.checks ?? []) as Check[]
  const name = checkNames[trouble.code]
  return (
    checks.find((check) => check.name === name) ?? { name, ok: false, detail: 'Refused at the last call.' }
  )
}

/**
 * Notes that a connection needs attention, once for as long as it lasts: its health, an entry in its timeline, and a
 * mail to the owners, or to the admins where nobody owns it. A target that switched itself off pauses the connection:
 * gives stop until an admin resumes it, takes go on. What was found out is filed each time, also when the trouble is
 * known already.
 */
export async function noteTrouble(
  ctx: Ctx,
  connectionId: string,
  trouble: ConnectionTrouble & { readonly message: string },
  found?: (at: At) => typeof schema.finding.$inferInsert,
): Promise<void> {
  const { code, operation, message } = trouble
  const { connection } = schema
  const noted = await change(ctx, {
    gate: 'connection.test',
    subject: { type: 'connection', id: connectionId },
    async run(tx, at) {
      const row = await tx.query.connection.findFirst({ where: eq(connection.id, connectionId) })
      const filed = found && (await file(tx, found(at)))
      if (!row || (troubleOf(row)?.code === code && !filed))
        throw new RefusalError(refuse('conflict', 'This is known already'))
      const { wall } = await readClocks(tx)
      await tx
        .update(connection)
        .set({
          ...(code === 'switched_off' ? { paused: true } : {}),
          probedAt: wall,
          probeOk: false,
          probe: {
            trouble: { code, operation },
            checks: [{ name: checkNames[code], ok: false, detail: message }],
          },
        })
        .where(eq(connection.id, connectionId))
      // Where it comes and goes, one mail an hour says it.
      const hour = at.now.toISOString().slice(0, 13)
      const application = await tellTrouble(
        tx,
        at,
        { connectionId, code, message, since: at.now.toISOString() },
        hour,
      )
      return {
        result: null,
        entry: { verb: 'needs_attention', data: { application, code, message } },
      }
    },
  })
  if (noted.ok) log.warn({ connectionId, code }, 'a connection needs attention; its owners are told')
}

/**
 * Owes the owners, or the admins where nobody owns it, a mail about a connection and since when (ISO 8601) it is so: one
 * for each `occurrence`. Answers with the application's name.
 */
export async function tellTrouble(
  tx: Tx,
  at: At,
  data: { connectionId: string; code: ConnectionTroubleCode | 'failing'; message: string; since: string },
  occurrence: string,
): Promise<string | undefined> {
  const { connectionId, code } = data
  const application = await tx.query.application.findFirst({
    where: eq(schema.application.connectionId, connectionId),
  })
  const told = application ? await keepersOf(tx, application.id) : await adminsOf(tx)
  for (const personId of told)
    await owe(
      tx,
      {
        occasion: `connection-trouble:${connectionId}:${code}:${occurrence}`,
        kind: 'connection-trouble',
        personId,
        data,
      },
      at.now,
    )
  return application?.name
}

/** Files a finding, once as long as it is open. True where it is a new one. */
async function file(tx: Tx, row: typeof schema.finding.$inferInsert): Promise<boolean> {
  const filed = await tx
    .insert(schema.finding)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: schema.finding.id })
  return filed.length > 0
}

/** Notes that the call which a target had refused goes through again; true where it was not known yet. */
export async function noteWorking(ctx: Ctx, connectionId: string, operation: string): Promise<boolean> {
  const { connection } = schema
  const noted = await ctx.db
    .update(connection)
    .set({ probe: null, probeOk: null })
    .where(
      and(
        eq(connection.id, connectionId),
        sql`${connection.probe} -> 'trouble' ->> 'code' = 'auth'`,
        sql`${connection.probe} -> 'trouble' ->> 'operation' = ${operation}`,
      ),
    )
    .returning({ id: connection.id })
  return noted.length > 0
}
