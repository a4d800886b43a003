/** Written by the proxy on every request, whatever the client sent: path and query of the page asked for. */
export const PATH_HEADER = 'x-leasehold-path'

/** What the headers of one page depend on. */
export interface PageFacts {
  readonly path: string
  readonly nonce: string
  /** The address people open. */
  readonly appUrl: string
  /** The identity providers, where a form may end up after the sign-in page. */
  readonly issuers?: readonly string[]
  /** The development server evaluates code and keeps a socket; a build does neither. */
  readonly development: boolean
}

/** The security headers of one page; the content policy is also what Next.js takes the nonce for its scripts from. */
export function pageHeaders(facts: PageFacts): Record<string, string> {
  const https = facts.appUrl.startsWith('https:')
  return {
    'Content-Security-Policy': contentPolicy(facts, https),
    ...(https && { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' }),
    'X-Content-Type-Options': 'nosniff',
    // Not `no-referrer`: a form posted without JavaScript would then carry `Origin: null` and be refused.
    'Referrer-Policy': /^\/(decide|extend|sign-in)(\/|$)/.test(facts.path)
      ? 'strict-origin'
      : 'strict-origin-when-cross-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  }
}

function contentPolicy({ path, nonce, issuers = [], development }: PageFacts, https: boolean): string {
  const targets = path.startsWith('/sign-in') ? issuers.map((issuer) => ` ${new URL(issuer).origin}`) : []
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Attributes like the lease bar's need it; a style cannot act.
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'${development ? ' ws:' : ''}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `form-action 'self'${targets.join('')}`,
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}
