import 'server-only'
import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { type Db, schema } from '@/db/client'
import { processNow } from '@/lib/clock'
import { ConnectorError } from '@/lib/connectors/contract'
import { commonTrouble, send as request } from '@/lib/connectors/http'
import { faultpoint } from '@/lib/faultpoints'
import { log } from '@/lib/log'
import { auditEntries } from '@/lib/queries/audit-entries'
import { deliveredOf } from '@/lib/queries/audit-export'
import { SecretError } from '@/lib/secrets'
import { openReceiverSecret } from '@/lib/services/audit-receivers'
import { outsideFetch } from '@/lib/services/outside'
import { retryDelayMs } from '../backoff'
import type { Engine } from '../engine'
import { type Claim, done, retryLater } from '../work'

const { auditReceiver, seal } = schema
type Receiver = typeof auditReceiver.$inferSelect

/** So many entries go out in one message, or fewer where they are long. */
const MOST_ENTRIES = 200
const MOST_BYTES = 256 * 1024
/** From one look for newly sealed entries to the next, milliseconds. */
const IDLE_MS = 2_000
/** A receiver has so long for one message. */
const PATIENCE_MS = 15_000

/**
 * Sends one receiver the next batch of sealed entries, in the chain's order. Where its last position is written down
 * before it is sent, and taken back to nothing when it was taken: after a crash or a lost answer the same message goes
 * out again, under the same id. For ever, with growing pauses, and nothing overtakes it.
 */
export async function deliver(engine: Engine, claim: Claim): Promise<void> {
  const { db } = engine
  const row = await db.query.auditReceiver.findFirst({ where: eq(auditReceiver.id, claim.subjectId) })
  if (!row || row.pausedAt) return done(db, claim)
  const batch = await nextBatch(db, row)
  if (!batch) return retryLater(db, claim, IDLE_MS, { error: null })
  faultpoint('delivery.call', 'before')
  const trouble = await post(engine, row, batch)
  faultpoint('delivery.call', 'after')
  const same = and(eq(auditReceiver.id, row.id), eq(auditReceiver.run, row.run))
  const wall = sql`date_trunc('milliseconds', clock_timestamp())`
  if (!trouble) {
    await db
      .update(auditReceiver)
      .set({
        position: batch.to,
        sendingTo: null,
        deliveredAt: wall,
        failingSince: null,
        failures: 0,
        error: null,
      })
      .where(and(same, eq(auditReceiver.position, row.position)))
    return retryLater(db, claim, batch.full ? 0 : IDLE_MS, { error: null })
  }
  const failures = row.failures + 1
  await db
    .update(auditReceiver)
    .set({
      failures,
      error: trouble.message,
      failingSince: sql`coalesce(${auditReceiver.failingSince}, ${wall})`,
    })
    .where(same)
  log.warn(
    { receiver: row.id, code: trouble.code },
    'the audit log could not be delivered; it is tried again',
  )
  const { code, retryAfterMs } = trouble
  await retryLater(db, claim, retryDelayMs(failures, { code, retryAfterMs, seed: claim.id }), {
    error: trouble.message,
  })
}

interface Batch {
  readonly to: number
  readonly body: string
  readonly id: string
  readonly at: Date
  /** There may be more already. */
  readonly full: boolean
}

/** What is sent next, its end written down; null where there is nothing. */
async function nextBatch(db: Db, row: Receiver): Promise<Batch | null> {
  const until = row.sendingTo ? lte(seal.seq, row.sendingTo) : undefined
  const links = await db
    .select({ seq: seal.seq, id: seal.entryId })
    .from(seal)
    .where(and(gt(seal.seq, row.position), until))
    .orderBy(asc(seal.seq))
    .limit(MOST_ENTRIES)
  const entries = await auditEntries(db, links, { zone: 'UTC', now: new Date(0) })
  const texts = entries.map((entry) => JSON.stringify(deliveredOf(row.format, entry)))
  const fitting = row.sendingTo ? texts.length : countFitting(texts)
  const last = links[fitting - 1]
  if (!last) return null
  const to = last.seq
  if (!row.sendingTo) {
    const intended = await db
      .update(auditReceiver)
      .set({ sendingTo: to })
      .where(
        and(
          eq(auditReceiver.id, row.id),
          eq(auditReceiver.run, row.run),
          eq(auditReceiver.position, row.position),
          isNull(auditReceiver.sendingTo),
        ),
      )
      .returning({ id: auditReceiver.id })
    if (intended.length === 0) return null
  }
  const at = processNow()
  const head = JSON.stringify({ from: row.position + 1, to, format: row.format }).slice(1, -1)
  const body = `{"type":"audit.entries","timestamp":"${at.toISOString()}","data":{${head},"entries":[${texts.slice(0, fitting).join(',')}]}}`
  const id = `audit_${row.id}_${row.run}_${row.position + 1}_${to}`
  return { to, body, id, at, full: links.length === MOST_ENTRIES || fitting < texts.length }
}

/** At least one, whatever its length: nothing is ever left out. */
function countFitting(texts: readonly string[]): number {
  let bytes = 0
  const over = texts.findIndex((text) => {
    bytes += Buffer.byteLength(text)
    return bytes > MOST_BYTES
  })
  return over === -1 ? texts.length : Math.max(1, over)
}

/** Sends one signed message. Null: it was taken. */
async function post(
  { db, signal }: Engine,
  row: Receiver,
  { body, id, at }: Batch,
): Promise<ConnectorError | null> {
  try {
    const signature = new Webhook(openReceiverSecret(row)).sign(id, at, body)
    const answer = await request(
      {
        fetch: await outsideFetch(db),
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
        now: processNow,
        log: () => {},
      },
      {
        method: 'POST',
        url: row.url,
        effect: 'look',
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': signature,
        },
      },
    )
    if (answer.status >= 200 && answer.status < 300) return null
    const why = `${answer.host} answered ${answer.status} instead of 2xx.`
    return commonTrouble(answer, at) ?? new ConnectorError('misconfigured', why)
  } catch (error) {
    if (error instanceof ConnectorError) return error
    if (error instanceof SecretError)
      return new ConnectorError('misconfigured', `The signing secret cannot be opened: ${error.message}`)
    throw error
  }
}
