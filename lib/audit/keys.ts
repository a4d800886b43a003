import 'server-only'
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { SecretKeys } from '@/lib/secrets'
import { canonical, sha256Bytes } from './form'

/** A public Ed25519 key as a JSON Web Key (RFC 8037); `kid` is its thumbprint (RFC 7638). */
export interface PublicJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
}

/** A key that signs checkpoints. */
export interface SigningKey {
  readonly privateKey: KeyObject
  readonly jwk: PublicJwk
}

const PURPOSE = 'leasehold checkpoint signature v1'
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The keys of this install, the one that signs first: each is derived from one of the secret keys, and nothing else. */
export function signingKeys({ keys }: SecretKeys): [SigningKey, ...SigningKey[]] {
  const [first, ...rest] = [...keys.values()].map(signingKey)
  if (!first) throw new Error('no secret key to derive from')
  return [first, ...rest]
}

function signingKey(secret: Buffer): SigningKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), PURPOSE, 32))
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { privateKey, jwk: withKid(String(x)) }
}

/** A public key by its 32 bytes in base64url, named by its thumbprint. */
export function withKid(x: string): PublicJwk {
  const kid = sha256Bytes(canonical({ crv: 'Ed25519', kty: 'OKP', x })).toString('base64url')
  return { kty: 'OKP', crv: 'Ed25519', x, kid }
}
