/** A checkpoint is a compact JWS (RFC 7515) with an Ed25519 signature (EdDSA, RFC 8037): any JOSE library reads it. */
import 'server-only'
import { createPublicKey, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { canonical } from './form'
import type { PublicJwk, SigningKey } from './keys'

const hex = z.string().regex(/^[0-9a-f]{64}$/)
const statement = z.object({
  form: z.literal('leasehold-checkpoint/1'),
  /** The links it covers, the first and the last. */
  from: z.number().int().positive(),
  seq: z.number().int().positive(),
  /** The hash of the last link, which stands for the whole chain up to it. */
  hash: hex,
  /** Over the hashes of the links it covers. */
  root: hex,
  /** When it was signed; unshifted time. */
  at: z.iso.datetime(),
})

/** Where the chain stood, as it is signed. */
export type Statement = z.output<typeof statement>

const header = z.object({ alg: z.literal('EdDSA'), kid: z.string(), typ: z.literal('leasehold-checkpoint') })

const encode = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')

/** Signs a statement. */
export function signCheckpoint(key: SigningKey, said: Statement): string {
  const head = encode({ alg: 'EdDSA', kid: key.jwk.kid, typ: 'leasehold-checkpoint' })
  const signed = `${head}.${encode(said)}`
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`
}

/** What a checkpoint says, or why it cannot be believed. */
export type Read =
  | { readonly ok: true; readonly said: Statement; readonly kid: string }
  | { readonly ok: false; readonly why: string }

/** Reads a checkpoint and checks its signature with one of the keys that are trusted. */
export function readCheckpoint(jws: string, trusted: readonly PublicJwk[]): Read {
  const [head = '', body = '', signature = '', more] = jws.trim().split('.')
  if (more !== undefined) return { ok: false, why: 'it is not a checkpoint' }
  const parsedHead = header.safeParse(parsed(head))
  const parsedBody = statement.safeParse(parsed(body))
  if (!parsedHead.success || !parsedBody.success) return { ok: false, why: 'it is not a checkpoint' }
  const { kid } = parsedHead.data
  const jwk = trusted.find((key) => key.kid === kid)
  if (!jwk)
    return { ok: false, why: `it is signed with the key ${kid}, which is not known here (see --keys)` }
  const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' })
  const good = verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))
  return good ? { ok: true, said: parsedBody.data, kid } : { ok: false, why: 'its signature is wrong' }
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
