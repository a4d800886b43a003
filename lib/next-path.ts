const BASE = 'http://leasehold.invalid'

/**
 * Where to go after signing in: a path of this site, or `/`. Whatever would leave the site, call a machine's door
 * or end at the sign-in page again is replaced, not repaired.
 */
export function nextPath(value: unknown): string {
  if (typeof value !== 'string' || value.length > 2000 || !/^\/(?![/\\])/.test(value)) return '/'
  if (/[\p{Cc}\\]/u.test(value) || !URL.canParse(value, BASE)) return '/'
  const url = new URL(value, BASE)
  if (url.origin !== BASE || url.pathname.startsWith('//')) return '/'
  if (/^\/(sign-in|api)(\/|$)/i.test(url.pathname)) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}

/**
 * What the address bar may say instead of a way back that holds a mail link's token: the page that shows the same
 * without one. Anything else is itself.
 */
export function withoutToken(next: string): string {
  if (/^\/decide\//i.test(next)) return '/approvals'
  return /^\/extend\//i.test(next) ? '/' : next
}
