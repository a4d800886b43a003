import 'server-only'
import { createTransport } from 'nodemailer'
import { Resend } from 'resend'
import { clean, type MailAttachment } from '@/emails'

/** How mails leave. `outbox`: they do not, the stored row is where they are read. */
export type MailTransport =
  | { kind: 'resend'; apiKey: string; baseUrl?: string }
  | { kind: 'smtp'; url: string }
  | { kind: 'outbox' }

/** One mail to one person. Both keys stay the same over all tries of the same mail. */
export interface OutgoingMail {
  /** `Leasehold at Halden <access@halden.example>` */
  from: string
  /** One bare address. */
  to: string
  subject: string
  html: string
  text: string
  /** With its angle brackets: `<…@…>`. */
  messageId: string
  /** At most 256 characters. */
  idempotencyKey: string
  attachments?: MailAttachment[]
  headers?: Record<string, string>
}

/**
 * What became of one try. `permanent`: this mail cannot be delivered as it is, trying again is useless.
 * Otherwise try again, not before `retryAfterMs` where the other side (or a needed repair) asks for time.
 * `error` is one line without credentials.
 */
export type Delivery =
  | { state: 'sent'; providerId?: string }
  | { state: 'failed'; permanent: boolean; error: string; retryAfterMs?: number }

/** Chooses the transport by what is configured: Resend, else SMTP, else the outbox. */
export function transportFrom(env: {
  RESEND_API_KEY?: string | undefined
  RESEND_BASE_URL?: string | undefined
  SMTP_URL?: string | undefined
}): MailTransport {
  if (env.RESEND_API_KEY) {
    return { kind: 'resend', apiKey: env.RESEND_API_KEY, baseUrl: env.RESEND_BASE_URL }
  }
  return env.SMTP_URL ? { kind: 'smtp', url: env.SMTP_URL } : { kind: 'outbox' }
}

const ADDRESS = /^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+$/

// Wrong credentials and the like: nothing is wrong with the mail, and a person has to act first.
const REPAIR_MS = 15 * 60_000
const LONGEST_WAIT_MS = 60 * 60_000
const CALL_MS = 20_000

/** Nobody's absence note should answer these. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

/** Tries once to hand one mail over. Never throws: every way it can go is an answer. */
export async function deliver(mail: OutgoingMail, transport: MailTransport): Promise<Delivery> {
  if (!ADDRESS.test(mail.to)) {
    return {
      state: 'failed',
      permanent: true,
      error: `not one e-mail address: ${clean(mail.to).slice(0, 200)}`,
    }
  }
  try {
    switch (transport.kind) {
      case 'outbox':
        return { state: 'sent' }
      case 'resend':
        return redacted(await byResend(mail, transport), secretsOf(transport))
      case 'smtp':
        return redacted(await bySmtp(mail, transport), secretsOf(transport))
    }
  } catch (error) {
    return redacted({ state: 'failed', permanent: false, error: String(error) }, secretsOf(transport))
  }
}

async function byResend(
  mail: OutgoingMail,
  transport: Extract<MailTransport, { kind: 'resend' }>,
): Promise<Delivery> {
  const baseUrl = transport.baseUrl?.replace(/\/+$/, '')
  const resend = new Resend(transport.apiKey, baseUrl ? { baseUrl } : undefined)
  const { data, error, headers } = await resend.emails.send(
    {
      from: mail.from,
      to: [mail.to],
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      // Resend makes the Message-ID itself; this one tells the mails of one thread apart.
      headers: { ...AUTOMATIC, 'X-Entity-Ref-ID': mail.messageId, ...mail.headers },
      attachments: mail.attachments?.map(({ filename, contentType, content }) => ({
        filename,
        contentType,
        content: Buffer.from(content, 'utf8').toString('base64'),
      })),
    },
    { idempotencyKey: mail.idempotencyKey, signal: AbortSignal.timeout(CALL_MS) },
  )
  if (!error) return { state: 'sent', providerId: data.id }
  const said = `${error.name}: ${error.message}`
  return { state: 'failed', error: said, ...afterResend(error.name, error.statusCode, headers) }
}

function afterResend(
  name: string,
  status: number | null,
  headers: Record<string, string> | null,
): { permanent: boolean; retryAfterMs?: number } {
  // The same key with other contents: an earlier try was taken, this one never will be.
  if (name === 'invalid_idempotent_request') return { permanent: true }
  if (status === 401 || status === 403 || name === 'invalid_from_address') {
    return { permanent: false, retryAfterMs: REPAIR_MS }
  }
  if (status === 400 || status === 413 || status === 422) return { permanent: true }
  const seconds = Number(headers?.['retry-after'])
  const asked = seconds > 0 ? seconds * 1000 : name.endsWith('quota_exceeded') ? LONGEST_WAIT_MS : undefined
  return { permanent: false, ...(asked && { retryAfterMs: Math.min(asked, LONGEST_WAIT_MS) }) }
}

async function bySmtp(
  mail: OutgoingMail,
  transport: Extract<MailTransport, { kind: 'smtp' }>,
): Promise<Delivery> {
  const smtp = createTransport({
    url: transport.url,
    connectionTimeout: CALL_MS / 2,
    greetingTimeout: CALL_MS / 2,
    dnsTimeout: CALL_MS / 2,
    socketTimeout: CALL_MS,
  })
  try {
    const { response } = await smtp.sendMail({
      from: mail.from,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      messageId: mail.messageId,
      headers: { ...AUTOMATIC, ...mail.headers },
      attachments: mail.attachments,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    return { state: 'sent', providerId: clean(response).slice(0, 200) }
  } catch (error) {
    return { state: 'failed', error: messageOf(error), ...afterSmtp(error) }
  } finally {
    smtp.close()
  }
}

const REPAIRS = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ETLS', 'EREQUIRETLS', 'ECONFIG'])

function afterSmtp(error: unknown): { permanent: boolean; retryAfterMs?: number } {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
  const signIn = responseCode !== undefined && [530, 534, 535, 538].includes(responseCode)
  if (REPAIRS.has(code ?? '') || command?.startsWith('AUTH') || signIn) {
    return { permanent: false, retryAfterMs: REPAIR_MS }
  }
  if (responseCode !== undefined) return { permanent: responseCode >= 500 }
  return { permanent: code === 'EENVELOPE' || code === 'EMESSAGE' }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** Everything that must not be in an error: keys, passwords, and both as the wire carries them. */
function secretsOf(transport: MailTransport): string[] {
  if (transport.kind === 'resend') return [transport.apiKey]
  if (transport.kind === 'outbox') return []
  const written = /^\w+:\/\/([^@/]*)@/.exec(transport.url)?.[1]
  if (!written) return [transport.url]
  const [user = '', password = ''] = written.split(':').map(decoded)
  const base64 = [password, user, `\0${user}\0${password}`].map((text) =>
    Buffer.from(text).toString('base64'),
  )
  return [transport.url, written, password, ...base64]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function redacted(delivery: Delivery, secrets: string[]): Delivery {
  if (delivery.state === 'sent') return delivery
  const hidden = secrets.filter(Boolean).sort((a, b) => b.length - a.length)
  const error = hidden.reduce((text, secret) => text.replaceAll(secret, '…'), delivery.error)
  return { ...delivery, error: clean(error).slice(0, 500) }
}
