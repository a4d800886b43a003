import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { ConnectorError, type Holding } from '@/lib/connectors/contract'
import { faultpoint } from '@/lib/faultpoints'
import { answerWords } from '@/lib/outcome-words'
import type { ConnectionRow } from '@/lib/services/changes'
import { callTarget } from '@/lib/services/connection-calls'
import { openRow } from '@/lib/services/connections'
import { closeRemoved, findingPlace, mayRemove, noteAnswer } from '@/lib/services/findings'
import { retryDelayMs } from '../backoff'
import type { Engine } from '../engine'
import { answeredRounds, isProvenGone } from '../target'
import { takeTurn } from '../turns'
import { type Claim, done, held, retryLater, waitABit } from '../work'

type Place = NonNullable<Awaited<ReturnType<typeof findingPlace>>>

/**
 * Removes somebody who holds an entitlement without a right: revoke → end sessions → look until seen gone. That it is
 * made was written down when it was ordered. It is tried until the target shows them gone, or somebody says otherwise;
 * whoever got a lease or a standing right meanwhile keeps it.
 */
export async function remove(engine: Engine, claim: Claim): Promise<void> {
  const place = await findingPlace(engine.db, claim.subjectId)
  const connection =
    claim.connectionId &&
    (await engine.db.query.connection.findFirst({ where: eq(schema.connection.id, claim.connectionId) }))
  if (!place || !connection || place.finding.closedAt) return done(engine.db, claim)
  if (!(await mayRemove(engine.db, place, connection.id))) return done(engine.db, claim)
  try {
    await removeFrom(engine, claim, place, connection)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    await answered(engine, claim, place, error)
  }
}

async function removeFrom(
  engine: Engine,
  claim: Claim,
  { finding, entitlement, applicationId }: Place,
  connection: ConnectionRow,
): Promise<void> {
  const account = finding.holder
  if (!account) return done(engine.db, claim)
  const args = {
    grantId: finding.id,
    entitlement: { id: entitlement.externalId, name: entitlement.name },
    account,
  }
  const token = typeof claim.memo?.token === 'string' ? claim.memo.token : null
  const { connector, config } = openRow(connection)
  if (!(await takeTurn(engine, claim, { connection, row: { entitlementId: entitlement.id } }, { connector })))
    return waitABit(engine.db, claim)
  const round = `${claim.generation}.${answeredRounds(claim)}`
  let failed: ConnectorError | null = null
  faultpoint('remove.call', 'before')
  try {
    const answer = await callTarget(
      connection,
      (connector, context) =>
        token && connector.poll
          ? connector.poll(context, { token, grantId: finding.id })
          : connector.revoke(context, args),
      token ? undefined : { operationId: `remove:${finding.id}:${round}`, db: engine.db },
    )
    if (answer.state === 'pending')
      return retryLater(engine.db, claim, answer.pollAfterMs, {
        memo: { ...claim.memo, token: answer.token },
        connection,
      })
  } catch (error) {
    // Whether it is gone is decided by looking, whatever the answer was.
    if (!(error instanceof ConnectorError)) throw error
    failed = error
  }
  faultpoint('remove.call', 'after')
  const looks = connector.capabilities(config).check !== 'none'
  if (failed && !looks) throw failed
  const sessions = failed && !isProvenGone(failed) ? null : await endSessions(engine, connection, args, round)
  const holding: Holding = looks ? await look(connection, args) : { state: 'absent' }
  if (holding.state !== 'absent' && holding.state !== 'indirect') {
    if (failed) throw failed
    return retryLater(engine.db, claim, retryDelayMs(claim.attempt, { seed: claim.id }), {
      error: holding.detail ?? 'Still there after it was removed',
      memo: { round: answeredRounds(claim) + 1 },
      connection,
    })
  }
  const closed = await closeRemoved(engine.ctx, finding.id, applicationId, {
    mine: async (tx) => (await tx.query.work.findFirst({ where: held(claim) })) !== undefined,
    entry: {
      verb: 'removed',
      data: {
        findingId: finding.id,
        name: account.name,
        entitlement: entitlement.name,
        verified: looks,
        via: holding.state === 'indirect' ? holding.via : undefined,
        sessionsEnded: sessions?.ended,
        sessionsLeft: sessions?.left ?? undefined,
      },
    },
  })
  // The claim is lost, or somebody settled it meanwhile: what they said stands.
  if (!closed.ok && closed.code !== 'not_found') await done(engine.db, claim)
}

type Args = {
  grantId: string
  entitlement: { id: string; name: string }
  account: { id: string; name: string }
}

/** Looks. An account or an entitlement that is proven gone holds nothing. */
async function look(connection: ConnectionRow, args: Args): Promise<Holding> {
  try {
    return await callTarget(connection, (connector, context) =>
      connector.check(context, { entitlement: args.entitlement, account: args.account }),
    )
  } catch (error) {
    if (error instanceof ConnectorError && isProvenGone(error)) return { state: 'absent' }
    throw error
  }
}

/** Ends open sessions where the target can. That it could not is said, and does not keep the access alive. */
async function endSessions(
  { db }: Engine,
  connection: ConnectionRow,
  args: Args,
  round: string,
): Promise<{ ended: number; left: string | null }> {
  try {
    const { ended } = await callTarget(
      connection,
      async (connector, context) => (await connector.endSessions?.(context, args)) ?? { ended: 0 },
      { operationId: `remove-sessions:${args.grantId}:${round}`, db },
    )
    return { ended, left: null }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return { ended: 0, left: isProvenGone(error) ? null : error.message }
  }
}

/** An answer that is not a success: written down when it is a new one, and tried again later. */
async function answered(engine: Engine, claim: Claim, place: Place, error: ConnectorError): Promise<void> {
  const { code, message, retryAfterMs } = error
  if (claim.memo?.answer !== code)
    await noteAnswer(engine.ctx, place.applicationId, {
      verb: 'answered',
      data: {
        operation: 'remove',
        code,
        message: `${place.finding.holder?.name} in ${place.entitlement.name}: ${message || answerWords(code)}`,
      },
    })
  const lost = code !== 'retryable' && code !== 'rate_limited' && claim.memo?.token
  await retryLater(engine.db, claim, retryDelayMs(claim.attempt, { code, retryAfterMs, seed: claim.id }), {
    error: message,
    memo: lost ? { round: answeredRounds(claim) + 1, answer: code } : { ...claim.memo, answer: code },
  })
}
