import 'server-only'
import { and, eq, isNull } from 'drizzle-orm'
import { schema } from '@/db/client'
import { type RenderedMail, renderMail } from '@/emails'
import { readNow } from '@/lib/clock'
import { DAY, plus } from '@/lib/domain/duration'
import { RefusalError } from '@/lib/domain/errors'
import { env } from '@/lib/env'
import { faultpoint } from '@/lib/faultpoints'
import { log } from '@/lib/log'
import { composeMail, stillOwed } from '@/lib/mail/compose'
import { transportFrom } from '@/lib/mail/transport'
import { open, parseSecretKeys, SecretError, seal } from '@/lib/secrets'
import { inTransaction, lock } from '@/lib/services/apply'
import type { MailRow } from '@/lib/services/changes'
import { noticedGrant, recordNotice } from '@/lib/services/mail-outcome'
import { sendMail } from '@/lib/services/outside'
import { retryDelayMs } from '../backoff'
import type { Engine } from '../engine'
import { type Claim, done, held, retryLater } from '../work'

/** A relay that may change its mind is asked for this long, in seconds; then a mail counts as failed. */
const PATIENCE = 3 * DAY

/**
 * Sends one mail. It is written now, from what is true now; one whose occasion has passed is dropped. The
 * Message-ID and the idempotency key are the row's id, so a repeat after a crash can be recognised.
 */
export async function send(engine: Engine, claim: Claim): Promise<void> {
  const row = await engine.db.query.mail.findFirst({ where: eq(schema.mail.id, claim.subjectId) })
  if (row?.state !== 'queued') return done(engine.db, claim)
  const mail = await written(engine, row)
  if (!mail) return finish(engine, claim, row, { state: 'dropped' })
  const transport = transportFrom(env())
  const { subject, html, text, attachments } = mail
  const kept = transport.kind === 'outbox' ? { html, text, attachments: attachments ?? null } : {}
  faultpoint('send.call', 'before')
  const answer = await sendMail(
    engine.db,
    {
      ...mail,
      from: env().MAIL_FROM ?? 'Leasehold <leasehold@localhost>',
      to: row.recipient,
      messageId: `<${row.id}@${new URL(env().APP_URL).hostname}>`,
      idempotencyKey: row.id,
    },
    transport,
  )
  faultpoint('send.call', 'after')
  if (answer.state === 'sent') {
    const providerId = transport.kind === 'resend' ? answer.providerId : undefined
    return finish(engine, claim, row, { state: 'sent', subject, providerId, ...kept })
  }
  const until = plus(row.createdAt, PATIENCE)
  if (answer.permanent || (await readNow(engine.db)) >= until)
    return finish(engine, claim, row, { state: 'failed', subject, error: answer.error })
  if (row.kind === 'expiry-notice' && row.grantId) await notYetSent(engine, row.grantId, answer.error)
  const delay = retryDelayMs(claim.attempt, { retryAfterMs: answer.retryAfterMs, seed: claim.id })
  await retryLater(engine.db, claim, delay, { error: answer.error })
}

/**
 * The mail as it goes out: written at the first try and kept, sealed, so that a repeat under the same key is
 * the same mail; written anew only where the key it was sealed with is gone. Null when its occasion has passed.
 */
async function written(engine: Engine, row: MailRow): Promise<RenderedMail | null> {
  const now = await readNow(engine.db)
  const place = { table: 'mail', row: row.id, column: 'sealed' }
  const keys = parseSecretKeys(env().LEASEHOLD_SECRET_KEYS)
  if (row.sealed) {
    if (!(await stillOwed(engine.db, row, now))) return null
    try {
      return JSON.parse(open(row.sealed, place, keys)) as RenderedMail
    } catch (error) {
      if (!(error instanceof SecretError)) throw error
      log.warn({ mail: row.id }, 'a mail was sealed with a key that is gone; it is written anew')
    }
  }
  const content = await composeMail(engine.db, row, now)
  if (!content) return null
  const mail = await renderMail(content)
  await engine.db
    .update(schema.mail)
    .set({ sealed: seal(JSON.stringify(mail), place, keys) })
    .where(eq(schema.mail.id, row.id))
  return mail
}

/** A notice that does not get through is seen at once, not only at the end; sending it clears this again. */
async function notYetSent(engine: Engine, grantId: string, error: string): Promise<void> {
  const { grant } = schema
  await engine.db
    .update(grant)
    .set({ noticeError: error })
    .where(and(eq(grant.id, grantId), isNull(grant.noticeSentAt)))
}

type Outcome = Partial<Pick<MailRow, 'subject' | 'html' | 'text' | 'attachments'>> &
  ({ state: 'sent'; providerId?: string } | { state: 'failed'; error: string } | { state: 'dropped' })

/** Records what became of a mail; for an expiry notice also in the grant's timeline. */
async function finish(engine: Engine, claim: Claim, row: MailRow, outcome: Outcome): Promise<void> {
  const grantId = outcome.state === 'dropped' ? null : noticedGrant(row)
  const result = await inTransaction(engine.ctx, async (tx) => {
    await lock(tx, { grants: grantId ? [grantId] : [], work: [claim.id] })
    const mine = await tx.query.work.findFirst({ where: held(claim), columns: { id: true } })
    if (!mine) return
    const now = await readNow(tx)
    const sentAt = outcome.state === 'sent' ? now : null
    const failedAt = outcome.state === 'failed' ? now : null
    await tx
      .update(schema.mail)
      .set({ ...outcome, sealed: null, sentAt, failedAt })
      .where(eq(schema.mail.id, row.id))
    await tx.delete(schema.work).where(held(claim))
    if (outcome.state !== 'dropped') await recordNotice(tx, row, outcome, { now, actor: engine.ctx.actor })
  })
  if (!result.ok) throw new RefusalError(result)
}
