/** One HTTP request of a connector and what may go wrong on its way, in the contract's words. */
import 'server-only'
import { EgressError } from '@/lib/egress'
import { type ConnectorContext, ConnectorError } from './contract'
import { parseRetryAfter } from './retry-after'

/** What every request needs of a connector's context, whatever its settings look like. */
export type HttpContext = Pick<ConnectorContext<unknown>, 'fetch' | 'signal' | 'now' | 'log'>

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers?: Record<string, string>
  /** Sent as JSON, with `contentType` where the API has a name of its own for it. */
  json?: unknown
  contentType?: string
  /** Sent as a form. */
  form?: Record<string, string>
  /** Sent as it is; `headers` then say what it is. */
  body?: string
  /** A change whose answer is lost is in doubt; a look simply did not succeed. */
  effect: 'change' | 'look'
}

/** An answer, whatever its status; `body` is undefined where it is not JSON. */
export interface HttpAnswer {
  status: number
  headers: Headers
  body: unknown
  /** Host of the address that answered, for sentences. */
  host: string
}

/**
 * Makes one request.
 * @throws ConnectorError where nothing was answered: `misconfigured`, `retryable`, or `unknown_outcome` for a change
 */
export async function send(ctx: HttpContext, request: HttpRequest): Promise<HttpAnswer> {
  const { host } = new URL(request.url)
  const { body, type } = encoded(request)
  try {
    const response = await ctx.fetch(request.url, {
      method: request.method,
      signal: ctx.signal,
      ...(body === undefined ? {} : { body }),
      headers: {
        accept: 'application/json',
        'user-agent': 'Leasehold',
        ...(type ? { 'content-type': type } : {}),
        ...request.headers,
      },
    })
    return {
      status: response.status,
      headers: response.headers,
      body: parseJson(await response.text()),
      host,
    }
  } catch (error) {
    throw transportTrouble(host, request.effect, error)
  }
}

function encoded({ json, contentType, form, body }: HttpRequest): { body?: string; type?: string } {
  if (form) return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' }
  if (json !== undefined) return { body: JSON.stringify(json), type: contentType ?? 'application/json' }
  return body === undefined ? {} : { body }
}

/** The header that says when to come back; vendors have names of their own beside the standard one. */
export type PauseHeader = 'retry-after' | 'x-rate-limit-reset' | 'x-ratelimit-reset'

/**
 * What a status means whatever was asked: null where the connector has to judge by what it asked for (2xx, 3xx and
 * the 4xx that speak of an object). 401 and 403 are our credential's trouble and never absence.
 * @param pause headers to read a pause from, the first that is there
 */
export function commonTrouble(
  answer: HttpAnswer,
  now: Date,
  pause: readonly PauseHeader[] = ['retry-after'],
): ConnectorError | null {
  const { status, headers, host } = answer
  const told = pause.map((name) => headers.get(name)).find((value) => value !== null) ?? null
  const retryAfterMs = told === null ? {} : { retryAfterMs: parseRetryAfter(told, now) }
  if (status === 401 || status === 403)
    return new ConnectorError('auth', `${host} refuses our credential (${status}).`)
  if (status === 429)
    return new ConnectorError('rate_limited', `${host} asks us to slow down.`, {
      retryAfterMs: parseRetryAfter(told, now),
    })
  if (status === 408 || status === 423 || status === 425 || status >= 500)
    return new ConnectorError('retryable', `${host} is in trouble (${status}).`, retryAfterMs)
  return null
}

/** An answer that cannot be read leaves a change in doubt. */
export function unreadable(effect: 'change' | 'look', message: string): ConnectorError {
  return new ConnectorError(effect === 'change' ? 'unknown_outcome' : 'retryable', message)
}

/** Failures before anything was sent; whatever else goes wrong on the way leaves a change in doubt. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
const certificateTrouble = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/

function transportTrouble(host: string, effect: 'change' | 'look', error: unknown): ConnectorError {
  if (error instanceof EgressError) {
    return error.kind === 'refused' || error.kind === 'insecure'
      ? new ConnectorError('misconfigured', error.message)
      : unreadable(effect, error.message)
  }
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (certificateTrouble.test(code)) {
    return new ConnectorError('misconfigured', `The certificate of ${host} cannot be trusted (${code}).`)
  }
  if (neverSent.has(code)) return new ConnectorError('retryable', `${host} could not be reached (${code}).`)
  return unreadable(
    effect,
    `The connection to ${host} was lost before its answer (${code || 'no reason given'}).`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A foreign text as one short line: no line breaks, no control or invisible characters. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}

/**
 * The address of the next page from a `Link` header (RFC 8288), or null on the last page.
 * @throws ConnectorError `rejected` where it points at another host than `base`: our credential stays at home
 */
export function nextLink(headers: Headers, base: string): string | null {
  for (const part of (headers.get('link') ?? '').split(/,(?=\s*<)/)) {
    const match = /^\s*<([^>]+)>(.*)$/.exec(part)
    if (!match?.[1] || !/;\s*rel="?(?:[^"]*\s)?next(?:\s[^"]*)?"?/i.test(match[2] ?? '')) continue
    return sameOrigin(match[1], base)
  }
  return null
}

/** An address the target gave us to follow. @throws ConnectorError `rejected` where it leads to another origin */
export function sameOrigin(address: string, base: string): string {
  const url = new URL(address, base)
  if (url.origin === new URL(base).origin) return url.href
  throw new ConnectorError(
    'rejected',
    `${new URL(base).host} pointed to another host, which is not followed.`,
  )
}
