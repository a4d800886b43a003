import { hearFromResend } from '@/lib/mail/came-back'

/**
 * Where Resend says that a mail did not arrive. Its signature is looked at in place of an origin; without its secret
 * in the settings there is no door.
 */
export function POST(request: Request): Promise<Response> {
  return hearFromResend(request)
}
