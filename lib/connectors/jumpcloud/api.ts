/** One request to JumpCloud's API, v1 or v2, with our credential, and its answer in the contract's words. */
import 'server-only'
import { z } from 'zod'
import { type ConnectorContext, ConnectorError } from '../contract'
import { commonTrouble, type HttpAnswer, type HttpRequest, oneLine, send, unreadable } from '../http'
import { type AccessToken, accessToken, refusedToken } from '../oauth'
import { baseUrl, credentialsOf, type JumpCloudConfig } from './config'

export type Ctx = ConnectorContext<JumpCloudConfig>

/** JumpCloud's own upper bound; it gives 10 unless asked. */
export const PAGE_SIZE = 100

export type Ask = Pick<HttpRequest, 'method' | 'json' | 'effect'> & {
  /** From `/api` on, its parts encoded. */
  path: string
  query?: Record<string, string | number>
}

/**
 * Asks once.
 * @returns the answer, a 4xx that speaks of an object or of what was asked included
 * @throws ConnectorError for our credential's trouble, a plea for patience, and a target in trouble
 */
export async function ask(ctx: Ctx, { path, query = {}, ...request }: Ask): Promise<HttpAnswer> {
  const { config } = ctx
  const credentials = credentialsOf(config)
  const token = credentials ? await accessToken(ctx, credentials) : null
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  const answer = await send(ctx, {
    ...request,
    url: `${baseUrl(config)}${path}${search.size > 0 ? `?${search}` : ''}`,
    headers: {
      ...credentialHeader(config, token),
      ...(config.organisationId ? { 'x-org-id': config.organisationId } : {}),
    },
  })
  if (answer.status === 401 && credentials && token) throw refusedToken(answer.host, credentials, token)
  const trouble = commonTrouble(answer, ctx.now(), ['retry-after', 'x-ratelimit-reset'])
  if (trouble) throw trouble
  return answer
}

function credentialHeader(config: JumpCloudConfig, token: AccessToken | null): Record<string, string> {
  return token ? { authorization: `Bearer ${token.value}` } : { 'x-api-key': config.apiKey ?? '' }
}

/** A look whose answer must be a 200 of this shape; null for a 404. */
export async function find<Schema extends z.ZodType>(
  ctx: Ctx,
  schema: Schema,
  asked: Omit<Ask, 'effect'>,
): Promise<z.infer<Schema> | null> {
  const answer = await ask(ctx, { ...asked, effect: 'look' })
  if (answer.status === 404) return null
  if (answer.status !== 200) throw refused(answer)
  const read = schema.safeParse(answer.body)
  if (read.success) return read.data
  throw unreadable('look', `${answer.host} answered ${asked.method} ${shortened(asked.path)} unreadably.`)
}

/** One page of a v2 list, which has no end marker: a page that is not full is the last. Null for a 404. */
export async function findPage<Item extends z.ZodType>(
  ctx: Ctx,
  item: Item,
  path: string,
  { cursor, sort }: { cursor: string | null; sort?: string },
): Promise<{ items: z.infer<Item>[]; next: string | null } | null> {
  const skip = cursor === null ? 0 : Number(cursor)
  if (!Number.isSafeInteger(skip) || skip < 0)
    throw new ConnectorError('rejected', 'This is not a cursor of ours.')
  const items = await find(ctx, z.array(item), {
    method: 'GET',
    path,
    query: { limit: PAGE_SIZE, skip, ...(sort ? { sort } : {}) },
  })
  return items && { items, next: items.length < PAGE_SIZE ? null : String(skip + items.length) }
}

const message = z.object({ message: z.string().optional(), error: z.string().optional() })

/** What JumpCloud refused for a reason of its own. */
export function refused({ body, host, status }: HttpAnswer): ConnectorError {
  const said = message.safeParse(body)
  const why = said.success ? (said.data.message ?? said.data.error ?? '') : ''
  return new ConnectorError('rejected', `${host} refused (${status})${why ? `: ${oneLine(why)}` : '.'}`)
}

/** Ids do not belong into sentences for people. */
const shortened = (path: string) => path.replace(/[0-9a-f]{24}/g, '…')
