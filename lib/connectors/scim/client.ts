/** One request to a SCIM server, signed in as the settings say, and the two reads everything rests on. */
import 'server-only'
import type { z } from 'zod'
import { type ConnectorContext, ConnectorError } from '../contract'
import { commonTrouble, type HttpAnswer, send, unreadable } from '../http'
import { accessToken, type ClientCredentials, refusedToken } from '../oauth'
import type { ScimConfig } from './config'
import { filterValue, type Group, groupShape, listShape, type User, userShape } from './resources'
import { lookTrouble } from './trouble'

export type Ctx = ConnectorContext<ScimConfig>

export interface ScimRequest {
  method: 'GET' | 'PATCH' | 'PUT'
  /** Below the base address: "/Groups", "/Groups/2819c223". */
  path: string
  query?: Record<string, string>
  json?: unknown
  /** The version the change was made for (RFC 7644 section 3.14). */
  ifMatch?: string
}

/** `Groups/…` with an id of the target's. */
export const pathOf = (kind: 'Users' | 'Groups', id: string) => `/${kind}/${encodeURIComponent(id)}`

/**
 * Makes one request and gives back whatever was answered beyond the troubles that mean the same everywhere.
 * A PATCH or PUT is a change, and in doubt without an answer.
 * @throws ConnectorError
 */
export async function ask(
  ctx: Ctx,
  { method, path, query, json, ifMatch }: ScimRequest,
): Promise<HttpAnswer> {
  const { authorization, refused } = await credentialOf(ctx)
  const search = query ? `?${new URLSearchParams(query)}` : ''
  const answer = await send(ctx, {
    method,
    url: `${ctx.config.baseUrl}${path}${search}`,
    effect: method === 'GET' ? 'look' : 'change',
    ...(json === undefined ? {} : { json, contentType: 'application/scim+json' }),
    headers: {
      accept: 'application/scim+json, application/json',
      authorization,
      ...(ifMatch ? { 'if-match': ifMatch } : {}),
    },
  })
  if (answer.status === 401 && refused) throw refused(answer.host)
  // "Not implemented" is about the request, not about the server's health.
  const trouble = answer.status === 501 ? null : commonTrouble(answer, ctx.now())
  if (trouble) throw trouble
  return answer
}

interface Credential {
  authorization: string
  /** What a 401 means where the token was had from an endpoint. */
  refused?: (host: string) => ConnectorError
}

async function credentialOf(ctx: Ctx): Promise<Credential> {
  const { config } = ctx
  if (config.auth === 'bearer-token') return { authorization: `Bearer ${config.token}` }
  const credentials: ClientCredentials = {
    tokenUrl: config.tokenUrl ?? '',
    clientId: config.clientId ?? '',
    ...(config.scope ? { scope: config.scope } : {}),
    auth: { kind: 'secret', secret: config.clientSecret ?? '', as: config.secretIn },
  }
  const token = await accessToken(ctx, credentials)
  return {
    authorization: `Bearer ${token.value}`,
    refused: (host) => refusedToken(host, credentials, token),
  }
}

/** The body of a successful answer to a look. @throws ConnectorError for every other one */
export function read<Schema extends z.ZodType>(schema: Schema, answer: HttpAnswer): z.infer<Schema> {
  if (answer.status !== 200) throw lookTrouble(answer)
  const result = schema.safeParse(answer.body)
  if (result.success) return result.data
  throw unreadable('look', `${answer.host} answered with something that is not SCIM.`)
}

export interface SeenGroup {
  group: Group
  /** The group exactly as it was sent, for servers that take it back whole. */
  raw: Record<string, unknown>
  /** Its version, where the server offers one. */
  version?: string
}

/** @returns null where the server says there is no such group */
export async function readGroup(ctx: Ctx, id: string): Promise<SeenGroup | null> {
  const answer = await ask(ctx, { method: 'GET', path: pathOf('Groups', id) })
  if (answer.status === 404 || answer.status === 410) return null
  const group = sameId(answer, id, read(groupShape, answer))
  const version = answer.headers.get('etag') ?? group.meta?.version ?? undefined
  return { group, raw: answer.body as Record<string, unknown>, ...(version ? { version } : {}) }
}

/** @returns null where the server says there is no such user */
export async function readUser(ctx: Ctx, id: string): Promise<User | null> {
  const answer = await ask(ctx, { method: 'GET', path: pathOf('Users', id) })
  if (answer.status === 404 || answer.status === 410) return null
  return sameId(answer, id, read(userShape, answer))
}

/** An answer about something else proves nothing. */
function sameId<Resource extends { id: string }>(answer: HttpAnswer, id: string, found: Resource): Resource {
  if (found.id === id) return found
  throw unreadable('look', `${answer.host} answered with another resource than the one asked for.`)
}

export interface Pair {
  entitlement: { id: string; name: string }
  account: { id: string; name: string }
}

export interface SeenPair extends SeenGroup {
  user: User
}

/**
 * Both sides of a membership. That one of them is not there counts only where its collection answers: a wrong
 * address or a gateway says 404 to everything.
 * @throws ConnectorError `entitlement_missing` or `principal_missing` where one is proven gone
 */
export async function readPair(ctx: Ctx, { entitlement, account }: Pair): Promise<SeenPair> {
  const reads = [readGroup(ctx, entitlement.id), readUser(ctx, account.id)] as const
  // Also where the first one fails, none of them outlives this call.
  await Promise.allSettled(reads)
  const [seen, user] = await Promise.all(reads)
  if (!seen) {
    await proveCollection(ctx, 'Groups')
    throw new ConnectorError('entitlement_missing', `The group “${entitlement.name}” no longer exists.`)
  }
  if (!user) {
    await proveCollection(ctx, 'Users')
    throw new ConnectorError('principal_missing', `The account “${account.name}” no longer exists.`)
  }
  return { ...seen, user }
}

async function proveCollection(ctx: Ctx, kind: 'Users' | 'Groups'): Promise<void> {
  const query = {
    startIndex: '1',
    count: '1',
    ...(kind === 'Groups' ? { excludedAttributes: 'members' } : {}),
  }
  read(listShape, await ask(ctx, { method: 'GET', path: `/${kind}`, query }))
}

/**
 * Whether a group that lists nobody says by a filter that this account is in it: some servers keep the list back and
 * only answer questions about one member. The same question about somebody who cannot be one exposes a server that
 * ignores it. Where filters are refused the answer is no.
 */
export async function heldUnlisted(ctx: Ctx, group: Group, accountId: string): Promise<boolean> {
  if (group.members.length > 0) return false
  const holds = async (id: string) => {
    const filter = `id eq ${filterValue(group.id)} and members eq ${filterValue(id)}`
    const query = { filter, excludedAttributes: 'members' }
    const answer = await ask(ctx, { method: 'GET', path: '/Groups', query })
    const listed = answer.status === 200 ? read(listShape, answer).Resources : []
    return listed.some((one) => groupShape.safeParse(one).data?.id === group.id)
  }
  return (await holds(accountId)) && !(await holds(ctx.operationId))
}
