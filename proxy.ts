import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'
import { newToken } from '@/lib/ids'
import { issuers } from '@/lib/issuers'
import { PATH_HEADER, pageHeaders } from '@/lib/page-headers'

/** Gives every page its security headers and tells it its own path. It guards nothing: pages and actions do. */
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
  const response = NextResponse.next({ request: { headers } })
  for (const [name, value] of Object.entries(extra)) response.headers.set(name, value)
  return response
}

export const config = { matcher: ['/((?!_next/static|_next/image|favicon.ico|icon.svg).*)'] }
