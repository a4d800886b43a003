import { createHash } from 'node:crypto'
import { isObject, type Json, LIST, plainName } from './attributes'
import { bad } from './errors'

/** Of a page: so many at most, and so many where nobody says. */
export const MOST_RESULTS = 200
const USUAL_RESULTS = 100

/** Which part of a result is asked for. Source: RFC 7644, section 3.4.2.4: what is too small counts as the smallest. */
export interface PageAsked {
  /** From 1. */
  readonly startIndex: number
  readonly count: number
}

export function pageAsked(query: URLSearchParams): PageAsked {
  const number = (name: string, usual: number) => {
    const text = query.get(name)
    if (text === null || text === '') return usual
    if (!/^-?\d{1,9}$/.test(text)) throw bad('invalidValue', `“${name}” is a whole number.`)
    return Number(text)
  }
  return {
    startIndex: Math.max(1, number('startIndex', 1)),
    count: Math.min(MOST_RESULTS, Math.max(0, number('count', USUAL_RESULTS))),
  }
}

export function listResponse(resources: readonly Json[], total: number, startIndex = 1): Json {
  return {
    schemas: [LIST],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

/** A resource with its `meta`. Its version is a digest of all it says, so that equal versions are equal resources. */
export function withMeta(
  resource: Json,
  about: { type: 'User' | 'Group'; createdAt: Date; changedAt: Date; location: string },
): Json {
  return {
    ...resource,
    meta: {
      resourceType: about.type,
      created: about.createdAt.toISOString(),
      lastModified: about.changedAt.toISOString(),
      location: about.location,
      version: versionOf(resource),
    },
  }
}

/** A weak entity tag. */
export function versionOf(resource: Json): string {
  return `W/"${createHash('sha256').update(JSON.stringify(resource)).digest('base64url').slice(0, 22)}"`
}

/** Whether a condition such as `W/"a", W/"b"` or `*` names this version. Weak and strong tags compare alike here. */
export function namesVersion(condition: string, version: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return condition.split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(version))
}

/** Which attributes a client wants to see. `id` and `schemas` are always there. Source: RFC 7644, section 3.9. */
export interface Shown {
  readonly only: ReadonlySet<string> | null
  readonly without: ReadonlySet<string>
}

/** `emails[type eq "work"]` among those to see, as Microsoft writes it, is `emails`. */
export function shownBy(query: URLSearchParams): Shown {
  const names = (text: string | null) =>
    (text ?? '')
      .split(',')
      .map((n) => plainName(n.trim()))
      .filter(Boolean)
  const only = names(query.get('attributes')?.replaceAll(/\[[^\]]*\]/g, '') ?? null)
  return {
    only: only.length > 0 ? new Set(only) : null,
    without: new Set(names(query.get('excludedAttributes'))),
  }
}

/** Whether an attribute, by its plain name, or a part of it, is among what is shown. */
export function isShown({ only, without }: Shown, name: string): boolean {
  if (without.has(name)) return false
  return only === null || [...only].some((n) => n === name || n.startsWith(`${name}.`))
}

export function projected(resource: Json, shown: Shown): Json {
  if (shown.only === null && shown.without.size === 0) return resource
  const kept = Object.entries(resource).flatMap(([key, value]): [string, unknown][] => {
    const name = plainName(key)
    if (name === 'id' || name === 'schemas') return [[key, value]]
    if (name === 'enterprise:' && isObject(value)) {
      if (shown.without.has(name)) return []
      const inner = Object.entries(value).filter(
        ([k]) => (shown.only?.has(name) ?? false) || isShown(shown, `enterprise:${k.toLowerCase()}`),
      )
      return inner.length > 0 ? [[key, Object.fromEntries(inner)]] : []
    }
    return isShown(shown, name) ? [[key, partsOf(value, name, shown)]] : []
  })
  return Object.fromEntries(kept)
}

/** `name.givenName` keeps that part alone; `emails.type` does so in each element. */
function partsOf(value: unknown, name: string, { only, without }: Shown): unknown {
  if (Array.isArray(value)) return value.map((each) => partsOf(each, name, { only, without }))
  if (!isObject(value)) return value
  const whole = only === null || only.has(name)
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => {
      const part = `${name}.${key.toLowerCase()}`
      return !without.has(part) && (whole || (only?.has(part) ?? false))
    }),
  )
}
