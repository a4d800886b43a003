/** A connector's settings as a form sees them, read from its schema and nowhere else. */
import 'server-only'
import { z } from 'zod'
import type { Connector } from './contract'

export interface ConfigField {
  name: string
  label: string
  help?: string
  placeholder?: string
  secret: boolean
  required: boolean
  /** Points the connection at another system when changed. */
  target: boolean
  /** Plays a part only while another field has one of these values. */
  when?: { field: string; is: string[]; required?: boolean }
  /** A heading of a long form. */
  group?: string
  kind: 'text' | 'multiline' | 'number' | 'switch' | 'choice'
  /** For `choice`. */
  options?: string[]
  /** What an untouched field stands for. */
  default?: string | number | boolean
}

interface Peeled {
  inner: z.core.$ZodType
  meta: z.core.GlobalMeta
  required: boolean
  default?: unknown
}

/** Takes the wrappers (optional, default, pipe) off; what an outer layer says wins. */
function peel(type: z.core.$ZodType): Peeled {
  const own = z.globalRegistry.get(type) ?? {}
  const def = (type as z.core.$ZodTypes)._zod.def
  switch (def.type) {
    case 'optional':
    case 'nullable': {
      const below = peel(def.innerType)
      return { ...below, meta: { ...below.meta, ...own }, required: false }
    }
    case 'default':
    case 'prefault': {
      const below = peel(def.innerType)
      return { ...below, meta: { ...below.meta, ...own }, required: false, default: def.defaultValue }
    }
    case 'pipe': {
      const below = peel(def.in)
      return { ...below, meta: { ...below.meta, ...own } }
    }
    default:
      return { inner: type, meta: own, required: true }
  }
}

function kindOf(peeled: Peeled): Pick<ConfigField, 'kind' | 'options'> {
  const def = (peeled.inner as z.core.$ZodTypes)._zod.def
  if (def.type === 'enum') return { kind: 'choice', options: Object.values(def.entries).map(String) }
  if (def.type === 'number') return { kind: 'number' }
  if (def.type === 'boolean') return { kind: 'switch' }
  return { kind: peeled.meta.multiline ? 'multiline' : 'text' }
}

/** The fields in the order of the schema. */
export function configFields<Config>(connector: Pick<Connector<Config>, 'configSchema'>): ConfigField[] {
  return Object.entries(connector.configSchema.shape).map(([name, type]) => {
    const peeled = peel(type)
    const { label, help, placeholder, secret, target, when, group } = peeled.meta
    return {
      name,
      label: label ?? name,
      ...(help ? { help } : {}),
      ...(placeholder ? { placeholder } : {}),
      secret: secret === true,
      target: target === true,
      required: peeled.required,
      ...(when ? { when } : {}),
      ...(group ? { group } : {}),
      ...kindOf(peeled),
      ...(peeled.default === undefined ? {} : { default: peeled.default as string | number | boolean }),
    }
  })
}

/** The values to keep out of every message. */
export function secretValues<Config>(connector: Connector<Config>, config: Config): string[] {
  const values = config as Record<string, unknown>
  return configFields(connector)
    .filter((field) => field.secret)
    .map((field) => values[field.name])
    .filter((value) => typeof value === 'string' && value !== '') as string[]
}
