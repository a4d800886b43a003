import { createHash, randomBytes } from 'node:crypto'
import { v7 } from 'uuid'

/** A new row id: UUID version 7, so that ids sort by the time they were made. The only source of chance in ids. */
export function newId(): string {
  return v7()
}

/** A new secret for a link or a session: 256 bits, URL-safe. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a token. A 256-bit random token needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether a part of a URL can be an id at all; anything else is not found, never an error. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
}
