import { expect, test } from 'vitest'
import { commonTrouble, type HttpAnswer, nextLink, oneLine, sameOrigin } from './http'

const now = new Date('2026-11-12T10:00:00Z')
const base = 'https://api.example.com/v1/groups'
const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: new Headers(headers),
  body: undefined,
  host: 'api.example.com',
})

test('a refused credential is never absence, trouble of the target is to be tried again', () => {
  for (const status of [401, 403]) expect(commonTrouble(answer(status), now)?.code).toBe('auth')
  for (const status of [408, 423, 425, 500, 502, 503, 504])
    expect(commonTrouble(answer(status), now)?.code).toBe('retryable')
  for (const status of [200, 204, 400, 404, 409, 410, 412, 422])
    expect(commonTrouble(answer(status), now)).toBeNull()
})

test('a pause is read from the first header that is there', () => {
  const headers = { 'x-rate-limit-reset': String(now.getTime() / 1000 + 90), 'retry-after': '5' }
  expect(commonTrouble(answer(429, headers), now)?.retryAfterMs).toBe(5000)
  expect(commonTrouble(answer(429, headers), now, ['x-rate-limit-reset'])?.retryAfterMs).toBe(90_000)
  expect(commonTrouble(answer(429), now)).toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 })
  expect(commonTrouble(answer(503, { 'retry-after': '7' }), now)?.retryAfterMs).toBe(7000)
  expect(commonTrouble(answer(503), now)?.retryAfterMs).toBeUndefined()
})

test('the next page is followed on the same host only', () => {
  const link = (value: string) => new Headers({ link: value })
  expect(nextLink(link('<https://api.example.com/v1/groups?after=b>; rel="next"'), base)).toBe(
    'https://api.example.com/v1/groups?after=b',
  )
  expect(
    nextLink(link('<https://api.example.com/v1/groups>; rel="self", </v1/groups?page=2>; rel=next'), base),
  ).toBe('https://api.example.com/v1/groups?page=2')
  expect(nextLink(link('<https://api.example.com/v1/groups?a=1,2>; rel="prev"'), base)).toBeNull()
  expect(nextLink(new Headers(), base)).toBeNull()
  for (const elsewhere of [
    'https://evil.example/x',
    'http://api.example.com/x',
    'https://api.example.com:8443/x',
  ])
    expect(() => nextLink(link(`<${elsewhere}>; rel="next"`), base)).toThrow(
      expect.objectContaining({ code: 'rejected' }),
    )
  expect(sameOrigin('/v1/x', base)).toBe('https://api.example.com/v1/x')
})

test('a foreign text is one short line', () => {
  expect(oneLine(' a\r\nb\u0000\u202Ec\u200B  d ')).toBe('a b c d')
  expect(oneLine('x'.repeat(400))).toHaveLength(300)
})
