import type { Env } from './env'

/**
 * Whether a form was posted from our own pages. A browser always says where a POST comes from, so an absent or
 * `null` origin is refused like a foreign one. Outside production the address the browser used counts as well
 * (`localhost` and `127.0.0.1` are the same machine, and only one of them can be APP_URL).
 */
export function isOwnOrigin(
  headers: Pick<Headers, 'get'>,
  settings: Pick<Env, 'APP_URL' | 'LEASEHOLD_MODE'>,
): boolean {
  const origin = headers.get('origin')
  if (!origin || origin === 'null' || !URL.canParse(origin)) return false
  if (origin === settings.APP_URL) return true
  return settings.LEASEHOLD_MODE !== 'production' && new URL(origin).host === headers.get('host')
}
