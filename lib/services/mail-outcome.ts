import 'server-only'
import { and, eq } from 'drizzle-orm'
import { type Db, schema, type Tx } from '@/db/client'
import { readNow } from '@/lib/clock'
import { systemCtx } from '@/lib/context'
import type { Result } from '@/lib/domain/errors'
import { decideGrant } from '@/lib/domain/grant'
import type { Actor } from '@/lib/domain/timeline'
import { newId } from '@/lib/ids'
import { inTransaction, lock } from './apply'
import type { MailRow } from './changes'
import { loadGrant } from './facts'
import { stepGrant } from './grants'
import { save } from './save'

/** What is known of a mail that has left or will not leave any more. */
export type MailOutcome = { readonly state: 'sent' } | { readonly state: 'failed'; readonly error: string }

/** The grant whose row has to be locked to record what became of a mail: that of an expiry notice. */
export function noticedGrant(row: MailRow): string | null {
  return row.kind === 'expiry-notice' ? row.grantId : null
}

/**
 * Writes what became of an expiry notice into its grant's timeline, as proof or as a visible failure. Under the
 * grant's lock. Any other mail has its own row alone, which the pages of what it was about read.
 */
export async function recordNotice(
  tx: Tx,
  row: MailRow,
  outcome: MailOutcome,
  at: { now: Date; actor: Actor },
): Promise<void> {
  const grantId = noticedGrant(row)
  if (!grantId) return
  const { now, actor } = at
  const f = await loadGrant(tx, grantId, now)
  if (!f) return
  const about = { to: row.recipient, endsAt: new Date(String(row.data.endsAt)) }
  const event =
    outcome.state === 'sent'
      ? ({ type: 'notice_sent', ...about } as const)
      : ({ type: 'notice_failed', ...about, error: outcome.error } as const)
  const decided = decideGrant(f.row, event, now, f.target)
  // The grant may have ended while the mail was on its way; the mail's own row keeps what happened.
  if (!decided.ok) return
  const current = f.row.endsAt?.getTime() === about.endsAt.getTime()
  const set =
    outcome.state === 'sent' ? { noticeSentAt: now, noticeError: null } : { noticeError: outcome.error }
  const changes = stepGrant(f, decided.value, { now, newId }, current ? set : {})
  await save(tx, { result: null, ...changes }, { now, actor })
}

/**
 * A mail that was taken came back, or was dropped by whoever took it: from now on it counts as failed. Told twice, it
 * is recorded once.
 * @param providerId what the mail service called it when it took it
 * @returns whether we know such a mail
 */
export function mailCameBack(db: Db, providerId: string, error: string): Promise<Result<{ known: boolean }>> {
  const { mail } = schema
  const ctx = systemCtx('engine', db)
  return inTransaction(ctx, async (tx) => {
    const seen = await tx.query.mail.findFirst({ where: eq(mail.providerId, providerId) })
    if (!seen) return { known: false }
    const grantId = noticedGrant(seen)
    await lock(tx, { grants: grantId ? [grantId] : [] })
    const now = await readNow(tx)
    const [row] = await tx
      .update(mail)
      .set({ state: 'failed', error, failedAt: now })
      .where(and(eq(mail.id, seen.id), eq(mail.state, 'sent')))
      .returning()
    if (row) await recordNotice(tx, row, { state: 'failed', error }, { now, actor: ctx.actor })
    return { known: true }
  })
}
