import 'server-only'
import { and, eq } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { renderMail } from '@/emails'
import { readNow } from '@/lib/clock'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { transportFrom } from '@/lib/mail/transport'
import { sendMail } from '@/lib/services/outside'
import type { Outgoing } from './delivery'

/** Mails the last of the checkpoints to every address that has not got it. @throws Error when one did not get through. */
export async function mailCheckpoint(db: Db, to: readonly string[], all: readonly Outgoing[]): Promise<void> {
  const last = all.at(-1)
  if (!last) return
  const problems: string[] = []
  for (const recipient of to) {
    const problem = await mailTo(db, recipient, last)
    if (problem) problems.push(`${recipient}: ${problem}`)
  }
  if (problems.length > 0) throw new Error(problems.join('; '))
}

async function mailTo(db: Db, recipient: string, { seq, at, jws }: Outgoing): Promise<string | null> {
  const { mail } = schema
  const settings = env()
  const now = await readNow(db)
  const [org] = await db.select().from(schema.organisation)
  const base = { org: org?.name ?? 'your organisation', zone: org?.timeZone ?? 'UTC', now }
  const content = await renderMail({
    kind: 'checkpoint',
    props: { ...base, seq, signedAt: at, url: `${settings.APP_URL}/settings/organisation` },
  })
  const attachments = [{ filename: `checkpoint-${seq}.jws`, contentType: 'text/plain', content: `${jws}\n` }]
  const transport = transportFrom(settings)
  const occasion = `checkpoint:${seq}`
  await db
    .insert(mail)
    .values({
      id: newId(),
      occasion,
      kind: 'checkpoint',
      recipient,
      data: { seq },
      subject: content.subject,
      ...(transport.kind === 'outbox' && { html: content.html, text: content.text, attachments }),
      createdAt: now,
    })
    .onConflictDoNothing()
  const row = await db.query.mail.findFirst({
    where: and(eq(mail.occasion, occasion), eq(mail.recipient, recipient)),
  })
  if (!row || row.state === 'sent') return null
  const answer = await sendMail(
    db,
    {
      ...content,
      attachments,
      from: settings.MAIL_FROM ?? 'Leasehold <leasehold@localhost>',
      to: recipient,
      messageId: `<${row.id}@${new URL(settings.APP_URL).hostname}>`,
      idempotencyKey: row.id,
    },
    transport,
  )
  const outcome =
    answer.state === 'sent'
      ? { state: 'sent' as const, sentAt: now, error: null }
      : { state: 'failed' as const, error: answer.error }
  await db.update(mail).set(outcome).where(eq(mail.id, row.id))
  return answer.state === 'sent' ? null : answer.error
}
