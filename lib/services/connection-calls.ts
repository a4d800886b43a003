import 'server-only'
import type { Reader, Tx } from '@/db/client'
import { processNow } from '@/lib/clock'
import type { ConnectorConfig, ConnectorContext } from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import type { GateVerb } from '@/lib/domain/authorize'
import { RefusalError, type Result } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { mayCall } from '@/lib/queries/applications-gate'
import type { ApplicationRow } from './applications'
import type { At } from './apply'
import { change, fresh } from './change'
import type { ConnectionRow, Entry } from './changes'
import { connectionOf, withConnectionOf } from './connection-edits'
import { openRow } from './connections'
import { ownersOf } from './facts'
import { callOutside } from './outside'

/** One bounded call to the target, a look unless said; no transaction is open meanwhile. */
export async function callTarget<R>(
  row: ConnectionRow,
  attempt: (
    connector: ReturnType<typeof openRow>['connector'],
    context: ConnectorContext<ConnectorConfig>,
  ) => Promise<R>,
  change?: { readonly operationId: string; readonly db: Reader },
): Promise<R> {
  const { connector, config } = openRow(row)
  return callOutside((context) => attempt(connector, context), {
    connector,
    config,
    operationId: change?.operationId ?? newId(),
    ...(change ? { effect: 'change', db: change.db } : { effect: 'look' }),
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
