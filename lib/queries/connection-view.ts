import 'server-only'
import { and, desc, eq, inArray } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { ConnectionView, ConnectorChoice, SettingField } from '@/lib/application-views'
import { readClocks } from '@/lib/clock'
import { type AnyConnector, ConnectorError } from '@/lib/connectors/contract'
import { configFields, connectors, getConnector } from '@/lib/connectors/registry'
import type { StoredProbe } from '@/lib/services/connection-tests'
import { openSecrets } from '@/lib/services/connections'
import { playing } from '@/lib/setting-fields'
import { connectionState, healthOver } from './connection-health'
import { failedDrills } from './drills'

const { connection, person, timeline } = schema

/** The systems one can connect, each with its form. */
export function connectorChoices(): ConnectorChoice[] {
  return Object.values(connectors as Record<string, AnyConnector>).map((connector) => ({
    id: connector.id,
    name: connector.name,
    description: connector.description,
    category: connector.category ?? 'other',
    searchWords: connector.searchWords ?? [],
    fields: configFields(connector).map(
      ({ default: value, ...field }): SettingField => ({
        ...field,
        ...(value === undefined ? {} : { value }),
      }),
    ),
  }))
}

/** What a connector is called; its id where this installation does not know it. */
export function connectorName(id: string): string {
  return Object.hasOwn(connectors, id) ? getConnector(id).name : id
}

/**
 * A connection as it may be shown: settings without secrets, what the last test said, and when the secret was set.
 * Not scoped: only the application's page calls it, after the gate.
 */
export async function connectionView(db: Reader, id: string): Promise<ConnectionView | null> {
  const row = await db.query.connection.findFirst({ where: eq(connection.id, id) })
  if (!row) return null
  const clocks = await readClocks(db)
  const { offsetMs, now } = clocks
  const connector = getConnector(row.connector)
  const fields = configFields(connector)
  const set = secretsSet(row)
  const shown = fields.map(({ default: untouched, ...field }): SettingField => {
    if (field.secret) return { ...field, set: set.has(field.name) }
    const value = row.config[field.name] ?? untouched
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return { ...field, ...(plain ? { value } : {}) }
  })
  const plays = playing(shown, Object.fromEntries(shown.map(({ name, value }) => [name, value])))
  const probe = row.probe as Partial<StoredProbe> | null
  return {
    id: row.id,
    version: row.version,
    connector: connector.name,
    target: connector.target(row.config),
    paused: row.paused,
    pausedReason: row.pausedReason,
    resting: row.breakerOpenedAt && {
      since: new Date(row.breakerOpenedAt.getTime() + offsetMs),
      until: new Date((row.breakerUntil ?? row.breakerOpenedAt).getTime() + offsetMs),
    },
    residue: connector.residue(row.config),
    atATime: connector.limits.concurrency,
    test: row.probedAt && {
      // Tests are kept in unshifted time; the page reads the domain's clock.
      at: new Date(row.probedAt.getTime() + offsetMs),
      ok: row.probeOk ?? false,
      tookMs: probe?.tookMs ?? null,
      identity: probe?.identity ?? null,
      checks: probe?.checks ?? [],
    },
    state: connectionState(row, now, (await failedDrills(db)).has(row.id)),
    health: await healthOver(db, row.id, clocks),
    credentialEndsAt: row.credentialExpiresAt,
    syncedAt: row.syncedAt,
    syncError: row.syncError,
    syncShrunk: row.syncShrunk !== null,
    settings: shown.filter((field) => !field.secret && plays.has(field.name)),
    fields: shown.filter((field) => !field.secret || field.when),
    secrets: shown.filter((field) => field.secret && plays.has(field.name)),
    secretSet: await lastSecret(db, row.id),
  }
}

/** Which secret fields have a value. They are opened only to be named; a lost key names none. */
function secretsSet(row: typeof connection.$inferSelect): ReadonlySet<string> {
  try {
    return new Set(Object.keys(openSecrets(row.id, row.secrets)))
  } catch (error) {
    if (error instanceof ConnectorError) return new Set()
    throw error
  }
}

async function lastSecret(db: Reader, connectionId: string): Promise<{ at: Date; by: string | null } | null> {
  const created = db
    .select({ id: schema.application.id })
    .from(schema.application)
    .where(eq(schema.application.connectionId, connectionId))
  const columns = { at: timeline.at, by: person.name }
  const [replaced] = await db
    .select(columns)
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'connection'),
        eq(timeline.subjectId, connectionId),
        eq(timeline.verb, 'secret_replaced'),
      ),
    )
    .orderBy(desc(timeline.version))
    .limit(1)
  if (replaced) return replaced
  const [first] = await db
    .select(columns)
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'application'),
        inArray(timeline.subjectId, created),
        eq(timeline.verb, 'created'),
      ),
    )
    .limit(1)
  return first ?? null
}
