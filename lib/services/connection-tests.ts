import 'server-only'
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import { type Db, schema, type Tx } from '@/db/client'
import type { TestAnswer } from '@/lib/application-views'
import { readClocks } from '@/lib/clock'
import { type ConnectionTest, ConnectorError } from '@/lib/connectors/contract'
import { type Ctx, systemCtx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { ApplicationIdInput } from './application-input'
import type { At } from './apply'
import { change } from './change'
import type { ConnectionRow, Entry } from './changes'
import { notResting } from './connection-breaker'
import { callTarget, withCall } from './connection-calls'
import { retryNow } from './connection-retry'
import { type ConnectionTrouble, tellTrouble, troubleCheck, troubleOf } from './connection-trouble'

/** What was said of a connection's health is kept for so long. */
const KEPT_DAYS = 30
/** Two ends of a credential closer than this are one, told with other seconds. */
const SAME_END_MS = 3_600_000
/** Owners are told when every look of so long has failed: four of them, a quarter of an hour apart. */
const FAILING_MINUTES = 44

/** What the last test said, as it is stored with the connection and shown on its page. */
export interface StoredProbe {
  readonly checks: ConnectionTest['checks']
  readonly identity: string | null
  readonly credentialExpiresAt: string | null
  readonly tookMs: number
  /** The checks that failed, by name: whether the next answer is another one is judged by them. */
  readonly failed: readonly string[]
}

interface Answer {
  readonly test: ConnectionTest
  readonly tookMs: number
}

/**
 * Asks the target what our credential is and may do, changing nothing there, and keeps the answer. A target that
 * cannot be asked is a failed check, not a refusal. Owners and admins.
 */
export function testConnection(ctx: Ctx, input: ApplicationIdInput): Promise<Result<TestAnswer>> {
  return withCall(ctx, 'connection.test', input.applicationId, async (row) => {
    const answer = await ask(row)
    return async (tx) => {
      // A test that fails as well is no new trouble to write to people about.
      await keep(tx, row, answer, answer.test.ok ? null : troubleOf(row))
      return { result: { ok: answer.test.ok, checks: answer.test.checks }, entry: entryOf(answer) }
    }
  })
}

/**
 * The same look by the product itself, every quarter of an hour. It always leaves a line of health; the timeline only
 * learns of an answer that is another than the last, and owners, once, of one that has failed for an hour. Settings that were edited during the call make it worthless, and
 * a target that asked for patience has it. Unshifted time.
 */
export async function probeConnection(db: Db, connectionId: string): Promise<void> {
  const { connection, application } = schema
  const [found] = await db
    .select({ row: connection, application: application.name })
    .from(connection)
    .innerJoin(application, eq(application.connectionId, connection.id))
    .where(eq(connection.id, connectionId))
  const { wall } = await readClocks(db)
  if (!found || (found.row.resumeAt && found.row.resumeAt > wall)) return
  const { row } = found
  const answer = await ask(row)
  const ctx = systemCtx('engine', db)
  const kept = await change(ctx, {
    gate: 'connection.test',
    subject: { type: 'connection', id: row.id },
    async run(tx, at) {
      const [now] = await tx.select().from(connection).where(eq(connection.id, row.id)).for('update')
      if (now?.version !== row.version) throw new RefusalError(refuse('stale', 'It was edited meanwhile'))
      const known = sameAnswer(now, answer)
      const trouble = await lastingTrouble(tx, now, answer)
      await keep(tx, now, answer, trouble)
      if (!answer.test.ok && !trouble) await tellIfFailing(tx, at, row.id)
      const { verb, data } = entryOf(answer)
      return {
        result: null,
        entry: known ? null : { verb, data: { application: found.application, ...data } },
      }
    },
  })
  if (!kept.ok && kept.code !== 'stale') throw new Error(kept.message)
  await db
    .delete(schema.probe)
    .where(
      and(
        eq(schema.probe.connectionId, row.id),
        lt(schema.probe.at, sql`clock_timestamp() - ${KEPT_DAYS} * interval '1 day'`),
      ),
    )
}

async function ask(row: ConnectionRow): Promise<Answer> {
  const began = performance.now()
  const test = await callTarget(row, (connector, context) => connector.testConnection(context)).catch(
    asFailedTest,
  )
  return { test, tookMs: Math.round(performance.now() - began) }
}

function asFailedTest(error: unknown): ConnectionTest {
  if (!(error instanceof ConnectorError)) throw error
  return { ok: false, checks: [{ name: 'Reach the system', ok: false, detail: error.message }] }
}

const failedOf = ({ test }: Answer) => test.checks.filter((check) => !check.ok)

function entryOf(answer: Answer): Entry {
  const failed = failedOf(answer)
  const data = {
    ok: answer.test.ok,
    failed: failed.map((check) => check.name),
    detail: failed[0] ? sentenceOf(failed[0]) : null,
    tookMs: answer.tookMs,
  }
  return { verb: 'tested', data }
}

const sentenceOf = ({ name, detail }: ConnectionTest['checks'][number]) => `${name}: ${detail}`

/** Whether an answer says what the last one said: the same checks fail. */
export function sameAnswer({ probe }: Pick<ConnectionRow, 'probe'>, answer: Answer): boolean {
  const before = (probe as Partial<StoredProbe> | null)?.failed
  const now = failedOf(answer).map((check) => check.name)
  return before !== undefined && before.length === now.length && now.every((name) => before.includes(name))
}

/**
 * The trouble that a look by the product leaves standing. What a give or a take was refused is over when one goes
 * through again; only where none waits for that does a look that succeeds end it.
 */
async function lastingTrouble(
  tx: Tx,
  row: ConnectionRow,
  { test }: Answer,
): Promise<ConnectionTrouble | null> {
  const trouble = troubleOf(row)
  if (!trouble || !test.ok) return trouble
  if (trouble.code === 'switched_off') return row.paused ? trouble : null
  const { work } = schema
  const waiting = await tx.$count(
    work,
    and(eq(work.connectionId, row.id), sql`${work.kind} in ('give', 'take') and ${work.attempt} > 0`),
  )
  return waiting > 0 ? trouble : null
}

async function keep(
  tx: Tx,
  row: ConnectionRow,
  answer: Answer,
  trouble: ConnectionTrouble | null,
): Promise<void> {
  const { connection, probe } = schema
  const { test, tookMs } = answer
  const { wall } = await readClocks(tx)
  const failed = failedOf(answer)
  const standing = trouble && test.ok ? troubleCheck(row, trouble) : null
  const stored: StoredProbe = {
    checks: standing ? [standing, ...test.checks] : test.checks,
    identity: test.identity ?? null,
    credentialExpiresAt: test.credentialExpiresAt?.toISOString() ?? null,
    tookMs,
    failed: failed.map((check) => check.name),
  }
  const [before] = await tx
    .select({ ok: probe.ok })
    .from(probe)
    .where(eq(probe.connectionId, row.id))
    .orderBy(desc(probe.at), desc(probe.id))
    .limit(1)
  await tx.insert(probe).values({
    connectionId: row.id,
    at: wall,
    ok: test.ok,
    tookMs,
    detail: failed[0] ? sentenceOf(failed[0]) : null,
  })
  const back = test.ok && before?.ok === false
  await tx
    .update(connection)
    .set({
      probedAt: wall,
      probeOk: test.ok && !trouble,
      probe: { ...stored, ...(trouble ? { trouble } : {}) },
      ...credentialOf(row, test),
      // It answers again, so it need not rest any more.
      ...(back ? notResting : {}),
    })
    .where(eq(connection.id, row.id))
  if (back) await retryNow(tx, row.id)
}

/** Owes the mail about an outage that has lasted; what ended it, and a trouble that was mailed, is none any more. */
async function tellIfFailing(tx: Tx, at: At, connectionId: string): Promise<void> {
  const { probe } = schema
  const lastOk = tx
    .select({ at: sql`coalesce(max(${probe.at}), '-infinity')` })
    .from(probe)
    .where(and(eq(probe.connectionId, connectionId), probe.ok))
  const failed = await tx
    .select({ id: probe.id, at: probe.at, detail: probe.detail })
    .from(probe)
    .where(and(eq(probe.connectionId, connectionId), gt(probe.at, lastOk)))
    .orderBy(asc(probe.at), asc(probe.id))
  const [first, last] = [failed[0], failed.at(-1)]
  if (!first || !last) return
  const lasted = last.at.getTime() - first.at.getTime()
  if (lasted < FAILING_MINUTES * 60_000) return
  // Looks are kept in unshifted time, mails speak in the product's.
  const since = new Date(at.now.getTime() - lasted).toISOString()
  const data = { connectionId, code: 'failing', message: last.detail ?? '', since } as const
  await tellTrouble(tx, at, data, String(first.id))
}

/** When our credential ends, as far as this answer knows; another end is another credential, to be warned of anew. */
function credentialOf(row: ConnectionRow, test: ConnectionTest): Partial<ConnectionRow> {
  const end = test.credentialExpiresAt ?? null
  if (!end && !test.ok) return {}
  const moved = Math.abs((end?.getTime() ?? 0) - (row.credentialExpiresAt?.getTime() ?? 0)) > SAME_END_MS
  return { credentialExpiresAt: end, ...(moved ? { credentialWarnedDays: null } : {}) }
}
