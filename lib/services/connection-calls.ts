import 'server-only'
import { eq } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { TestAnswer } from '@/lib/application-views'
import { processNow, readClocks } from '@/lib/clock'
import { callConnector } from '@/lib/connectors/call'
import {
  type ConnectionTest,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorError,
} from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import type { GateVerb } from '@/lib/domain/authorize'
import { RefusalError, type Result } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { mayCall } from '@/lib/queries/applications-gate'
import type { ApplicationIdInput } from './application-input'
import type { ApplicationRow } from './applications'
import type { At } from './apply'
import { change, fresh } from './change'
import type { ConnectionRow, Entry } from './changes'
import { connectionOf, withConnectionOf } from './connection-edits'
import { troubleOf } from './connection-trouble'
import { openRow, targetEgress } from './connections'
import { ownersOf } from './facts'

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

/** One bounded look at the target; no transaction is open meanwhile. */
export async function callTarget<R>(
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
export async function withCall<R>(
  ctx: Ctx,
  gate: Extract<GateVerb, 'connection.test' | 'connection.edit'>,
  applicationId: string,
  call: (
    row: ConnectionRow,
    application: ApplicationRow,
  ) => Promise<(tx: Tx, at: At) => Promise<{ result: R; entry: Entry | null }>>,
): Promise<Result<R>> {
  const ownerIds = () => ownersOf(ctx.db, applicationId)
  const refused = mayCall(ctx, gate, await ownerIds())
  if (refused) return refused
  return withConnectionOf(ctx, applicationId, async (connectionId) => {
    try {
      const { row, application } = await connectionOf(ctx.db, applicationId)
      const keep = await call(row, application)
      return await change(ctx, {
        gate,
        subject: { type: 'connection', id: connectionId },
        facts: async (tx) => ({ ownerIds: await ownersOf(tx, applicationId) }),
        async run(tx, at) {
          const now = await connectionOf(tx, applicationId)
          fresh(row.version, now.row.version, 'connection')
          const { result, entry } = await keep(tx, at)
          const told = entry && { ...entry, data: { application: application.name, ...entry.data } }
          return { result, entry: told }
        },
      })
    } catch (error) {
      if (error instanceof RefusalError) return error.refusal
      throw error
    }
  })
}
