import 'server-only'
import { eq, lt } from 'drizzle-orm'
import { after } from 'next/server'
import { type Db, database, schema } from '@/db/client'
import { renderMail } from '@/emails'
import { readClocks, readNow } from './clock'
import { env } from './env'
import { newId } from './ids'
import { log } from './log'
import { transportFrom } from './mail/transport'
import { readerZone } from './reader-zone'
import { sendMail } from './services/outside'
import { personByEmail } from './services/people'

/** How long a sign-in link works. */
export const LINK_SECONDS = 900

const { mail, organisation, verificationToken } = schema

/** What a link in a sign-in mail carries: it opens a page, and the button there signs in. */
export interface SignInLink {
  readonly email: string
  readonly token: string
  /** Where to go afterwards, a path of this site. */
  readonly next: string
}

/** Mails the link once the answer is out, so that how long it takes says nothing about who is known here. */
export function sendSignInLink(link: SignInLink): void {
  after(async () => {
    try {
      await sendNow(database().db, link)
    } catch (error) {
      log.error({ err: error }, 'a sign-in mail could not be written')
    }
  })
}

/** Writes, records and sends one sign-in mail. The link stays in the record only where that is the outbox. */
export async function sendNow(db: Db, { email, token, next }: SignInLink): Promise<void> {
  const settings = env()
  const [now, person, [org]] = await Promise.all([
    readNow(db),
    personByEmail(db, email),
    db.select().from(organisation),
  ])
  const query = new URLSearchParams({ email, token, ...(next !== '/' && { next }) })
  const content = await renderMail({
    kind: 'sign-in-link',
    props: {
      org: org?.name ?? 'your organisation',
      zone: readerZone(person?.timeZone ?? org?.timeZone ?? 'UTC', person?.locale ?? null),
      now,
      url: `${settings.APP_URL}/sign-in/confirm?${query}`,
      expiresAt: new Date(now.getTime() + LINK_SECONDS * 1000),
    },
  })
  const transport = transportFrom(settings)
  const id = newId()
  // Those that nobody used open nothing any more, and are not kept.
  await db.delete(verificationToken).where(lt(verificationToken.expires, (await readClocks(db)).wall))
  await db.insert(mail).values({
    id,
    occasion: `sign-in-link:${id}`,
    kind: 'sign-in-link',
    personId: person?.id ?? null,
    recipient: email,
    data: {},
    subject: content.subject,
    ...(transport.kind === 'outbox' && { html: content.html, text: content.text }),
    createdAt: now,
  })
  const delivery = await sendMail(
    db,
    {
      from: settings.MAIL_FROM ?? 'Leasehold <leasehold@localhost>',
      to: email,
      subject: content.subject,
      html: content.html,
      text: content.text,
      messageId: `<${id}@${new URL(settings.APP_URL).hostname}>`,
      idempotencyKey: id,
    },
    transport,
    { signIn: true },
  )
  // Not tried again: whoever waits for it asks for another one.
  const outcome =
    delivery.state === 'sent'
      ? {
          state: 'sent' as const,
          sentAt: now,
          ...(transport.kind === 'resend' && { providerId: delivery.providerId }),
        }
      : { state: 'failed' as const, failedAt: now, error: delivery.error }
  await db.update(mail).set(outcome).where(eq(mail.id, id))
}
