/** What GitHub's refusals mean. */
import 'server-only'
import { ConnectorError } from '../contract'
import { commonTrouble, type HttpAnswer, oneLine } from '../http'
import { parseRetryAfter } from '../retry-after'

export const restHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const

/** What GitHub itself says of its refusal, as one line. */
export function messageOf({ body }: HttpAnswer): string {
  const { message } = (body ?? {}) as { message?: unknown }
  return typeof message === 'string' ? oneLine(message) : ''
}

const synced = /synchroni[sz]|externally managed|external group|identity provider/i

/**
 * A limit that is used up is a 403 here as often as a 429: the primary one with nothing remaining, the secondary one
 * with `retry-after` or with words.
 */
export function troubleOf(answer: HttpAnswer, now: Date): ConnectorError | null {
  const { status, headers, host } = answer
  const message = messageOf(answer)
  if (status === 403 || status === 429) {
    const after = headers.get('retry-after')
    const used = headers.get('x-ratelimit-remaining') === '0' ? headers.get('x-ratelimit-reset') : null
    const secondary = /secondary rate limit|abuse detection/i.test(message) ? '60' : null
    const told = after ?? used ?? secondary
    if (told !== null || status === 429)
      return new ConnectorError('rate_limited', `${host} asks us to slow down.`, {
        retryAfterMs: parseRetryAfter(told, now),
      })
  }
  if (status === 403) {
    if (headers.get('x-github-sso')?.startsWith('required'))
      return new ConnectorError(
        'auth',
        `The token is not authorised for the organisation’s single sign-on. Authorise it on GitHub under Settings, Developer settings.`,
      )
    if (synced.test(message))
      return new ConnectorError(
        'entitlement_unmanaged',
        'The team’s members come from the identity provider; GitHub lets nobody else change them.',
      )
    return new ConnectorError('auth', `${host} refuses our credential (403${message ? `: ${message}` : ''}).`)
  }
  return commonTrouble(answer, now)
}
