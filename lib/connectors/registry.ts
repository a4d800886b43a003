/** The systems we can give access in, and how their settings are kept. */
import 'server-only'
import type { AnyConnector, ConnectorConfig } from './contract'
import { ConnectorError } from './contract'
import { entraConnector } from './entra'
import { configFields } from './fields'
import { githubConnector } from './github'
import { jumpcloudConnector } from './jumpcloud'
import { ldapConnector } from './ldap'
import { oktaConnector } from './okta'
import { postgresConnector } from './postgres'
import { scimConnector } from './scim'
import { webhookConnector } from './webhook'

export { type ConfigField, configFields } from './fields'

export const connectors = {
  entra: entraConnector,
  jumpcloud: jumpcloudConnector,
  github: githubConnector,
  ldap: ldapConnector,
  okta: oktaConnector,
  postgres: postgresConnector,
  scim: scimConnector,
  webhook: webhookConnector,
} satisfies Record<string, AnyConnector>

export type ConnectorId = keyof typeof connectors

/** @throws ConnectorError `misconfigured` for an id this installation does not know. */
export function getConnector(id: string): AnyConnector {
  if (!Object.hasOwn(connectors, id)) {
    throw new ConnectorError('misconfigured', `There is no connector called "${id}".`)
  }
  return connectors[id as ConnectorId]
}

/** Settings as stored: what may be shown, and what is sealed field by field. */
export interface SplitConfig {
  config: ConnectorConfig
  secrets: Record<string, string>
}

/**
 * Validates the values of a form and parts them. Secret fields left blank are absent from `secrets`.
 * @throws z.ZodError with a path per field; use `connector.configSchema.safeParse` to show them.
 */
export function splitConfig(connector: AnyConnector, values: unknown): SplitConfig {
  const parsed = connector.configSchema.parse(values)
  const secretNames = new Set(configFields(connector).flatMap((field) => (field.secret ? field.name : [])))
  const split: SplitConfig = { config: {}, secrets: {} }
  for (const [name, value] of Object.entries(parsed)) {
    if (!secretNames.has(name)) split.config[name] = value
    else if (typeof value === 'string' && value !== '') split.secrets[name] = value
  }
  return split
}

/**
 * Puts stored settings and opened secrets together again.
 * @throws ConnectorError `misconfigured` naming the fields that no longer fit the connector.
 */
export function joinConfig(
  connector: AnyConnector,
  config: ConnectorConfig,
  secrets: Record<string, string>,
): ConnectorConfig {
  const result = connector.configSchema.safeParse({ ...config, ...secrets })
  if (result.success) return result.data
  const wrong = new Set(result.error.issues.map((issue) => issue.path.join('.') || 'settings'))
  throw new ConnectorError('misconfigured', `These settings need attention: ${[...wrong].join(', ')}.`)
}

/** Whether two settings point at different systems, which live grants forbid. A field left empty is one not there. */
export function pointsElsewhere(
  connector: AnyConnector,
  before: ConnectorConfig,
  after: ConnectorConfig,
): boolean {
  const said = (config: ConnectorConfig, name: string) => config[name] || undefined
  return configFields(connector).some(
    ({ target, name }) => target && said(before, name) !== said(after, name),
  )
}
