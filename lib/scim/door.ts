import 'server-only'
import { after } from 'next/server'
import { type Db, database } from '@/db/client'
import { boundedBody, textOf } from '@/lib/body'
import type { Ctx } from '@/lib/context'
import { nudge } from '@/lib/engine/nudge'
import { env } from '@/lib/env'
import { logUnknown } from '@/lib/log'
import { callerOf, forEverybody, limits, take } from '@/lib/rate'
import { recordMachine } from '@/lib/refusals'
import { callerByToken, type ScimCaller } from '@/lib/services/scim-clients'
import { scimCtx } from '@/lib/services/scim-users'
import { bad, errorBody, ScimError, type ScimType } from './errors'

/** A body may list everybody in a group, so it is let be larger than a form: about 15,000 members. */
export const MAX_BODY = 1024 * 1024

/** One request of a client whose token was taken. */
export interface Asked {
  readonly ctx: Ctx
  readonly caller: ScimCaller
  /** The address before `/Users`. */
  readonly base: string
  readonly query: URLSearchParams
  /** What `[id]` in the route is; empty where there is none. */
  readonly id: string
  /** The parsed body; undefined where the method has none. */
  readonly body: unknown
  /** The version that a change is meant for, or that is known already. */
  readonly ifMatch: string | null
  readonly ifNoneMatch: string | null
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type Handler = (asked: Asked) => Promise<Answer>
/** Next.js has no parameters at all for an address without any. */
type Context = {
  readonly params: Promise<Readonly<Record<string, string | string[] | undefined>> | undefined>
}

/**
 * A door for provisioning clients: token → rate → body → act → answer, and every refusal in this protocol's own shape.
 * It asks for no `Origin`, since no browser carries its token: the token in the header is the proof.
 */
export function scim(handler: Handler): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    try {
      const { db } = database()
      const caller = await admitted(db, request)
      const taken = await take(db, limits.scim, caller.clientId)
      if (!taken.ok) return tooOften(taken.retryAfterSeconds)
      const changes = request.method !== 'GET' && request.method !== 'HEAD'
      const answer = await handler({
        ctx: scimCtx(db, caller),
        caller,
        base: `${env().APP_URL}/api/scim/v2`,
        query: new URL(request.url).searchParams,
        id: [(await context.params)?.id ?? ''].flat().join('/'),
        body: changes && request.method !== 'DELETE' ? await jsonOf(request) : undefined,
        ifMatch: request.headers.get('if-match'),
        ifNoneMatch: request.headers.get('if-none-match'),
      })
      if (changes) after(nudge)
      return respond(answer)
    } catch (error) {
      if (error instanceof Refused) return error.answer
      if (error instanceof ScimError) return refusal(error.status, error.message, error.scimType)
      const errorId = logUnknown(error, 'a SCIM request')
      return refusal(500, `Something went wrong on our side: ${errorId}.`)
    }
  }
}

/** An answer that was decided before there was a client to answer to. */
class Refused extends Error {
  constructor(readonly answer: Response) {
    super('refused')
  }
}

/** Whose token it is. Whoever comes too often without one is not listened to any more. */
async function admitted(db: Db, request: Request): Promise<ScimCaller> {
  const token = /^Bearer +([\w~+/.=-]{1,200})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const caller = token ? await callerByToken(db, token) : null
  if (caller) return caller
  const from = callerOf(request.headers, env().TRUSTED_PROXIES ?? (process.env.VERCEL ? 1 : 0))
  const limit = limits.scimRefused
  const taken = await (from === null ? take(db, forEverybody(limit), '') : take(db, limit, from))
  if (!taken.ok) throw new Refused(tooOften(taken.retryAfterSeconds))
  await recordMachine(db, request, 'unauthenticated')
  throw new Refused(
    refusal(401, 'This needs the bearer token of a connected client.', undefined, {
      'WWW-Authenticate': 'Bearer realm="SCIM"',
    }),
  )
}

async function jsonOf(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/scim+json' && type !== 'application/json')
    throw new ScimError(415, 'A body is application/scim+json.')
  const bytes = await boundedBody(request, MAX_BODY)
  if (!bytes) throw new ScimError(413, `A body has at most ${MAX_BODY} bytes.`)
  try {
    return JSON.parse(textOf(bytes) ?? '')
  } catch {
    throw bad('invalidSyntax', 'The body is no JSON.')
  }
}

const TYPE = { 'Content-Type': 'application/scim+json; charset=utf-8' }

function respond({ status, body, headers }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers })
  return new Response(JSON.stringify(body), { status, headers: { ...TYPE, ...headers } })
}

function refusal(
  status: number,
  detail: string,
  scimType?: ScimType,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return respond({ status, body: errorBody(status, detail, scimType), headers })
}

const tooOften = (seconds: number) =>
  refusal(429, `That was too often in a short time. Try again in ${seconds} seconds.`, undefined, {
    'Retry-After': String(seconds),
  })
