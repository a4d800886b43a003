import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { needsRotation, open, parseSecretKeys, rotate, SecretError, seal } from './secrets'

const encodedKey = () => randomBytes(32).toString('base64')
const place = { table: 'connections', row: 'c1', column: 'secrets.password' }
const first = `a:${encodedKey()}`
const second = `b:${encodedKey()}`
const keys = parseSecretKeys(first)

describe('key lists', () => {
  test('the first key is the current one', () => {
    const both = parseSecretKeys(`${second}, ${first}`)
    expect(both.current).toBe('b')
    expect([...both.keys.keys()]).toEqual(['b', 'a'])
  })

  test.each([
    ['', 'Key 1'],
    ['nocolon', 'Key 1'],
    [`${first},`, 'Key 2'],
    [`${first},${first}`, '"a" is given twice'],
    ['a:c2hvcnQ=', '"a" must be 32 bytes'],
    [`a:${randomBytes(33).toString('base64')}`, '"a" must be 32 bytes'],
    [`a:${'!'.repeat(44)}`, '"a" must be 32 bytes'],
    [`bad id:${encodedKey()}`, 'Key 1'],
  ])('%s is refused with a sentence', (text, message) => {
    expect(() => parseSecretKeys(text)).toThrow(message)
    expect(() => parseSecretKeys(text)).toThrow(SecretError)
  })

  test('a refusal never repeats the key', () => {
    const almost = randomBytes(31).toString('base64')
    expect(() => parseSecretKeys(`a:${almost}`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(almost) }),
    )
  })
})

describe('sealing', () => {
  test.each(['hunter2', '', 'p€ss\n"wörd"', 'x'.repeat(100_000)])('what is sealed opens again', (secret) => {
    expect(open(seal(secret, place, keys), place, keys)).toBe(secret)
  })

  test('the same secret never looks the same twice, and does not show', () => {
    const sealed = [seal('hunter2', place, keys), seal('hunter2', place, keys)]
    expect(sealed[0]).not.toBe(sealed[1])
    expect(sealed[0]).not.toContain(Buffer.from('hunter2').toString('base64url'))
  })

  test.each([
    { ...place, table: 'other' },
    { ...place, row: 'c2' },
    { ...place, column: 'secrets.token' },
    { table: 'connections","c1', row: '', column: place.column },
  ])('it opens at no other place: %j', (elsewhere) => {
    const sealed = seal('hunter2', place, keys)
    expect(() => open(sealed, elsewhere, keys)).toThrow(SecretError)
  })

  test('any part that is touched stops it from opening', () => {
    const parts = seal('hunter2', place, keys).split('.')
    for (const index of [2, 3]) {
      const bytes = Buffer.from(parts[index]!, 'base64url')
      for (const at of [0, 13, bytes.length - 1]) {
        const touched = Buffer.from(bytes)
        touched[at]! ^= 1
        const forged = parts.with(index, touched.toString('base64url')).join('.')
        expect(() => open(forged, place, keys)).toThrow(SecretError)
      }
    }
  })

  test('data keys cannot be exchanged between two values of one place', () => {
    const [one, two] = [seal('one', place, keys).split('.'), seal('two', place, keys).split('.')]
    expect(() => open([one[0], one[1], one[2], two[3]].join('.'), place, keys)).toThrow(SecretError)
  })

  test('a key that is not there is named', () => {
    const sealed = seal('hunter2', place, parseSecretKeys(second))
    expect(() => open(sealed, place, keys)).toThrow('"b", which is not configured')
  })

  test('the same id with another key does not open', () => {
    const sealed = seal('hunter2', place, keys)
    expect(() => open(sealed, place, parseSecretKeys(`a:${encodedKey()}`))).toThrow(SecretError)
  })

  test.each(['', 'v1', 'v2.a.b.c', 'v1.a.b', 'v1.a.b.c.d', 'v1.a.short.short', 'plain text'])(
    '%s is not one of ours',
    (text) => {
      expect(() => open(text, place, keys)).toThrow(SecretError)
    },
  )
})

describe('turning keys over', () => {
  const both = parseSecretKeys(`${second},${first}`)

  test('a former key still opens, is noticed, and is replaced', () => {
    const old = seal('hunter2', place, keys)
    expect(needsRotation(old, keys)).toBe(false)
    expect(needsRotation(old, both)).toBe(true)
    expect(open(old, place, both)).toBe('hunter2')
    const turned = rotate(old, place, both)
    expect(needsRotation(turned, both)).toBe(false)
    expect(open(turned, place, parseSecretKeys(second))).toBe('hunter2')
    expect(() => open(turned, place, keys)).toThrow('"b"')
    expect(turned.split('.')[3]).toBe(old.split('.')[3])
  })

  test('what does not open is not carried on', () => {
    const parts = seal('hunter2', place, keys).split('.')
    const broken = [...parts.slice(0, 3), seal('x', place, keys).split('.')[3]].join('.')
    expect(() => rotate(broken, place, both)).toThrow(SecretError)
  })
})
