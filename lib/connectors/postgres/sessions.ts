import 'server-only'
import type postgres from 'postgres'
import { ConnectorError } from '../contract'

/** Milliseconds a session gets to disappear after it was told to. */
const GRACE_MS = 1_000

/**
 * Ends every session of a login role. A session that did SET ROLE keeps the role after the
 * membership is gone, and no view shows another session's current role, so all of them have to go.
 * They are all told first and waited for afterwards, so that many cost little more than one.
 * @throws ConnectorError `retryable` when some are still there after the grace.
 */
export async function endSessionsOf(sql: postgres.Sql, login: string): Promise<{ ended: number }> {
  const told = await sql<{ told: boolean }[]>`
    select pg_terminate_backend(pid) as told from pg_stat_activity
    where usesysid = ${login}::oid and pid <> pg_backend_pid()`
  const left = await sql<{ gone: boolean }[]>`
    select pg_terminate_backend(pid, ${GRACE_MS}::bigint) as gone from pg_stat_activity
    where usesysid = ${login}::oid and pid <> pg_backend_pid()`
  const stubborn = left.filter((session) => !session.gone).length
  if (stubborn > 0) {
    throw new ConnectorError('retryable', `${stubborn} of the account’s sessions have not ended yet.`)
  }
  return { ended: told.filter((session) => session.told).length }
}
