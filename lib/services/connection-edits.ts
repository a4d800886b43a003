import 'server-only'
import { eq } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import type { ConnectionSaved } from '@/lib/application-views'
import { ConnectorError } from '@/lib/connectors/contract'
import { configFields, pointsElsewhere } from '@/lib/connectors/registry'
import type { Ctx } from '@/lib/context'
import { NO_SUCH_THING } from '@/lib/domain/authorize'
import { type Result, refuse } from '@/lib/domain/errors'
import { playing } from '@/lib/setting-fields'
import type { ConnectionSettingsInput, PauseInput, ReplaceSecretsInput } from './application-input'
import { type ApplicationRow, anyApplication, changed, standing, stop } from './applications'
import { change, fresh } from './change'
import type { ConnectionRow, Entry } from './changes'
import { notResting } from './connection-breaker'
import { probeNow, retryNow } from './connection-retry'
import { connectorNamed, fieldNames, only, readSettings } from './connection-settings'
import { withoutTrouble } from './connection-trouble'
import { openSecrets, sealSecrets } from './connections'
import { ownersOf } from './facts'

/**
 * Changes settings, and with them the secrets that a choice among them asks for; what is blank of those stays. Fields
 * that say which system this is, and as whom we act there, stand as soon as anything is known of the system: its ids
 * mean somebody else's roles and accounts in another one, and what one operator gave another could not take back.
 * It takes a fresh sign-in, with or without a new secret: settings say whom the secrets are shown to.
 */
export function editConnection(ctx: Ctx, input: ConnectionSettingsInput): Promise<Result<ConnectionSaved>> {
  return editRow(ctx, input, async (tx, row, application) => {
    const connector = connectorNamed(row.connector)
    const secretNames = fieldNames(connector, true)
    const values = only(input.settings, [...fieldNames(connector, false), ...secretNames])
    const before = opened(row)
    const { config, secrets } = readSettings(row.connector, values, before)
    const given = secretNames.filter((name) => values[name]?.trim())
    // A secret of another way to sign in is not kept for a day on which somebody may want it back.
    const plays = playing(configFields(connector), config)
    const kept = Object.fromEntries(Object.entries(secrets).filter(([name]) => plays.has(name)))
    const sameSecrets = given.length === 0 && Object.keys(kept).length === Object.keys(before).length
    if (pointsElsewhere(connector, row.config, config) && (await known(tx, application))) {
      const field = configFields(connector).find((f) => f.target && row.config[f.name] !== config[f.name])
      stop(
        'conflict',
        `What ${application.name} offers and who holds it are known by the ids of the present system, so this cannot point to another one. Add a new application instead`,
        `settings.${field?.name}`,
      )
    }
    await update(tx, row, {
      ...withoutTrouble(row),
      config,
      resumeAt: null,
      ...notResting,
      ...(sameSecrets ? {} : { secrets: sealSecrets(row.id, kept), ...newCredential }),
    })
    await retryNow(tx, row.id)
    await probeNow(tx, row.id)
    const settings = changed(row.config, config)
    return given.length > 0
      ? { verb: 'secret_replaced', data: { fields: given, settings } }
      : { verb: 'changed', data: { settings } }
  })
}

/** When a new credential ends is learnt at the next look. */
const newCredential = { credentialExpiresAt: null, credentialWarnedDays: null }

/** Whether ids of the present system are on record; every account and every grant came with an entitlement. */
async function known(tx: Tx, application: ApplicationRow): Promise<boolean> {
  const { entitlement } = schema
  const first = await tx.query.entitlement.findFirst({
    where: eq(entitlement.applicationId, application.id),
    columns: { id: true },
  })
  return first !== undefined
}

/**
 * Replaces secret fields. What is blank stays; nothing of a secret is ever given back. Also of an archived
 * application: an access that came back has to be taken there.
 */
export function replaceSecrets(ctx: Ctx, input: ReplaceSecretsInput): Promise<Result<ConnectionSaved>> {
  return editRow(ctx, { ...input, archivedToo: true }, async (tx, row) => {
    const connector = connectorNamed(row.connector)
    const names = fieldNames(connector, true)
    const given = only(input.secrets, names)
    const replaced = names.filter((name) => given[name]?.trim())
    const optional = new Set(configFields(connector).flatMap((f) => (f.secret && !f.required ? f.name : [])))
    const removed = input.remove.filter((name) => optional.has(name) && !replaced.includes(name))
    const first = names[0]
    if (replaced.length + removed.length === 0)
      stop('invalid', 'Enter the new secret', first ? `secrets.${first}` : undefined)
    const kept = Object.fromEntries(Object.entries(readable(row)).filter(([name]) => !removed.includes(name)))
    const { secrets } = readSettings(row.connector, { ...given }, { ...row.config, ...kept }, 'secrets')
    await update(tx, row, {
      ...withoutTrouble(row),
      secrets: sealSecrets(row.id, secrets),
      resumeAt: null,
      ...newCredential,
      ...notResting,
    })
    await retryNow(tx, row.id)
    await probeNow(tx, row.id)
    return { verb: 'secret_replaced', data: { fields: replaced, removed } }
  })
}

/** Pausing stops gives, never takes; resuming tries at once what waited. Also of an archived application. */
export function setPaused(ctx: Ctx, input: PauseInput): Promise<Result<ConnectionSaved>> {
  return editRow(ctx, { ...input, archivedToo: true, gate: 'connection.pause' }, async (tx, row) => {
    if (row.paused === input.paused)
      stop('conflict', input.paused ? 'It is paused already' : 'It is not paused')
    if (input.paused && !input.reason) stop('invalid', 'Say why; everybody who waits sees it', 'reason')
    const pausedReason = input.paused ? input.reason : null
    await update(tx, row, {
      ...(input.paused ? {} : withoutTrouble(row)),
      paused: input.paused,
      pausedReason,
    })
    if (!input.paused) await retryNow(tx, row.id)
    return { verb: input.paused ? 'frozen' : 'unfrozen', data: { note: input.reason } }
  })
}

function editRow(
  ctx: Ctx,
  input: {
    applicationId: string
    version: number
    archivedToo?: boolean
    gate?: 'connection.edit' | 'connection.pause'
  },
  body: (tx: Tx, row: ConnectionRow, application: ApplicationRow) => Promise<Entry>,
): Promise<Result<ConnectionSaved>> {
  return withConnectionOf(ctx, input.applicationId, (connectionId) =>
    change(ctx, {
      gate: input.gate ?? 'connection.edit',
      subject: { type: 'connection', id: connectionId },
      facts: async (tx) => ({ ownerIds: await ownersOf(tx, input.applicationId) }),
      async run(tx) {
        const { application, row } = await connectionOf(tx, input.applicationId, input)
        fresh(input.version, row.version, 'connection')
        const entry = await body(tx, row, application)
        const result = { applicationId: application.id, connectionId: row.id, version: row.version + 1 }
        return { result, entry: { ...entry, data: { application: application.name, ...entry.data } } }
      },
    }),
  )
}

/** Finds the connection's id first, because changes of one connection are put in a line by it. */
export async function withConnectionOf<R>(
  ctx: Ctx,
  applicationId: string,
  run: (connectionId: string) => Promise<Result<R>>,
): Promise<Result<R>> {
  const row = await ctx.db.query.application.findFirst({
    where: eq(schema.application.id, applicationId),
    columns: { connectionId: true },
  })
  if (!row) return refuse('not_found', NO_SUCH_THING)
  if (!row.connectionId) return refuse('conflict', 'This application has no connection: people fulfil it')
  return run(row.connectionId)
}

/** The application and its connection, or the refusal that there is none. */
export async function connectionOf(
  db: Reader,
  applicationId: string,
  { archivedToo = false }: { archivedToo?: boolean } = {},
): Promise<{ application: ApplicationRow; row: ConnectionRow }> {
  const application = await (archivedToo ? anyApplication : standing)(db, applicationId)
  const row =
    application.connectionId &&
    (await db.query.connection.findFirst({ where: eq(schema.connection.id, application.connectionId) }))
  if (!row) return stop('conflict', 'This application has no connection: people fulfil it')
  return { application, row }
}

async function update(tx: Tx, row: ConnectionRow, set: Partial<ConnectionRow>): Promise<void> {
  await tx
    .update(schema.connection)
    .set({ ...set, version: row.version + 1 })
    .where(eq(schema.connection.id, row.id))
}

/** Opened secrets for judging settings; a lost key is a refusal that says what to do. */
function opened(row: ConnectionRow): Record<string, string> {
  try {
    return openSecrets(row.id, row.secrets)
  } catch (error) {
    if (error instanceof ConnectorError)
      return stop('unavailable', `${error.message} Replace the secret first`)
    throw error
  }
}

/** The same, when all secrets may be about to be replaced. */
function readable(row: ConnectionRow): Record<string, string> {
  try {
    return openSecrets(row.id, row.secrets)
  } catch (error) {
    if (error instanceof ConnectorError) return {}
    throw error
  }
}
