import 'server-only'
import { and, asc, eq, exists, inArray, isNull, or, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { ReadingSummary } from '@/lib/application-views'
import { readNow } from '@/lib/clock'
import { ConnectorError, type Holder, type Page } from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import type { ReadHolder } from '@/lib/domain/drift'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { liveGrantStates } from '@/lib/domain/grant'
import type { ApplicationIdInput } from './application-input'
import type { ConnectionRow } from './changes'
import { callTarget, withCall } from './connection-calls'
import { openRow } from './connections'
import { saveReadings } from './drift'

const MOST_PAGES = 1_000

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
    const { connector, config } = openRow(row)
    const able = connector.listHolders !== undefined && connector.capabilities(config).listHolders
    return able ? null : refuse('unavailable', `${name} cannot say who holds what`)
  } catch (error) {
    if (error instanceof ConnectorError) return refuse('unavailable', error.message)
    throw error
  }
}

/** Troubles that the next entitlement would meet as well. */
const ofTheTarget: ReadonlySet<string> = new Set(['retryable', 'rate_limited', 'auth', 'misconfigured'])

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
  const found = new Map<string, ReadHolder>()
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const at: string | null = cursor
    const answer: Page<Holder> = await callTarget(row, (connector, context) => {
      if (!connector.listHolders) throw new ConnectorError('rejected', 'It cannot say who holds what.')
      return connector.listHolders(context, { entitlement, cursor: at })
    })
    for (const { account, state, via, fixed } of answer.items) {
      // Listed twice, a direct hold is what counts.
      if (found.get(account.id)?.state === 'direct') continue
      found.set(account.id, {
        id: account.id,
        name: account.name,
        ...(account.email ? { email: account.email } : {}),
        state,
        ...(via ? { via } : {}),
        ...(fixed ? { fixed } : {}),
      })
    }
    cursor = answer.next
    if (cursor === null) return [...found.values()]
  }
  throw new ConnectorError('rejected', 'The list did not come to an end.')
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
