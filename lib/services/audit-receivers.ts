import 'server-only'
import { count, eq, max } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import { webhookConfigSchema } from '@/lib/connectors/webhook/config'
import type { Ctx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { env } from '@/lib/env'
import { formatLabels, MOST_RECEIVERS, receiverFormats } from '@/lib/receiver-views'
import { open, parseSecretKeys, seal } from '@/lib/secrets'
import type { At } from './apply'
import { change, fresh } from './change'
import { ORGANISATION_ID } from './organisation'
import { arm } from './save'

const { auditReceiver } = schema
type ReceiverRow = typeof auditReceiver.$inferSelect

const placeOf = (receiverId: string) => ({ table: 'audit_receiver', row: receiverId, column: 'secret' })
const keys = () => parseSecretKeys(env().LEASEHOLD_SECRET_KEYS)

/** A receiver's signing secret. @throws SecretError when it does not open here */
export const openReceiverSecret = ({ id, secret }: Pick<ReceiverRow, 'id' | 'secret'>): string =>
  open(secret, placeOf(id), keys())

const { url, secret } = webhookConfigSchema.shape
const format = z.enum(receiverFormats, { error: 'Choose how it wants the entries' })
const receiverId = z.uuid()
const version = z.coerce.number().int().positive()

export const addReceiverInput = z.object({
  url,
  secret,
  format,
  from: z.enum(['now', 'start'], { error: 'Choose from where on' }),
})
export const editReceiverInput = z.object({
  receiverId,
  version,
  url,
  format,
  /** Blank: the one that is kept stays. */
  secret: secret.optional(),
})
export const pauseReceiverInput = z.object({ receiverId, paused: z.enum(['yes', 'no']) })
export const replayReceiverInput = z.object({
  receiverId,
  from: z.coerce
    .number({ error: 'Enter a position of the chain, such as 1' })
    .int('Enter a whole number')
    .min(1, 'The chain begins at 1'),
})
export const removeReceiverInput = z.object({ receiverId })

/** Adds a receiver of the audit log: from the chain's newest entry on, or with everything since the beginning. */
export function addReceiver(
  ctx: Ctx,
  input: z.output<typeof addReceiverInput>,
): Promise<Result<{ receiverId: string }>> {
  return told(ctx, async (tx, at) => {
    const [kept] = await tx.select({ n: count() }).from(auditReceiver)
    if ((kept?.n ?? 0) >= MOST_RECEIVERS)
      throw new RefusalError(refuse('limit', `At most ${MOST_RECEIVERS} receivers; remove one first`))
    const id = at.newId()
    await tx.insert(auditReceiver).values({
      id,
      url: input.url,
      secret: seal(input.secret, placeOf(id), keys()),
      format: input.format,
      position: input.from === 'start' ? 0 : await lastPosition(tx),
      createdAt: at.now,
    })
    await armDelivery(tx, id, at)
    const what = `The audit log is delivered to ${hostOf(input.url)}, ${input.from === 'start' ? 'from its beginning' : 'from now on'}.`
    return { result: { receiverId: id }, what }
  })
}

/** Changes address, format and secret. What waits is tried at once. */
export function editReceiver(
  ctx: Ctx,
  input: z.output<typeof editReceiverInput>,
): Promise<Result<{ version: number }>> {
  return told(ctx, async (tx, at) => {
    const row = await locked(tx, input.receiverId)
    fresh(input.version, row.version, 'receiver')
    const set = {
      url: input.url,
      format: input.format,
      ...(input.secret ? { secret: seal(input.secret, placeOf(row.id), keys()) } : {}),
      // A batch in the other format, or for another system, is another message.
      ...(input.format === row.format && input.url === row.url ? {} : { sendingTo: null, run: row.run + 1 }),
      version: row.version + 1,
    }
    await tx.update(auditReceiver).set(set).where(eq(auditReceiver.id, row.id))
    if (!row.pausedAt) await armDelivery(tx, row.id, at)
    const changes = [
      input.url === row.url
        ? ''
        : `The audit log goes to ${hostOf(input.url)} instead of ${hostOf(row.url)}.`,
      input.format === row.format ? '' : `${hostOf(input.url)} gets it as: ${formatLabels[input.format]}.`,
      input.secret ? `The secret that signs deliveries to ${hostOf(input.url)} was replaced.` : '',
    ].filter(Boolean)
    return { result: { version: set.version }, what: changes.join(' ') || null }
  })
}

/** Stops delivering, or goes on from where it stopped. */
export function pauseReceiver(
  ctx: Ctx,
  input: z.output<typeof pauseReceiverInput>,
): Promise<Result<{ paused: boolean }>> {
  return told(ctx, async (tx, at) => {
    const row = await locked(tx, input.receiverId)
    const paused = input.paused === 'yes'
    if (paused === (row.pausedAt !== null)) return { result: { paused }, what: null }
    const set = paused
      ? { pausedAt: at.now, failingSince: null, failures: 0, error: null }
      : { pausedAt: null }
    await tx.update(auditReceiver).set(set).where(eq(auditReceiver.id, row.id))
    if (!paused) await armDelivery(tx, row.id, at)
    const what = `Delivery of the audit log to ${hostOf(row.url)} ${paused ? 'is paused' : 'goes on'}.`
    return { result: { paused }, what }
  })
}

/** Delivers everything from a position of the chain on, once more. A new run: nothing is taken for a repeat. */
export function replayReceiver(
  ctx: Ctx,
  input: z.output<typeof replayReceiverInput>,
): Promise<Result<{ from: number }>> {
  return told(ctx, async (tx, at) => {
    const row = await locked(tx, input.receiverId)
    const last = await lastPosition(tx)
    if (input.from > last + 1)
      throw new RefusalError(refuse('invalid', `The chain ends at ${last} so far`, 'from'))
    await tx
      .update(auditReceiver)
      .set({ position: input.from - 1, sendingTo: null, run: row.run + 1 })
      .where(eq(auditReceiver.id, row.id))
    if (!row.pausedAt) await armDelivery(tx, row.id, at)
    const what = `The audit log is delivered to ${hostOf(row.url)} once more, from position ${input.from}.`
    return { result: { from: input.from }, what }
  })
}

/** Removes a receiver with its secret. */
export function removeReceiver(ctx: Ctx, input: z.output<typeof removeReceiverInput>): Promise<Result<null>> {
  return told(ctx, async (tx, at) => {
    const row = await locked(tx, input.receiverId)
    await tx.delete(auditReceiver).where(eq(auditReceiver.id, row.id))
    const order = { kind: 'deliver', cancel: true } as const
    await arm(tx, { subjectType: 'receiver', subjectId: row.id, order }, at.now)
    return { result: null, what: `The audit log is not delivered to ${hostOf(row.url)} any more.` }
  })
}

/** A change of the organisation's receivers, told in its timeline in one sentence. */
function told<R>(
  ctx: Ctx,
  run: (tx: Tx, at: At) => Promise<{ result: R; what: string | null }>,
): Promise<Result<R>> {
  return change(ctx, {
    gate: 'audit.deliver',
    subject: { type: 'organisation', id: ORGANISATION_ID },
    async run(tx, at) {
      const { result, what } = await run(tx, at)
      return { result, entry: what ? { verb: 'changed' as const, data: { what } } : null }
    },
  })
}

async function locked(tx: Tx, id: string): Promise<ReceiverRow> {
  const [row] = await tx.select().from(auditReceiver).where(eq(auditReceiver.id, id)).for('no key update')
  if (!row) throw new RefusalError(refuse('not_found', 'This receiver is not there any more'))
  return row
}

function armDelivery(tx: Tx, id: string, at: At): Promise<void> {
  const order = { kind: 'deliver', dueAt: at.now } as const
  return arm(tx, { subjectType: 'receiver', subjectId: id, order }, at.now)
}

const hostOf = (address: string) => new URL(address).host

/** The newest position of the chain; 0 where nothing is sealed yet. */
export async function lastPosition(db: Reader): Promise<number> {
  const [row] = await db.select({ seq: max(schema.seal.seq) }).from(schema.seal)
  return row?.seq ?? 0
}
