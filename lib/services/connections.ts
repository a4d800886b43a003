import 'server-only'
import { inArray } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { type AnyConnector, type ConnectorConfig, ConnectorError } from '@/lib/connectors/contract'
import { getConnector, joinConfig } from '@/lib/connectors/registry'
import { env } from '@/lib/env'
import { open, parseSecretKeys, SecretError, type SecretKeys, seal } from '@/lib/secrets'

/** A connection ready to be called: its code, and its settings with the secrets opened. Never show or log `config`. */
export interface OpenConnection {
  readonly connector: AnyConnector
  readonly config: ConnectorConfig
}

/** The keys of this installation. */
function secretKeys(): SecretKeys {
  return parseSecretKeys(env().LEASEHOLD_SECRET_KEYS)
}

const placeOf = (connectionId: string) => ({ table: 'connection', row: connectionId, column: 'secrets' })

/** All secret fields of a connection as one sealed value; null when it has none. */
export function sealSecrets(connectionId: string, secrets: Record<string, string>): string | null {
  if (Object.keys(secrets).length === 0) return null
  return seal(JSON.stringify(secrets), placeOf(connectionId), secretKeys())
}

/**
 * Opens what {@link sealSecrets} sealed for this connection.
 * @throws ConnectorError `misconfigured` when it does not open here.
 */
export function openSecrets(connectionId: string, sealed: string | null): Record<string, string> {
  if (sealed === null) return {}
  try {
    return JSON.parse(open(sealed, placeOf(connectionId), secretKeys()))
  } catch (error) {
    const why = error instanceof SecretError ? error.message : 'The sealed value is damaged.'
    throw new ConnectorError('misconfigured', `The connection’s secrets cannot be opened: ${why}`)
  }
}

/** The same for a row that is loaded already. @throws ConnectorError `misconfigured` */
export function openRow(row: typeof schema.connection.$inferSelect): OpenConnection {
  const connector = getConnector(row.connector)
  return { connector, config: joinConfig(connector, row.config, openSecrets(row.id, row.secrets)) }
}

/**
 * Loads a connection and opens its secrets.
 * @throws ConnectorError `misconfigured` when it is gone, its connector is unknown, its settings no longer
 * fit, or its secrets do not open with the keys of this installation.
 */
export async function openConnection(db: Reader, connectionId: string): Promise<OpenConnection> {
  return (await openConnections(db, [connectionId])).get(connectionId)!
}

/** The same for several, by their ids. @throws ConnectorError `misconfigured` where one of them does not open. */
export async function openConnections(
  db: Reader,
  connectionIds: readonly string[],
): Promise<Map<string, OpenConnection>> {
  const { connection } = schema
  const rows = await db
    .select()
    .from(connection)
    .where(inArray(connection.id, [...connectionIds]))
  if (rows.length < connectionIds.length)
    throw new ConnectorError('misconfigured', 'This connection does not exist any more.')
  return new Map(rows.map((row) => [row.id, openRow(row)]))
}
