import 'server-only'
import type { AnyConnector, ConnectorConfig } from '@/lib/connectors/contract'
import { configFields, connectors, type SplitConfig, splitConfig } from '@/lib/connectors/registry'
import { RefusalError, refuse, refuseFields } from '@/lib/domain/errors'

/** Values of a form by field name, as a browser sends them. */
export type FormValues = Readonly<Record<string, string | undefined>>

/** A connector by the id a form sent; refused at `connector` when there is none. */
export function connectorNamed(id: string): AnyConnector {
  if (!Object.hasOwn(connectors, id))
    throw new RefusalError(refuse('invalid', 'Choose one of the systems in the list', 'connector'))
  return connectors[id as keyof typeof connectors]
}

/**
 * Judges a connector's settings and parts what may be shown from what is sealed. `kept` are values that the form
 * leaves alone: stored settings or opened secrets. Every problem is refused at `<prefix>.<field>`.
 */
export function readSettings(
  connectorId: string,
  values: FormValues,
  kept: ConnectorConfig = {},
  prefix = 'settings',
): SplitConfig {
  const connector = connectorNamed(connectorId)
  const typed = { ...kept, ...fromForm(connector, values) }
  const judged = connector.configSchema.safeParse(typed)
  if (judged.success) return splitConfig(connector, typed)
  const problems: Record<string, string> = {}
  for (const issue of judged.error.issues) problems[`${prefix}.${issue.path.join('.')}`] ??= issue.message
  throw new RefusalError(refuseFields(problems))
}

/** Blank fields are absent, so that defaults hold; an unticked switch is sent as nothing and means no. */
function fromForm(connector: AnyConnector, values: FormValues): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const field of configFields(connector)) {
    if (!(field.name in values)) continue
    const value = values[field.name]
    if (field.kind === 'switch') read[field.name] = value === 'on' || value === 'true'
    else if (value !== undefined && value.trim() !== '') read[field.name] = value
  }
  return read
}

/** Picks values by name; a name without a value is there as undefined, which a switch reads as no. */
export function only(values: FormValues, names: readonly string[]): FormValues {
  return Object.fromEntries(names.map((name) => [name, values[name]]))
}

/** The names of a connector's fields that are, or are not, secret. */
export function fieldNames(connector: AnyConnector, secret: boolean): string[] {
  return configFields(connector)
    .filter((field) => field.secret === secret)
    .map((field) => field.name)
}

/** The names of all secret inputs of all forms under a prefix, so that no answer to a form repeats them. */
export function secretInputs(prefix: string): string[] {
  const all = Object.values(connectors as Record<string, AnyConnector>)
  const names = all.flatMap((connector) => fieldNames(connector, true))
  return [...new Set(names)].map((name) => `${prefix}.${name}`)
}
