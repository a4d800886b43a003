import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'
import { newToken } from '@/lib/ids'
import { issuers } from '@/lib/issuers'
import { PATH_HEADER, pageHeaders } from '@/lib/page-headers'

/** More than any form, message or list that anybody sends us, in bytes. */
const LARGEST_BODY = 4 * 1024 * 1024

/**
 * Gives every page its security headers and tells it its own path. It guards nothing: pages and actions do. Only what
 * says itself that it is too large is turned away here, before anything reads it.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, searchParams } = request.nextUrl
  const settings = env()
  const extra = pageHeaders({
    path: pathname,
    nonce: newToken(),
    appUrl: settings.APP_URL,
    issuers: issuers(settings).map((issuer) => issuer.address),
    development: process.env.NODE_ENV === 'development',
  })
  const headers = new Headers(request.headers)
  const query = new URLSearchParams(searchParams)
  query.delete('_rsc')
  headers.set(PATH_HEADER, query.size > 0 ? `${pathname}?${query}` : pathname)
  headers.set('Content-Security-Policy', extra['Content-Security-Policy'] ?? '')
  const tooLarge = Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY
  const response = tooLarge
    ? new NextResponse('This is too large.\n', { status: 413 })
    : NextResponse.next({ request: { headers } })
  for (const [name, value] of Object.entries(extra)) response.headers.set(name, value)
  return response
}

export const config = { matcher: ['/((?!_next/static/|icon\\.svg$).*)'] }
