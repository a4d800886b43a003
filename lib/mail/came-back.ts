import 'server-only'
import { database } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { env } from '@/lib/env'
import { recordMachine } from '@/lib/refusals'
import { mailCameBack } from '@/lib/services/mail-outcome'
import { readResendEvent } from './resend-events'

const MOST_BYTES = 65_536

/** A mail may come back before we have written down that it went out: so long, in milliseconds, it is asked for again. */
const SOON_MS = 600_000

/**
 * Takes what Resend says of a mail. 401 for what is not signed by it or too old; 503 for a mail we do not know yet,
 * so that it is told again; 200 for everything else, also for mails of others on the same account.
 */
export async function hearFromResend(request: Request): Promise<Response> {
  const secret = env().RESEND_WEBHOOK_SECRET
  if (!secret) return new Response('Not found', { status: 404 })
  const body = await limited(request)
  if (body === null) return new Response('Too much', { status: 413 })
  const event = readResendEvent(body, request.headers, secret)
  const { db } = database()
  if (event === 'refused') {
    await recordMachine(db, request, 'unauthenticated')
    return new Response('Not signed by Resend, or too old', { status: 401 })
  }
  if (event === 'ignored') return new Response('Of no interest here')
  const done = await mailCameBack(db, event.providerId, event.why)
  if (!done.ok) return new Response(done.message, { status: 503 })
  if (done.value.known) return new Response('Recorded')
  const { wall } = await readClocks(db)
  if (wall.getTime() - event.at.getTime() < SOON_MS)
    return new Response('Not known yet, tell it again', { status: 503, headers: { 'retry-after': '30' } })
  return new Response('None of ours')
}

/** The body, as long as it is short; a signature is not looked at before that. */
async function limited(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) return null
  const reader = request.body?.getReader()
  if (!reader) return ''
  const parts: Uint8Array[] = []
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > MOST_BYTES) {
      await reader.cancel()
      return null
    }
    parts.push(part.value)
  }
  return Buffer.concat(parts).toString('utf8')
}
