import 'server-only'
import type { Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import postgres from 'postgres'
import { EgressError } from '@/lib/egress'
import { type ConnectorContext, ConnectorError } from '../contract'
import type { PostgresConfig } from './config'

const CONNECT_TIMEOUT_S = 10
/** Bounds what a statement may still do after we stopped listening. */
const STATEMENT_TIMEOUT_MS = 10_000
const LOCK_TIMEOUT_MS = 5_000

export type Sql = postgres.Sql | postgres.TransactionSql

function encryption(config: PostgresConfig): false | 'require' | ConnectionOptions {
  if (config.sslmode === 'disable') return false
  if (config.sslmode === 'require') return 'require'
  return {
    rejectUnauthorized: true,
    // The host as configured, also when it is an address: the driver knows only names.
    checkServerIdentity: (_, certificate) => checkServerIdentity(config.host, certificate),
    ...(config.caCertificate ? { ca: config.caCertificate } : {}),
  }
}

/** The server's first byte says whether it offers encryption; the driver would go on talking either way. */
function insist(socket: Socket, host: string) {
  socket.once('data', (first: Buffer) => {
    if (first[0] === 'S'.charCodeAt(0)) return
    socket.destroy(new ConnectorError('misconfigured', `${host} does not offer an encrypted connection.`))
  })
}

function clientFor(ctx: ConnectorContext<PostgresConfig>): postgres.Sql {
  const { config } = ctx
  let used = false
  const options = {
    host: config.host,
    port: config.port,
    database: config.database,
    username: config.user,
    password: config.password,
    ssl: encryption(config),
    max: 1,
    prepare: false,
    fetch_types: false,
    connect_timeout: CONNECT_TIMEOUT_S,
    onnotice: (notice: { message?: string }) => ctx.log('notice', { message: notice.message }),
    connection: {
      application_name: 'leasehold',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      search_path: 'pg_catalog',
    },
    socket: async () => {
      // The driver would open another connection when the first closes early; we make one attempt.
      if (used) throw new ConnectorError('retryable', `${config.host} closed the connection at once.`)
      used = true
      const socket = await ctx.connect({ host: config.host, port: config.port })
      if (config.sslmode !== 'disable') insist(socket, config.host)
      return Object.assign(socket, { host: config.host })
    },
  }
  return postgres(options as postgres.Options<Record<string, never>>)
}

/** Whether a change has reached the point from which only the server knows what became of it. */
export interface Progress {
  committing: boolean
}

/** One short connection for one call; closed, or cut off when the call is stopped. */
export async function withClient<Result>(
  ctx: ConnectorContext<PostgresConfig>,
  work: (sql: postgres.Sql, progress: Progress) => Promise<Result>,
): Promise<Result> {
  ctx.signal.throwIfAborted()
  const sql = clientFor(ctx)
  const progress: Progress = { committing: false }
  const cut = () => void sql.end({ timeout: 0 }).catch(() => {})
  ctx.signal.addEventListener('abort', cut, { once: true })
  let graceS = 1
  try {
    return await work(sql, progress)
  } catch (error) {
    // A lost connection is not worth waiting for.
    if (!(error instanceof ConnectorError || error instanceof postgres.PostgresError)) graceS = 0
    throw troubleOf(error, ctx.config, progress)
  } finally {
    ctx.signal.removeEventListener('abort', cut)
    await sql.end({ timeout: graceS }).catch(() => {})
  }
}

const certificateTrouble = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/
/** Shut down, out of resources, cannot connect, locked, serialisation, I/O, internal. */
const passing = /^(08|40|53|55P03|57|58|XX)/
/** Answers after which the server may or may not have committed. */
const ambiguous = /^(08007|40003|57P0[1-4])$/

/** Says any trouble of driver or server in the contract's words. Sources: PostgreSQL docs, appendix A. */
export function troubleOf(error: unknown, config: PostgresConfig, progress: Progress): ConnectorError {
  if (error instanceof ConnectorError) return error
  if (error instanceof EgressError) return new ConnectorError('misconfigured', error.message)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof postgres.PostgresError) return refusal(error, config, progress)
  if (certificateTrouble.test(code)) {
    return new ConnectorError(
      'misconfigured',
      `No trusted encrypted connection to ${config.host} could be made (${code}).`,
    )
  }
  if (code === 'SASL_SIGNATURE_MISMATCH') {
    return new ConnectorError('auth', `${config.host} could not prove that it knows the operator’s password.`)
  }
  if (progress.committing) {
    return new ConnectorError(
      'unknown_outcome',
      `The connection to ${config.host} was lost during the change.`,
    )
  }
  return new ConnectorError(
    'retryable',
    `${config.host}:${config.port} could not be reached (${code || 'lost'}).`,
  )
}

function refusal(error: postgres.PostgresError, config: PostgresConfig, progress: Progress): ConnectorError {
  const { code, message } = error
  const said = `PostgreSQL says: ${message} (${code}).`
  if (progress.committing && ambiguous.test(code)) return new ConnectorError('unknown_outcome', said)
  if (code.startsWith('28')) {
    return new ConnectorError('auth', `${config.host} refuses the operator “${config.user}”. ${said}`)
  }
  if (code === '42501')
    return new ConnectorError('auth', `The operator “${config.user}” may not do this. ${said}`)
  if (code === '3D000') return new ConnectorError('misconfigured', said)
  if (code === '25006')
    return new ConnectorError('misconfigured', `${config.host} is a read-only copy. ${said}`)
  if (passing.test(code)) return new ConnectorError('retryable', said)
  return new ConnectorError('rejected', said)
}
