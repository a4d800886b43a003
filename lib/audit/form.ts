/**
 * The form of the chain over the timeline (docs/decisions/0019): what exactly is hashed, so that anybody can do it
 * again. Needs nothing but SHA-256 and JSON in its canonical form (RFC 8785).
 */
import 'server-only'
import { createHash } from 'node:crypto'

/** What stands before the first seal. */
export const NO_SEAL = '0'.repeat(64)

/** An entry as it is sealed. `at` is an ISO string in UTC with milliseconds. */
export interface SealedEntry {
  readonly id: number
  readonly subjectType: string
  readonly subjectId: string
  readonly version: number
  readonly verb: string
  readonly at: string
  readonly actorId: string | null
  readonly actorSystem: string | null
}

/** One link of the chain, with what its hash is made of. */
export interface Link {
  readonly seq: number
  /** The hash of the link before, in hex; {@link NO_SEAL} before the first. */
  readonly prev: string
  /** ISO string; unshifted time. */
  readonly sealedAt: string
  readonly entry: SealedEntry
  readonly payloadHash: string
}

/** SHA-256. */
export function sha256Bytes(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}

/** SHA-256 in hex, of a text in UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return sha256Bytes(data).toString('hex')
}

/**
 * A JSON value in the one form that is hashed: names sorted by UTF-16 code units, no space, numbers and strings as
 * ECMAScript writes them (RFC 8785, JSON Canonicalization Scheme). Members that are undefined are left out.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

/** The hash of a payload under its salt: without the salt nobody can try out what an erased payload said. */
export function payloadHash(salt: string, data: unknown): string {
  return sha256(canonical([salt, data]))
}

/** The hash of a link, which the next one carries. */
export function sealHash({ seq, prev, sealedAt, entry, payloadHash }: Link): string {
  const { id, subjectType, subjectId, version, verb, at, actorId, actorSystem } = entry
  return sha256(
    canonical({
      form: 'leasehold-seal/1',
      seq,
      prev,
      sealedAt,
      entry: { id, subjectType, subjectId, version, verb, at, actorId, actorSystem, payload: payloadHash },
    }),
  )
}

/** A row of the timeline as it is sealed. */
export function sealedEntry(row: Omit<SealedEntry, 'at'> & { readonly at: Date }): SealedEntry {
  const { id, subjectType, subjectId, version, verb, at, actorId, actorSystem } = row
  return { id, subjectType, subjectId, version, verb, at: at.toISOString(), actorId, actorSystem }
}
