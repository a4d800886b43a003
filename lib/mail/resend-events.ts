import 'server-only'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { clean } from '@/emails'

const id = z.string().min(1).max(200)
const words = z.string().max(5_000).optional()

/** The events that say a mail did not arrive; the others are none of our business. */
const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('email.bounced'),
    created_at: z.string(),
    data: z.object({ email_id: id, bounce: z.object({ message: words, type: words }).partial().optional() }),
  }),
  z.object({
    type: z.literal('email.failed'),
    created_at: z.string(),
    data: z.object({ email_id: id, failed: z.object({ reason: words }).partial().optional() }),
  }),
  z.object({
    type: z.literal('email.suppressed'),
    created_at: z.string(),
    data: z.object({ email_id: id, suppressed: z.object({ message: words }).partial().optional() }),
  }),
])

/** A mail that did not arrive, as Resend tells it. */
export interface LostMailEvent {
  readonly providerId: string
  /** One line for people. */
  readonly why: string
  readonly at: Date
}

/**
 * Reads a webhook of Resend's: signed as Svix and Standard Webhooks say (HMAC-SHA256 over id, time and body), and
 * refused when its time is more than five minutes off. What is signed and of no interest is `ignored`.
 */
export function readResendEvent(
  body: string,
  headers: Pick<Headers, 'get'>,
  secret: string,
): LostMailEvent | 'ignored' | 'refused' {
  const named = (part: string) => headers.get(`svix-${part}`) ?? headers.get(`webhook-${part}`) ?? ''
  let said: unknown
  try {
    said = new Webhook(secret).verify(body, {
      'webhook-id': named('id'),
      'webhook-timestamp': named('timestamp'),
      'webhook-signature': named('signature'),
    })
  } catch {
    return 'refused'
  }
  const parsed = event.safeParse(said)
  if (!parsed.success) return 'ignored'
  const { data: found } = parsed
  const at = new Date(found.created_at)
  return {
    providerId: found.data.email_id,
    why: whyOf(found),
    at: Number.isNaN(at.getTime()) ? new Date(0) : at,
  }
}

function whyOf(found: z.output<typeof event>): string {
  switch (found.type) {
    case 'email.bounced':
      return sentence('It was sent back', found.data.bounce?.message)
    case 'email.failed':
      return sentence('Resend could not send it', found.data.failed?.reason)
    case 'email.suppressed':
      return sentence('Resend does not send to this address any more', found.data.suppressed?.message)
  }
}

function sentence(what: string, more: string | undefined): string {
  const detail = clean(more ?? '').trim()
  return (detail ? `${what}: ${detail}` : what).slice(0, 500)
}
