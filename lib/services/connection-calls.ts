import 'server-only'
import { eq } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { SyncSummary, TestAnswer } from '@/lib/application-views'
import { processNow, readClocks } from '@/lib/clock'
import { callConnector } from '@/lib/connectors/call'
import {
  type ConnectionTest,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorError,
  type ListedEntitlement,
  type Page,
} from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import type { GateVerb } from '@/lib/domain/authorize'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { mayCall } from '@/lib/queries/applications-gate'
import type { ApplicationIdInput } from './application-input'
import { change, fresh } from './change'
import type { ConnectionRow, Entry } from './changes'
import { connectionOf, withConnectionOf } from './connection-edits'
import { troubleOf } from './connection-trouble'
import { openRow, targetEgress } from './connections'
import { ownersOf } from './facts'

const MOST_PAGES = 500

/** What the last test said, as it is stored with the connection and shown on its page. */
export interface StoredProbe {
  readonly checks: ConnectionTest['checks']
  readonly identity: string | null
  readonly credentialExpiresAt: string | null
  readonly tookMs: number
}

/**
 * Asks the target what our credential is and may do, changing nothing there, and keeps the answer. A target that
 * cannot be asked is a failed check, not a refusal. Owners and admins.
 */
export async function testConnection(ctx: Ctx, input: ApplicationIdInput): Promise<Result<TestAnswer>> {
  return withCall(ctx, 'connection.test', input.applicationId, async (row) => {
    const started = performance.now()
    const test = await callTarget(row, (connector, context) => connector.testConnection(context)).catch(
      asFailedTest,
    )
    const probe: StoredProbe = {
      checks: test.checks,
      identity: test.identity ?? null,
      credentialExpiresAt: test.credentialExpiresAt?.toISOString() ?? null,
      tookMs: Math.round(performance.now() - started),
    }
    return async (tx) => {
      const { wall } = await readClocks(tx)
      // A test that fails as well is no new trouble to write to people about.
      const trouble = troubleOf(row)
      await tx
        .update(schema.connection)
        .set({
          probedAt: wall,
          probeOk: test.ok,
          probe: { ...probe, ...(!test.ok && trouble ? { trouble } : {}) },
        })
        .where(eq(schema.connection.id, row.id))
      const failed = test.checks.filter((check) => !check.ok).map((check) => check.name)
      return {
        result: { ok: test.ok, checks: test.checks },
        entry: { verb: 'tested', data: { ok: test.ok, failed, tookMs: probe.tookMs } },
      }
    }
  })
}

function asFailedTest(error: unknown): ConnectionTest {
  if (!(error instanceof ConnectorError)) throw error
  return { ok: false, checks: [{ name: 'Reach the system', ok: false, detail: error.message }] }
}

/**
 * Reads the target's whole catalogue and brings ours to it, by the target's immutable ids. An entitlement closes
 * only when a complete, non-empty listing lacks it; a listing that breaks off changes nothing. Owners and admins.
 */
export async function syncCatalogue(ctx: Ctx, input: ApplicationIdInput): Promise<Result<SyncSummary>> {
  return withCall(ctx, 'connection.test', input.applicationId, async (row) => {
    const listed = await listAll(row).catch((error: unknown) => {
      if (!(error instanceof ConnectorError)) throw error
      throw new RefusalError(
        refuse('unavailable', `The catalogue could not be read, so nothing changed. ${error.message}`),
      )
    })
    return async (tx, now) => {
      const summary = await mergeCatalogue(tx, input.applicationId, row.id, listed, now)
      await tx.update(schema.connection).set({ syncedAt: now }).where(eq(schema.connection.id, row.id))
      return { result: summary, entry: { verb: 'synced', data: { ...summary } } }
    }
  })
}

async function listAll(row: ConnectionRow): Promise<ListedEntitlement[]> {
  const found = new Map<string, ListedEntitlement>()
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const at: string | null = cursor
    const answer: Page<ListedEntitlement> = await callTarget(row, (connector, context) =>
      connector.listEntitlements(context, { cursor: at }),
    )
    for (const item of answer.items) found.set(item.id, item)
    cursor = answer.next
    if (cursor === null) return [...found.values()]
  }
  throw new ConnectorError('rejected', 'The list did not come to an end.')
}

async function mergeCatalogue(
  tx: Tx,
  applicationId: string,
  connectionId: string,
  listed: readonly ListedEntitlement[],
  now: Date,
): Promise<SyncSummary> {
  const { entitlement } = schema
  const ours = await tx.select().from(entitlement).where(eq(entitlement.connectionId, connectionId))
  const known = new Map(ours.map((row) => [row.externalId, row]))
  const fresh = listed.filter((item) => !known.has(item.id))
  if (fresh.length)
    await tx.insert(entitlement).values(
      fresh.map((item) => ({
        id: newId(),
        applicationId,
        connectionId,
        externalId: item.id,
        name: item.name,
        description: item.description ?? null,
        requestable: item.requestable,
        reason: item.reason ?? null,
      })),
    )
  let renamed = 0
  let reopened = 0
  for (const item of listed) {
    const row = known.get(item.id)
    if (!row) continue
    if (row.name !== item.name) renamed++
    if (row.closedAt) reopened++
    const set = {
      name: item.name,
      // What people wrote about it stays; the target only fills what is empty.
      description: row.description ?? item.description ?? null,
      requestable: item.requestable,
      reason: item.reason ?? null,
      closedAt: null,
    }
    if (Object.entries(set).every(([key, value]) => row[key as keyof typeof row] === value)) continue
    await tx
      .update(entitlement)
      .set({ ...set, version: row.version + 1 })
      .where(eq(entitlement.id, row.id))
  }
  const present = new Set(listed.map((item) => item.id))
  const gone = listed.length === 0 ? [] : ours.filter((row) => !row.closedAt && !present.has(row.externalId))
  for (const row of gone)
    await tx
      .update(entitlement)
      .set({ closedAt: now, reason: 'Gone from the target', version: row.version + 1 })
      .where(eq(entitlement.id, row.id))
  return { found: listed.length, added: fresh.length, renamed, closed: gone.length, reopened }
}

/** One bounded look at the target; no transaction is open meanwhile. */
async function callTarget<R>(
  row: ConnectionRow,
  attempt: (
    connector: ReturnType<typeof openRow>['connector'],
    context: ConnectorContext<ConnectorConfig>,
  ) => Promise<R>,
): Promise<R> {
  const { connector, config } = openRow(row)
  return callConnector((context) => attempt(connector, context), {
    connector,
    config,
    operationId: newId(),
    effect: 'look',
    egress: targetEgress(),
    now: processNow,
  })
}

/**
 * Asks the gate, calls the target with nothing open, then records what it said in one change. Settings that were
 * edited during the call make its answer worthless, so that is refused as stale.
 */
async function withCall<R>(
  ctx: Ctx,
  gate: Extract<GateVerb, 'connection.test'>,
  applicationId: string,
  call: (row: ConnectionRow) => Promise<(tx: Tx, now: Date) => Promise<{ result: R; entry: Entry }>>,
): Promise<Result<R>> {
  const ownerIds = () => ownersOf(ctx.db, applicationId)
  const refused = mayCall(ctx, gate, await ownerIds())
  if (refused) return refused
  return withConnectionOf(ctx, applicationId, async (connectionId) => {
    try {
      const { row, application } = await connectionOf(ctx.db, applicationId)
      const keep = await call(row)
      return await change(ctx, {
        gate,
        subject: { type: 'connection', id: connectionId },
        facts: async (tx) => ({ ownerIds: await ownersOf(tx, applicationId) }),
        async run(tx, at) {
          const now = await connectionOf(tx, applicationId)
          fresh(row.version, now.row.version, 'connection')
          const { result, entry } = await keep(tx, at.now)
          return { result, entry: { ...entry, data: { application: application.name, ...entry.data } } }
        },
      })
    } catch (error) {
      if (error instanceof RefusalError) return error.refusal
      throw error
    }
  })
}
