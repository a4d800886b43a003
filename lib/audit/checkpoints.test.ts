import { randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { parseSecretKeys } from '@/lib/secrets'
import { readCheckpoint, type Statement, signCheckpoint } from './checkpoint-form'
import { canonical, sha256 } from './form'
import { signingKeys } from './keys'
import { merklePath, merkleRoot, rootOf } from './merkle'

const secret = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const hash = sha256('x')
const said: Statement = {
  form: 'leasehold-checkpoint/1',
  from: 1,
  seq: 7,
  hash,
  root: hash,
  at: '2026-11-27T10:00:00.000Z',
}

describe('the canonical form', () => {
  it.each([
    // The example of RFC 8785, section 3.2.3, and what else could differ.
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
    [{ b: [1e21, 0.000001, -0, 1234.5], a: undefined }, '{"b":[1e+21,0.000001,0,1234.5]}'],
    [[null, true, '</\u2028"\\\u0007'], '[null,true,"</\u2028\\"\\\\\\u0007"]'],
  ])('%j', (value, text) => {
    expect(canonical(value)).toBe(text)
  })
})

describe('a checkpoint', () => {
  it('is what any JOSE library can verify, under a key named by its thumbprint', async () => {
    const [key] = signingKeys(parseSecretKeys(secret('k1')))
    const jws = signCheckpoint(key, said)
    const { payload } = await compactVerify(jws, await importJWK(key.jwk, 'EdDSA'))
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(said)
    expect(key.jwk.kid).toBe(await calculateJwkThumbprint(key.jwk))
  })

  it('is signed by the first key, and read with every key that is still there', () => {
    const [old, fresh] = [secret('k1'), secret('k2')]
    const [before] = signingKeys(parseSecretKeys(old))
    const after = signingKeys(parseSecretKeys(`${fresh},${old}`))
    expect(after[0].jwk.kid).not.toBe(before.jwk.kid)
    const trusted = after.map((key) => key.jwk)
    expect(readCheckpoint(signCheckpoint(before, said), trusted)).toEqual({
      ok: true,
      said,
      kid: before.jwk.kid,
    })
    const gone = readCheckpoint(signCheckpoint(before, said), trusted.slice(0, 1))
    expect(gone).toMatchObject({ ok: false, why: expect.stringContaining(before.jwk.kid) })
  })

  it('is not believed when a byte of it changed', () => {
    const [key] = signingKeys(parseSecretKeys(secret('k1')))
    const [head, , signature] = signCheckpoint(key, said).split('.')
    const other = signCheckpoint(key, { ...said, seq: 8 }).split('.')[1]
    expect(readCheckpoint(`${head}.${other}.${signature}`, [key.jwk])).toEqual({
      ok: false,
      why: 'its signature is wrong',
    })
    for (const junk of ['', 'a.b.c', 'x', `${head}.${other}`, `${head}.${other}.${signature}.x`])
      expect(readCheckpoint(junk, [key.jwk]).ok).toBe(false)
  })
})

it('proves for trees of every size that each leaf is in them, and that no other is', () => {
  for (let size = 1; size <= 33; size++) {
    const hashes = Array.from({ length: size }, (_, i) => sha256(`${size}:${i}`))
    const root = merkleRoot(hashes)
    hashes.forEach((leaf, i) => {
      const path = merklePath(hashes, i)
      expect(rootOf(leaf, path)).toBe(root)
      expect(rootOf(sha256('other'), path)).not.toBe(root)
    })
  }
})
