/** Microsoft Graph: one request, its pages, and its troubles in the contract's words. */
import 'server-only'
import { ConnectorError } from '../contract'
import { commonTrouble, type HttpAnswer, oneLine, sameOrigin, send } from '../http'
import { accessToken, refusedToken } from '../oauth'
import { type Ctx, credentialsOf, graphBase } from './config'

interface Asked {
  method?: 'GET' | 'POST' | 'DELETE'
  /** Below Graph's address, or a whole address of the same origin. */
  path: string
  json?: unknown
  /** A POST that only asks. */
  look?: boolean
}

/**
 * The only thing this connector ever deletes. Without `/$ref` at its end, the same address is the person's own, and
 * Graph deletes the person.
 */
const membership = /^\/groups\/[0-9a-f-]{36}\/members\/[0-9a-f-]{36}\/\$ref$/i

export const membershipPath = (group: string, user: string) =>
  `/groups/${encodeURIComponent(group)}/members/${encodeURIComponent(user)}/$ref`

/**
 * Makes one request.
 * @returns every answer that is no trouble of its own: 2xx, 400, 404 and the like
 * @throws ConnectorError for refused credentials, pleas for patience, a server in trouble, and any other DELETE
 */
export async function request(ctx: Ctx, { method = 'GET', path, json, look }: Asked): Promise<HttpAnswer> {
  if (method === 'DELETE' && !membership.test(path))
    throw new ConnectorError('misconfigured', 'This is not the id of a group and an account in Entra.')
  const base = graphBase(ctx.config)
  const credentials = credentialsOf(ctx.config)
  const token = await accessToken(ctx, credentials)
  const answer = await send(ctx, {
    method,
    url: path.startsWith('/') ? `${base}${path}` : sameOrigin(path, base),
    effect: method === 'GET' || look ? 'look' : 'change',
    ...(json === undefined ? {} : { json }),
    headers: { authorization: `Bearer ${token.value}` },
  })
  if (answer.status === 401) throw refusedToken(answer.host, credentials, token)
  if (answer.status === 403) {
    const said = errorOf(answer).message
    throw new ConnectorError('auth', `${answer.host} refuses our credential (403${said ? `: ${said}` : ''}).`)
  }
  const trouble = commonTrouble(answer, ctx.now())
  if (trouble) throw trouble
  return answer
}

/** What Graph says of its refusal: a code, and a sentence as one line. */
export function errorOf({ body }: HttpAnswer): { code: string; message: string } {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } }
  const text = (value: unknown) => (typeof value === 'string' ? oneLine(value) : '')
  return { code: text(error?.code), message: text(error?.message) }
}

/** An answer nobody expects here: a change is then in doubt. */
export function unexpected(answer: HttpAnswer, effect: 'change' | 'look'): ConnectorError {
  const { message } = errorOf(answer)
  return new ConnectorError(
    effect === 'change' ? 'unknown_outcome' : 'retryable',
    `${answer.host} answered unexpectedly (${answer.status}${message ? `: ${message}` : ''}).`,
  )
}

/** The body of a look that has to be a 200. */
export function bodyOf<Body>(answer: HttpAnswer): Body {
  if (answer.status === 200 && typeof answer.body === 'object' && answer.body !== null)
    return answer.body as Body
  throw unexpected(answer, 'look')
}

/** An address with its query; Graph's own keys begin with a dollar sign. */
export const withQuery = (path: string, query: Record<string, string>) =>
  `${path}?${new URLSearchParams(query).toString()}`

/** One page of a listing. `next` is an address of the same origin, or null. Null where there is no such thing (404). */
export async function pageOf<Item>(
  ctx: Ctx,
  path: string,
): Promise<{ items: Item[]; next: string | null } | null> {
  const answer = await request(ctx, { path })
  if (answer.status === 404) return null
  const { value, '@odata.nextLink': next } = bodyOf<{ value?: Item[]; '@odata.nextLink'?: string }>(answer)
  if (!Array.isArray(value)) throw unexpected(answer, 'look')
  return { items: value, next: next ? sameOrigin(next, graphBase(ctx.config)) : null }
}

/** All items of a listing, page by page; null where there is no such thing. */
export async function allOf<Item>(ctx: Ctx, path: string): Promise<Item[] | null> {
  const all: Item[] = []
  for (let next: string | null = path; next !== null; ) {
    const page: { items: Item[]; next: string | null } | null = await pageOf<Item>(ctx, next)
    if (!page) return null
    all.push(...page.items)
    next = page.next
  }
  return all
}
