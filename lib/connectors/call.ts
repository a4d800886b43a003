/** One attempt of one connector call: bounded in time, with a closed list of troubles, without secrets. */
import 'server-only'
import { type Egress, EgressError } from '@/lib/egress'
import { type Connector, type ConnectorContext, ConnectorError, type ConnectorLog } from './contract'
import { secretValues } from './fields'
import { redactFields, redactor } from './redact'

export interface CallOptions<Config> {
  connector: Connector<Config>
  /** Settings with opened secrets, as `joinConfig` gives them. */
  config: Config
  operationId: string
  /** `change` for grant, revoke and endSessions; `look` for the rest, a poll too: it may be repeated. */
  effect: 'change' | 'look'
  egress: Egress
  /** Wall-clock time, unshifted: protocols sign it and targets compare it with their own. */
  now: () => Date
  /** Milliseconds; the connector's own limit unless given. */
  timeoutMs?: number
  /** Stops the call from outside, for example when a lease is lost. */
  signal?: AbortSignal
  log?: ConnectorLog
  /** Called once for each request or connection that the attempt opens: what a rate limit counts. */
  onRequest?: () => void
}

/**
 * Makes one attempt. Resolves with the connector's answer or rejects with a {@link ConnectorError}
 * whose message is safe to show. An attempt that runs out of time, is stopped, or fails unexpectedly
 * is `unknown_outcome` for a change and `retryable` for a look. Returns as soon as it is stopped,
 * even when the connector does not.
 */
export async function callConnector<Config, Result>(
  attempt: (ctx: ConnectorContext<Config>) => Promise<Result>,
  options: CallOptions<Config>,
): Promise<Result> {
  const { connector, config, egress, signal: outer } = options
  const timeoutMs = options.timeoutMs ?? connector.limits.callTimeoutMs
  const redact = redactor(secretValues(connector, config))
  const log: ConnectorLog = (message, fields = {}) =>
    options.log?.(redact(message), redactFields(fields, redact) as Record<string, unknown>)

  const stop = new AbortController()
  let giveUp: (error: ConnectorError) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  const halt = (message: string) => {
    giveUp(lost(options.effect, message))
    stop.abort(new DOMException(message, 'AbortError'))
  }
  const onOuterAbort = () => halt(`The call to ${connector.name} was stopped.`)
  if (outer?.aborted) throw new ConnectorError('retryable', `The call to ${connector.name} was not started.`)
  outer?.addEventListener('abort', onOuterAbort, { once: true })
  const timer = setTimeout(
    () => halt(`${connector.name} did not answer within ${timeoutMs / 1000} s.`),
    timeoutMs,
  )
  const ctx: ConnectorContext<Config> = {
    config,
    signal: stop.signal,
    operationId: options.operationId,
    fetch: (input, init) => {
      options.onRequest?.()
      return egress.fetch(input, { signal: stop.signal, ...init })
    },
    connect: (address) => {
      options.onRequest?.()
      return egress.connect({ ...address, signal: stop.signal })
    },
    log,
    now: options.now,
  }
  try {
    return await Promise.race([attempt(ctx), stopped])
  } catch (error) {
    const mapped = asConnectorError(error, options.effect, connector.name)
    if (!(error instanceof ConnectorError)) log('unexpected connector failure', { error })
    throw new ConnectorError(mapped.code, redact(mapped.message), {
      retryAfterMs: mapped.retryAfterMs,
      disabled: mapped.disabled,
      othersMoved: mapped.othersMoved,
    })
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', onOuterAbort)
  }
}

function lost(effect: 'change' | 'look', message: string): ConnectorError {
  return effect === 'change'
    ? new ConnectorError('unknown_outcome', `${message} The change may have happened.`)
    : new ConnectorError('retryable', message)
}

function asConnectorError(error: unknown, effect: 'change' | 'look', name: string): ConnectorError {
  if (error instanceof ConnectorError) {
    return effect === 'look' && error.code === 'unknown_outcome'
      ? new ConnectorError('retryable', error.message, { retryAfterMs: error.retryAfterMs })
      : error
  }
  if (error instanceof EgressError && (error.kind === 'refused' || error.kind === 'insecure')) {
    return new ConnectorError('misconfigured', error.message)
  }
  return lost(effect, `The call to ${name} failed in an unexpected way.`)
}
