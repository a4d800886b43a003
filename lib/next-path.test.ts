import { describe, expect, it, test } from 'vitest'
import { nextPath, withoutToken } from './next-path'

describe('the way back after signing in', () => {
  it.each([
    ['/', '/'],
    ['/requests/42?tab=facts#top', '/requests/42?tab=facts#top'],
    ['/decide/abc', '/decide/abc'],
    ['/a/../catalogue', '/catalogue'],
    ['/sign-internal', '/sign-internal'],
  ])('keeps %s as %s', (given, kept) => {
    expect(nextPath(given)).toBe(kept)
  })

  it.each([
    ['another site', 'https://evil.example/'],
    ['another site without a scheme', '//evil.example'],
    ['a backslash for a slash', '/\\evil.example'],
    ['a hidden second slash', '/./\t/evil.example'],
    ['a path that becomes a host', '/..//evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['a relative path', 'requests'],
    ['a line break', '/a\nSet-Cookie: b=c'],
    ['the sign-in page itself', '/sign-in?next=/sign-in'],
    ['a machine door', '/api/cron/sweep'],
    ['the same in another case', '/API/health'],
    ['the sign-in page behind dots', '/x/../sign-in'],
    ['endless text', `/${'a'.repeat(3000)}`],
    ['nothing', undefined],
    ['several', ['/a', '/b']],
  ])('replaces %s by home', (_, given) => {
    expect(nextPath(given)).toBe('/')
  })
})

test('a way back shows no token of a mail link', () => {
  expect(withoutToken('/decide/c2VjcmV0')).toBe('/approvals')
  expect(withoutToken('/extend/c2VjcmV0?x=1')).toBe('/')
  expect(withoutToken('/requests/1')).toBe('/requests/1')
})
