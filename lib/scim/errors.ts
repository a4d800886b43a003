import type { Refusal, RefusalCode } from '@/lib/domain/errors'

/** The kinds of 400 and 409 that a client may branch on. Source: RFC 7644, section 3.12, table 9. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

/** What is answered instead of a resource; `detail` is a sentence for whoever reads the client's log. */
export class ScimError extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly scimType?: ScimType,
  ) {
    super(detail)
    this.name = 'ScimError'
  }
}

export const bad = (scimType: ScimType, detail: string): ScimError => new ScimError(400, detail, scimType)
export const notFound = (what: string): ScimError => new ScimError(404, `There is no such ${what}.`)
export const taken = (detail: string): ScimError => new ScimError(409, detail, 'uniqueness')

/** The body of an answer that refuses. Source: RFC 7644, section 3.12. */
export function errorBody(status: number, detail: string, scimType?: ScimType) {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error']
  // The status is a string there, whatever it looks like.
  return { schemas, status: String(status), ...(scimType && { scimType }), detail }
}

const statuses: Partial<Record<RefusalCode, number>> = {
  unauthenticated: 401,
  not_found: 404,
  invalid: 400,
  stale: 412,
  limit: 429,
  // A client tries that again by itself.
  unavailable: 503,
}

/** A refusal of a service in this protocol's terms. A conflict is a rule of ours that no version or name would mend. */
export function scimErrorOf(refusal: Refusal): ScimError {
  const detail = /[.!?]$/.test(refusal.message) ? refusal.message : `${refusal.message}.`
  const status = statuses[refusal.code] ?? 403
  return new ScimError(status, detail, status === 400 ? 'invalidValue' : undefined)
}
