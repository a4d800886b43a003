/** Names of this protocol that more than one file needs, and how a name is read. Source: RFC 7643, RFC 7644. */
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** A JSON object as it came in or goes out. */
export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * An attribute's name in one spelling: lower case, without the URN of the core schemas, and with `enterprise:` before
 * those of the enterprise extension. The URN alone is `enterprise:`. Microsoft also writes a dot behind a URN.
 */
export function plainName(name: string): string {
  const lower = name.toLowerCase()
  const behind = (urn: string) =>
    lower.startsWith(urn.toLowerCase()) && /[:.]/.test(lower.charAt(urn.length))
      ? lower.slice(urn.length + 1)
      : undefined
  if (lower === ENTERPRISE.toLowerCase()) return 'enterprise:'
  const extended = behind(ENTERPRISE)
  return extended === undefined ? (behind(USER) ?? behind(GROUP) ?? lower) : `enterprise:${extended}`
}

/** What a client wrote under a name, in whatever case it wrote the name: names are not case-sensitive. */
export function read(body: Json, name: string): unknown {
  if (name in body) return body[name]
  const lower = name.toLowerCase()
  const key = Object.keys(body).find((k) => k.toLowerCase() === lower)
  return key === undefined ? undefined : body[key]
}
