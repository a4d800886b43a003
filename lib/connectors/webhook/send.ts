/** One signed message and its answer, in the contract's words. */
import 'server-only'
import { Webhook } from 'standardwebhooks'
import type { z } from 'zod'
import { type ConnectorContext, ConnectorError } from '../contract'
import { type HttpAnswer, oneLine, send as request, unreadable } from '../http'
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
  const answer = await deliver(ctx, type, body, at)
  if (answer.status === 200 || answer.status === 202) return { status: answer.status, body: answer.body }
  throw troubleOf(ctx, type, answer)
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
  return unreadable(changingTypes.has(type) ? 'change' : 'look', message)
}

function signatures(config: WebhookConfig, id: string, at: Date, body: string): string {
  const secrets = [config.secret, ...(config.nextSecret ? [config.nextSecret] : [])]
  return secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' ')
}

function deliver(
  ctx: ConnectorContext<WebhookConfig>,
  type: MessageType,
  body: string,
  at: Date,
): Promise<HttpAnswer> {
  return request(ctx, {
    method: 'POST',
    url: ctx.config.url,
    effect: changingTypes.has(type) ? 'change' : 'look',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': ctx.operationId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signatures(ctx.config, ctx.operationId, at, body),
    },
  })
}

function troubleOf(
  ctx: ConnectorContext<WebhookConfig>,
  type: MessageType,
  { status, host, headers, body }: HttpAnswer,
): ConnectorError {
  const told = errorAnswer.safeParse(body)
  const error = told.success ? told.data.error : ''
  const retryAfter = headers.get('retry-after')
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
