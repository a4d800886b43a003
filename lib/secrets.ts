/**
 * Secrets at rest. Each value has a random data key of its own, which the installation's key wraps:
 * turning the installation's key over re-wraps 32 bytes and leaves the value's ciphertext alone, and
 * no key ever meets enough nonces to worry about. What is sealed for one table, row and column opens
 * nowhere else.
 */
import 'server-only'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Where a secret lives; bound into the seal, so a row's secret cannot be moved to another. */
export interface SecretPlace {
  table: string
  row: string
  column: string
}

/** The keys of this installation: the first seals, all of them open. */
export interface SecretKeys {
  current: string
  keys: ReadonlyMap<string, Buffer>
}

/** A key list or a sealed value that cannot be used. The message never contains key material. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
}

const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/**
 * Reads `id:base64(32 bytes)[,id:base64(32 bytes)…]`; the first is the current key.
 * @throws SecretError with a sentence that names the offending key's id.
 */
export function parseSecretKeys(text: string): SecretKeys {
  const keys = new Map<string, Buffer>()
  for (const [index, part] of text.split(',').entries()) {
    const entry = part.trim()
    const colon = entry.indexOf(':')
    const id = entry.slice(0, Math.max(colon, 0))
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) {
      throw new SecretError(
        `Key ${index + 1} needs the form id:base64, with letters, digits, _ or - in its id.`,
      )
    }
    if (keys.has(id)) throw new SecretError(`The key id "${id}" is given twice.`)
    const encoded = entry.slice(colon + 1)
    const key = Buffer.from(encoded, 'base64')
    if (key.length !== KEY_BYTES || !/^[A-Za-z0-9+/]{43}=$/.test(encoded)) {
      throw new SecretError(`The key "${id}" must be ${KEY_BYTES} bytes in base64 (openssl rand -base64 32).`)
    }
    keys.set(id, key)
  }
  return { current: keys.keys().next().value!, keys }
}

const bind = (place: SecretPlace, ...more: string[]) =>
  Buffer.from(JSON.stringify([VERSION, place.table, place.row, place.column, ...more]))

function encrypt(key: Buffer, aad: Buffer, plain: Buffer): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Buffer, aad: Buffer, encoded: string): Buffer {
  const box = Buffer.from(encoded, 'base64url')
  if (box.length < IV_BYTES + TAG_BYTES) throw new SecretError('The sealed value is damaged.')
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(aad).setAuthTag(box.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(box.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    throw new SecretError('The sealed value does not open here: another key, another place, or damaged.')
  }
}

function split(sealed: string): { keyId: string; wrapped: string; body: string } {
  const [version, keyId, wrapped, body, ...rest] = sealed.split('.')
  if (version !== VERSION || !keyId || !wrapped || !body || rest.length > 0) {
    throw new SecretError('The sealed value is not one of ours.')
  }
  return { keyId, wrapped, body }
}

function keyOf(keys: SecretKeys, id: string): Buffer {
  const key = keys.keys.get(id)
  if (!key) throw new SecretError(`The secret was sealed with the key "${id}", which is not configured.`)
  return key
}

/** Seals `plaintext` for one place with the current key: `v1.<key id>.<wrapped data key>.<value>`. */
export function seal(plaintext: string, place: SecretPlace, keys: SecretKeys): string {
  const dataKey = randomBytes(KEY_BYTES)
  const wrapped = encrypt(keyOf(keys, keys.current), bind(place, keys.current), dataKey)
  return `${VERSION}.${keys.current}.${wrapped}.${encrypt(dataKey, bind(place), Buffer.from(plaintext, 'utf8'))}`
}

/** Opens what was sealed for this place. @throws SecretError when it was not, or the key is missing. */
export function open(sealed: string, place: SecretPlace, keys: SecretKeys): string {
  const { keyId, wrapped, body } = split(sealed)
  const dataKey = decrypt(keyOf(keys, keyId), bind(place, keyId), wrapped)
  return decrypt(dataKey, bind(place), body).toString('utf8')
}

/** Whether the value is still sealed with a former key. */
export function needsRotation(sealed: string, keys: SecretKeys): boolean {
  return split(sealed).keyId !== keys.current
}

/** The same secret under the current key; only the data key is wrapped anew. */
export function rotate(sealed: string, place: SecretPlace, keys: SecretKeys): string {
  const { keyId, wrapped, body } = split(sealed)
  const dataKey = decrypt(keyOf(keys, keyId), bind(place, keyId), wrapped)
  decrypt(dataKey, bind(place), body) // a value that does not open must not be carried on silently
  return `${VERSION}.${keys.current}.${encrypt(keyOf(keys, keys.current), bind(place, keys.current), dataKey)}.${body}`
}
