/** GitHub's REST and GraphQL API: one request, and its troubles in the contract's words. */
import 'server-only'
import { ConnectorError } from '../contract'
import { type HttpAnswer, nextLink, oneLine, sameOrigin, send } from '../http'
import { refusedToken } from '../oauth'
import { parseRetryAfter } from '../retry-after'
import { appJwt, appKeys, bearer } from './auth'
import { type Ctx, graphqlUrl, restBase } from './config'
import { messageOf, restHeaders, troubleOf } from './trouble'

interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the API's address, or a whole address of the same origin. */
  path: string
  json?: unknown
  /** `app`: as the App itself, which only its own pages take. */
  as?: 'app'
}

/**
 * Makes one request of the REST API.
 * @returns every answer that is no trouble of its own: 2xx, 404, 422 and the like
 * @throws ConnectorError for refused credentials, pleas for patience and a server in trouble
 */
export async function request(ctx: Ctx, { method = 'GET', path, json, as }: Asked): Promise<HttpAnswer> {
  const base = restBase(ctx.config)
  const url = path.startsWith('/') ? `${base}${path}` : sameOrigin(path, base)
  const token =
    as === 'app' ? { value: await appJwt(ctx.config, ctx.now()), cached: false } : await bearer(ctx)
  const answer = await send(ctx, {
    method,
    url,
    effect: method === 'GET' ? 'look' : 'change',
    ...(json === undefined ? {} : { json }),
    headers: { ...restHeaders, authorization: `Bearer ${token.value}` },
  })
  if (answer.status === 401 && ctx.config.auth === 'app' && as !== 'app')
    throw refusedToken(answer.host, appKeys(ctx.config), token)
  const trouble = troubleOf(answer, ctx.now())
  if (trouble) throw trouble
  return answer
}

/** An answer nobody expects here: a change is then in doubt. */
export function unexpected(answer: HttpAnswer, effect: 'change' | 'look'): ConnectorError {
  const message = messageOf(answer)
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

/** One page of a listing, and the address of the next one. */
export async function pageOf<Item>(ctx: Ctx, path: string): Promise<{ items: Item[]; next: string | null }> {
  const answer = await request(ctx, { path })
  const items = bodyOf<Item[]>(answer)
  if (!Array.isArray(items)) throw unexpected(answer, 'look')
  return { items, next: nextLink(answer.headers, restBase(ctx.config)) }
}

/** Every item of a listing, page by page. */
export async function* each<Item>(ctx: Ctx, path: string): AsyncGenerator<Item> {
  for (let next: string | null = path; next !== null; ) {
    const page: { items: Item[]; next: string | null } = await pageOf<Item>(ctx, next)
    yield* page.items
    next = page.next
  }
}

/** Asks the GraphQL API, which answers 200 also to what it refuses. */
export async function graphql<Data>(ctx: Ctx, query: string, variables: object): Promise<Data> {
  const token = await bearer(ctx)
  const answer = await send(ctx, {
    method: 'POST',
    url: graphqlUrl(ctx.config),
    effect: 'look',
    json: { query, variables },
    headers: { authorization: `Bearer ${token.value}` },
  })
  if (answer.status === 401 && ctx.config.auth === 'app')
    throw refusedToken(answer.host, appKeys(ctx.config), token)
  const trouble = troubleOf(answer, ctx.now())
  if (trouble) throw trouble
  const { data, errors } = bodyOf<{ data?: Data; errors?: { type?: string; message?: string }[] }>(answer)
  const [error] = errors ?? []
  if (error) throw graphqlTrouble(answer, error, ctx.now())
  if (!data) throw unexpected(answer, 'look')
  return data
}

function graphqlTrouble(
  { host, headers }: HttpAnswer,
  error: { type?: string; message?: string },
  now: Date,
): ConnectorError {
  const said = oneLine(error.message ?? error.type ?? 'no reason given')
  switch (error.type) {
    case 'RATE_LIMITED':
      return new ConnectorError('rate_limited', `${host} asks us to slow down.`, {
        retryAfterMs: parseRetryAfter(headers.get('retry-after') ?? headers.get('x-ratelimit-reset'), now),
      })
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
      return new ConnectorError('auth', `${host} refuses our credential (${said}).`)
    default:
      return new ConnectorError('retryable', `${host} could not answer (${said}).`)
  }
}
