import type { NextRequest } from 'next/server'
import { handlers } from '@/lib/auth'
import { issuerIn } from '@/lib/issuers'

/**
 * Where an identity provider sends people back to: the only one of next-auth's doors that is open, and only for the
 * providers that are set up. Signing in and out start from our own actions, and a link from a mail is used up by a
 * button, never by this address.
 */
export async function GET(
  request: NextRequest,
  { params }: RouteContext<'/api/auth/callback/[provider]'>,
): Promise<Response> {
  const { provider } = await params
  if (!issuerIn(provider)) return new Response('Not found', { status: 404 })
  return handlers.GET(request)
}
