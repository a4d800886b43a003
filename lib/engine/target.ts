import 'server-only'
import { sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { insertOf, isAmong } from '@/db/rows'
import { processNow } from '@/lib/clock'
import {
  type AnyConnector,
  type ChangeResult,
  type ConnectorAccount,
  type ConnectorConfig,
  type ConnectorContext,
  type ConnectorEntitlement,
  ConnectorError,
  type Holding,
} from '@/lib/connectors/contract'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { noteAnswers, noteSilence } from '@/lib/services/connection-breaker'
import { retryLeases } from '@/lib/services/connection-retry'
import { noteTrouble, noteWorking, troubleOf } from '@/lib/services/connection-trouble'
import { openConnections } from '@/lib/services/connections'
import type { LoadedGrant } from '@/lib/services/facts'
import { callOutside } from '@/lib/services/outside'
import { together } from '@/lib/together'
import { SLOW_GAP_MS } from './backoff'
import type { Engine } from './engine'
import type { Claim } from './work'

/** The system behind a grant, opened for calls. Every call is one attempt and leaves one line in the attempt log. */
export interface Target {
  readonly connector: AnyConnector
  readonly entitlement: ConnectorEntitlement
  call<R>(
    operation: string,
    effect: 'look' | 'change',
    attempt: (ctx: ConnectorContext<ConnectorConfig>) => Promise<R>,
    words: (result: R) => string,
  ): Promise<R>
}

const openTogether = together(async (db: Db, ids: readonly string[]) => {
  const opened = await openConnections(db, [...new Set(ids)])
  return ids.map((id) => opened.get(id)!)
})

const writeTogether = together(async (db: Db, rows: readonly (typeof schema.attempt.$inferInsert)[]) => {
  await db.execute(insertOf(schema.attempt, rows))
  return rows.map(() => undefined)
})

const answerTogether = together(async (db: Db, ids: readonly string[]) => {
  await noteAnswers(db, ids)
  return ids.map(() => undefined)
})

const accountTogether = together(async (db: Db, ids: readonly string[]) => {
  const { account } = schema
  const rows = await db.select().from(account).where(isAmong(account.id, ids))
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => found.get(id))
})

/** Opens the connection behind a grant. Throws ConnectorError `misconfigured` where its settings cannot be used. */
export async function openTarget(engine: Engine, f: LoadedGrant, claim: Claim): Promise<Target> {
  if (!f.connection) throw new Error('an application without a connection has no target to open')
  const { connector, config } = await openTogether(engine.db, f.connection.id)
  const connectionId = f.connection.id
  const knownTrouble = troubleOf(f.connection)
  return {
    connector,
    entitlement: { id: f.entitlement.externalId, name: f.entitlement.name },
    async call(operation, effect, attempt, words) {
      // A change keeps its id over its retries, so that the target can know a repeat. One that was answered and
      // yet had no effect is a new change, or a target that remembers ids would answer it from memory.
      const changeId = `${operation}:${f.row.id}:${claim.generation}.${answeredRounds(claim)}`
      const startedAt = processNow()
      const operationId =
        effect === 'change'
          ? changeId
          : `${operation}:${f.row.id}:${claim.id}:${claim.attempt}:${startedAt.getTime()}`
      const began = performance.now()
      const write = (outcome: string, message: string | null) =>
        writeTogether(engine.db, {
          grantId: f.row.id,
          operation,
          operationId,
          startedAt,
          tookMs: Math.round(performance.now() - began),
          outcome,
          message,
        })
      try {
        const result = await callOutside(attempt, {
          connector,
          config,
          operationId,
          effect,
          db: engine.db,
          now: processNow,
          signal: engine.signal,
          onRequest: () => {
            engine.hand.requests++
          },
          log: (message, fields) => log.debug({ ...fields, connector: connector.id, operation }, message),
        })
        await Promise.all([write(words(result), null), answerTogether(engine.db, connectionId)])
        if (knownTrouble?.operation === operation && (await noteWorking(engine.ctx, connectionId, operation)))
          await retryLeases(engine.db, connectionId)
        return result
      } catch (error) {
        const known = asConnectorError(error)
        await write(known.code, known.message)
        await weigh(engine, connectionId, known, performance.now() - began)
        if (known.code === 'rate_limited') await slowDown(engine, connectionId, known.retryAfterMs ?? 1000)
        const code = known.disabled ? 'switched_off' : known.code === 'auth' ? 'auth' : null
        if (code && knownTrouble?.code !== code)
          await noteTrouble(engine.ctx, connectionId, { code, operation, message: known.message })
        if (known.othersMoved) await noteOthersMoved(engine, f, known.message)
        throw known
      }
    },
  }
}

/**
 * What an error says of the connection: that the target did not answer, or that it did, whatever about. A call that we
 * stopped ourselves, or never made because of our own settings, says nothing.
 */
async function weigh(engine: Engine, connectionId: string, error: ConnectorError, tookMs: number) {
  if (engine.signal.aborted || (error.code === 'misconfigured' && !error.disabled)) return
  const silent = error.code === 'retryable' || error.code === 'unknown_outcome'
  if (silent && !error.othersMoved) await noteSilence(engine.db, connectionId, tookMs)
  else await answerTogether(engine.db, connectionId)
}

/** Somebody else's membership may be gone because of us: a finding on the grant, and the owners are told. */
async function noteOthersMoved(engine: Engine, f: LoadedGrant, message: string): Promise<void> {
  await noteTrouble(
    engine.ctx,
    f.connection!.id,
    { code: 'others_moved', operation: 'change', message },
    (at) => ({
      id: newId(),
      kind: 'others_moved',
      grantId: f.row.id,
      entitlementId: f.row.entitlementId,
      detail: message,
      foundAt: at.now,
    }),
  )
}

function asConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error
  throw error
}

/** How often a change was answered "done" without its effect being seen. */
export function answeredRounds(claim: Pick<Claim, 'memo'>): number {
  return typeof claim.memo?.round === 'number' ? claim.memo.round : 0
}

/** A rate limit concerns everybody on the connection, not only the call that hit it. */
async function slowDown(engine: Engine, connectionId: string, ms: number): Promise<void> {
  await engine.db
    .update(schema.connection)
    .set({
      // A call that was answered earlier may have been told to wait longer; greatest() leaves out a null.
      resumeAt: sql`greatest(${schema.connection.resumeAt}, clock_timestamp() + ${Math.min(ms, SLOW_GAP_MS)} * interval '1 millisecond')`,
    })
    .where(sql`${schema.connection.id} = ${connectionId}`)
}

/** Looks. An account or an entitlement that is proven gone holds nothing. */
export async function look(target: Target, f: LoadedGrant, account: ConnectorAccount): Promise<Holding> {
  try {
    return await target.call(
      'check',
      'look',
      (ctx) => target.connector.check(ctx, { grantId: f.row.id, entitlement: target.entitlement, account }),
      (holding) => holding.state,
    )
  } catch (error) {
    if (error instanceof ConnectorError && isProvenGone(error))
      return { state: 'absent', detail: error.message }
    throw error
  }
}

export function isProvenGone(error: ConnectorError): boolean {
  return error.code === 'principal_missing' || error.code === 'entitlement_missing'
}

/** One line for the attempt log about a change's answer. */
export function changeWords(result: ChangeResult): string {
  return result.state === 'pending' ? 'pending' : result.changed ? 'done' : 'done, nothing to change'
}

/** The account a grant is pinned to. */
export async function pinnedAccount(engine: Engine, f: LoadedGrant): Promise<ConnectorAccount | null> {
  const { account } = schema
  const row = f.row.accountId
    ? await accountTogether(engine.db, f.row.accountId)
    : await engine.db.query.account.findFirst({
        where: sql`${account.connectionId} = ${f.connection?.id ?? null} and ${account.personId} = ${f.row.personId}
          and ${account.unlinkedAt} is null`,
      })
  return row ? { id: row.externalId, name: row.name, email: row.email } : null
}
