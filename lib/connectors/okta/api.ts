/** One request to Okta's management API with our credential, and its answer in the contract's words. */
import 'server-only'
import { z } from 'zod'
import { type ConnectorContext, ConnectorError, type Page } from '../contract'
import {
  commonTrouble,
  type HttpAnswer,
  type HttpRequest,
  nextLink,
  oneLine,
  sameOrigin,
  send,
  unreadable,
} from '../http'
import { accessToken, refusedToken } from '../oauth'
import { baseUrl, credentialsOf, type OktaConfig } from './config'

export type Ctx = ConnectorContext<OktaConfig>

/** What Okta recommends for lists, and the most it allows for a person's groups and for rules. */
export const PAGE_SIZE = 200

export type Ask = Pick<HttpRequest, 'method' | 'effect'> & {
  /** From `/api/v1` on, its parts encoded. */
  path: string
  query?: Record<string, string | number>
}

/** A path with a query. */
export function withQuery(path: string, query: Record<string, string | number> = {}): string {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  return search.size > 0 ? `${path}?${search}` : path
}

/**
 * Asks once.
 * @returns the answer, a 4xx that speaks of an object or of what was asked included
 * @throws ConnectorError for our credential's trouble, a plea for patience, and a target in trouble
 */
export async function ask(ctx: Ctx, { path, query, ...request }: Ask): Promise<HttpAnswer> {
  const { config } = ctx
  const credentials = credentialsOf(config)
  const token = credentials ? await accessToken(ctx, credentials) : null
  const answer = await send(ctx, {
    ...request,
    url: sameOrigin(withQuery(path, query), baseUrl(config)),
    headers: { authorization: token ? `Bearer ${token.value}` : `SSWS ${config.apiToken ?? ''}` },
  })
  if (answer.status === 401 && credentials && token) throw refusedToken(answer.host, credentials, token)
  // Okta forbids in the same words what an account's status does not allow, and what it has no operation for.
  if ((answer.status === 403 && codeOf(answer) === 'E0000038') || answer.status === 501) throw refused(answer)
  const trouble = commonTrouble(answer, ctx.now(), ['x-rate-limit-reset', 'retry-after'])
  if (trouble) throw trouble
  return answer
}

/** A look whose answer must be a 200 of this shape; null for a 404. */
export async function find<Schema extends z.ZodType>(
  ctx: Ctx,
  schema: Schema,
  path: string,
): Promise<{ value: z.infer<Schema>; headers: Headers } | null> {
  const answer = await ask(ctx, { method: 'GET', path, effect: 'look' })
  if (answer.status === 404) return null
  if (answer.status !== 200) throw refused(answer)
  const read = schema.safeParse(answer.body)
  if (read.success) return { value: read.data, headers: answer.headers }
  throw unreadable('look', `${answer.host} answered GET ${shortened(path)} unreadably.`)
}

/**
 * One page of a list. The cursor is the path and query of Okta's own link to the next page, and is followed only
 * where it leads to the same list. Null for a 404.
 */
export async function findPage<Item extends z.ZodType>(
  ctx: Ctx,
  item: Item,
  path: string,
  cursor: string | null,
): Promise<Page<z.infer<Item>> | null> {
  if (cursor !== null && !cursor.startsWith(`${path}?`))
    throw new ConnectorError('rejected', 'This is not a cursor of ours.')
  const found = await find(ctx, z.array(item), cursor ?? withQuery(path, { limit: PAGE_SIZE }))
  if (!found) return null
  const next = nextLink(found.headers, baseUrl(ctx.config))
  const url = next === null ? null : new URL(next)
  return { items: found.value, next: url && `${url.pathname}${url.search}` }
}

/** All pages of a list. Null for a 404. */
export async function findAll<Item extends z.ZodType>(
  ctx: Ctx,
  item: Item,
  path: string,
): Promise<z.infer<Item>[] | null> {
  const items: z.infer<Item>[] = []
  let cursor: string | null = null
  do {
    const page: Page<z.infer<Item>> | null = await findPage(ctx, item, path, cursor)
    if (!page) return null
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return items
}

const trouble = z.object({ errorCode: z.string(), errorSummary: z.string().optional() })

function codeOf({ body }: HttpAnswer): string | undefined {
  return trouble.safeParse(body).data?.errorCode
}

/** What Okta refused for a reason of its own. */
export function refused({ body, host, status }: HttpAnswer): ConnectorError {
  const said = trouble.safeParse(body).data
  const why = said ? `: ${oneLine(`${said.errorSummary ?? ''} (${said.errorCode})`)}` : '.'
  return new ConnectorError('rejected', `${host} refused (${status})${why}`)
}

/** Ids and what somebody typed do not belong into sentences for people. */
const shortened = (path: string) => path.replace(/\?.*/, '').replace(/00[a-z][A-Za-z0-9]{17}/g, '…')
