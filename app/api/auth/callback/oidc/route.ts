import type { NextRequest } from 'next/server'
import { handlers } from '@/lib/auth'

/**
 * Where the identity provider sends people back to: the only one of next-auth's doors that is open. Signing in
 * and out start from our own actions, and a link from a mail is used up by a button.
 */
export function GET(request: NextRequest): Promise<Response> {
  return handlers.GET(request)
}
