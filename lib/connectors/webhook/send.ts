/** One signed message and its answer, in the contract's words. */
import 'server-only'
import { Webhook } from 'standardwebhooks'
import type { z } from 'zod'
import { EgressError } from '@/lib/egress'
import { type ConnectorContext, ConnectorError } from '../contract'
import { parseRetryAfter } from '../retry-after'
import type { WebhookConfig } from './config'
import { changingTypes, errorAnswer, type MessageType } from './protocol'

/** An answer with a status that means success, its body not yet judged. */
export interface Answer {
  status: 200 | 202
  body: unknown
}

/** Sends one message. @throws ConnectorError for every answer that is not 200 or 202. */
export async function send(
  ctx: ConnectorContext<WebhookConfig>,
  type: MessageType,
  data: Record<string, unknown>,
): Promise<Answer> {
  const at = ctx.now()
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
  const response = await deliver(ctx, type, body, at)
  const text = await response.text()
  if (response.status === 200 || response.status === 202) {
    return { status: response.status, body: parseJson(text) }
  }
  throw troubleOf(ctx, type, response, parseJson(text))
}

/** The body as the schema reads it. @throws ConnectorError when the answer is not what was promised. */
export function read<Schema extends z.ZodType>(
  type: MessageType,
  schema: Schema,
  answer: Answer,
): z.infer<Schema> {
  const result = schema.safeParse(answer.body)
  if (result.success) return result.data
  throw unclear(type, `The target answered ${type} unreadably (${answer.status}).`)
}

/** Without a readable answer a change is in doubt; a look simply did not succeed. */
function unclear(type: MessageType, message: string): ConnectorError {
  return new ConnectorError(changingTypes.has(type) ? 'unknown_outcome' : 'retryable', message)
}

function signatures(config: WebhookConfig, id: string, at: Date, body: string): string {
  const secrets = [config.secret, ...(config.nextSecret ? [config.nextSecret] : [])]
  return secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' ')
}

async function deliver(
  ctx: ConnectorContext<WebhookConfig>,
  type: MessageType,
  body: string,
  at: Date,
): Promise<Response> {
  try {
    return await ctx.fetch(ctx.config.url, {
      method: 'POST',
      body,
      signal: ctx.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': 'Leasehold',
        'webhook-id': ctx.operationId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signatures(ctx.config, ctx.operationId, at, body),
      },
    })
  } catch (error) {
    throw transportTrouble(ctx, type, error)
  }
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

function transportTrouble(
  ctx: ConnectorContext<WebhookConfig>,
  type: MessageType,
  error: unknown,
): ConnectorError {
  const { host } = new URL(ctx.config.url)
  if (error instanceof EgressError) {
    return error.kind === 'refused' || error.kind === 'insecure'
      ? new ConnectorError('misconfigured', error.message)
      : unclear(type, error.message)
  }
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (certificateTrouble.test(code)) {
    return new ConnectorError('misconfigured', `The certificate of ${host} cannot be trusted (${code}).`)
  }
  if (neverSent.has(code)) return new ConnectorError('retryable', `${host} could not be reached (${code}).`)
  return unclear(type, `The connection to ${host} was lost before its answer (${code || 'no reason given'}).`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A foreign text as one short line. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}

function troubleOf(
  ctx: ConnectorContext<WebhookConfig>,
  type: MessageType,
  response: Response,
  body: unknown,
): ConnectorError {
  const { status } = response
  const { host } = new URL(ctx.config.url)
  const told = errorAnswer.safeParse(body)
  const error = told.success ? told.data.error : ''
  const retryAfter = response.headers.get('retry-after')
  switch (status) {
    case 401:
    case 403:
      return new ConnectorError('auth', `${host} refuses our signature (${status}).`)
    case 404:
      if (error === 'principal_missing')
        return new ConnectorError(error, `${host} no longer knows the account.`)
      if (error === 'entitlement_missing') {
        return new ConnectorError(error, `${host} no longer knows the entitlement.`)
      }
      break
    case 409:
      return new ConnectorError('retryable', `${host} is still busy with an earlier change.`, {
        ...(retryAfter === null ? {} : { retryAfterMs: parseRetryAfter(retryAfter, ctx.now()) }),
      })
    case 410:
      return new ConnectorError('misconfigured', `${host} has switched this connection off.`, {
        disabled: true,
      })
    case 422:
      if (error !== 'rejected') break
      return new ConnectorError(
        'rejected',
        oneLine((told.success && told.data.message) || `${host} refused without a reason.`),
      )
    case 429:
      return new ConnectorError('rate_limited', `${host} asks us to slow down.`, {
        retryAfterMs: parseRetryAfter(retryAfter, ctx.now()),
      })
    default:
      if (status === 408 || status >= 500) {
        return new ConnectorError('retryable', `${host} is in trouble (${status}).`, {
          ...(retryAfter === null ? {} : { retryAfterMs: parseRetryAfter(retryAfter, ctx.now()) }),
        })
      }
  }
  return unclear(type, `${host} answered ${type} with ${status}, which the protocol does not know.`)
}
