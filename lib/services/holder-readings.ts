import 'server-only'
import { and, asc, eq, exists, inArray, isNull, or, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { ReadingSummary } from '@/lib/application-views'
import { readNow } from '@/lib/clock'
import { ConnectorError } from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import type { ReadHolder } from '@/lib/domain/drift'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { liveGrantStates } from '@/lib/domain/grant'
import type { ApplicationIdInput } from './application-input'
import type { ConnectionRow } from './changes'
import { withCall } from './connection-calls'
import { openRow } from './connections'
import { saveReadings } from './drift'
import { listHolders, listsHolders } from './target-lists'

/** Everybody who holds one entitlement, read to the end. `readAt` is when the reading began. */
export interface Reading {
  readonly entitlementId: string
  readonly readAt: Date
  readonly holders: readonly ReadHolder[]
}

/**
 * Reads who holds what in the target and holds it against our record. Only what was read to its end says anything: of
 * an entitlement whose list breaks off nothing changes, and why is kept on the connection. Owners and admins, and the
 * product itself every six hours.
 */
export function readHolders(
  ctx: Ctx,
  { applicationId }: ApplicationIdInput,
): Promise<Result<ReadingSummary>> {
  return withCall(ctx, 'connection.test', applicationId, async (row, application) => {
    const refused = cannotList(row, application.name)
    if (refused) throw new RefusalError(refused)
    const { readings, problems } = await readAll(ctx.db, row)
    return (tx, at) => saveReadings(tx, at, { row, applicationId, readings, problems })
  })
}

function cannotList(row: ConnectionRow, name: string) {
  try {
    openRow(row)
    return listsHolders(row) ? null : refuse('unavailable', `${name} cannot say who holds what`)
  } catch (error) {
    if (error instanceof ConnectorError) return refuse('unavailable', error.message)
    throw error
  }
}

/** Troubles that the next entitlement would meet as well. */
export const ofTheTarget: ReadonlySet<string> = new Set([
  'retryable',
  'rate_limited',
  'auth',
  'misconfigured',
])

/** Reads what was not read for longest first, so that a target that stops us half way is read whole in the end. */
async function readAll(db: Reader, row: ConnectionRow): Promise<{ readings: Reading[]; problems: string[] }> {
  const readings: Reading[] = []
  const problems: string[] = []
  for (const { id, externalId, name } of await toRead(db, row.id)) {
    const readAt = await readNow(db)
    try {
      readings.push({ entitlementId: id, readAt, holders: await readOne(row, { id: externalId, name }) })
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      problems.push(`${name}: ${error.message}`)
      if (ofTheTarget.has(error.code)) break
    }
  }
  return { readings, problems }
}

/**
 * What is read: what may be leased, and what is or was by us. The members of what is fed by rules come and go without
 * anybody's doing.
 */
function toRead(db: Reader, connectionId: string) {
  const { entitlement, grant } = schema
  const leased = db
    .select({ id: grant.entitlementId })
    .from(grant)
    .where(and(eq(grant.entitlementId, entitlement.id), inArray(grant.state, [...liveGrantStates])))
  return db
    .select({ id: entitlement.id, externalId: entitlement.externalId, name: entitlement.name })
    .from(entitlement)
    .where(
      and(
        eq(entitlement.connectionId, connectionId),
        isNull(entitlement.closedAt),
        or(eq(entitlement.requestable, true), exists(leased)),
      ),
    )
    .orderBy(sql`${entitlement.holdersAt} asc nulls first`, asc(entitlement.id))
}

async function readOne(row: ConnectionRow, entitlement: { id: string; name: string }): Promise<ReadHolder[]> {
  const holders = await listHolders(row, entitlement)
  return holders.map(({ account, state, via, fixed }) => ({
    id: account.id,
    name: account.name,
    ...(account.email ? { email: account.email } : {}),
    state,
    ...(via ? { via } : {}),
    ...(fixed ? { fixed } : {}),
  }))
}

/** The scheduled reading of one connection. Nothing is read of what is archived or cannot say who holds what. */
export async function readConnection(ctx: Ctx, connectionId: string): Promise<void> {
  const { application } = schema
  const row = await ctx.db.query.application.findFirst({ where: eq(application.connectionId, connectionId) })
  if (!row || row.archivedAt) return
  const read = await readHolders(ctx, { applicationId: row.id })
  if (read.ok || read.code === 'unavailable') return
  throw new RefusalError(read)
}
