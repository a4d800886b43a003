import { describe, expect, it } from 'vitest'
import { idTokenClaims, readClaims } from './oidc-claims'

const names = { groups: 'groups', manager: 'manager', timeZone: 'zoneinfo', locale: 'locale' }
const said = (claims: Record<string, unknown>) => readClaims(claims, names)

describe('claims at sign-in', () => {
  it('are read by the names of the settings, and by no other', () => {
    const claims = {
      groups: ['Data', 'Ops'],
      manager: 'Ben@Halden.example',
      zoneinfo: 'Asia/Tokyo',
      locale: 'en_US',
    }
    expect(said(claims)).toEqual({
      groups: ['Data', 'Ops'],
      manager: 'ben@halden.example',
      timeZone: 'Asia/Tokyo',
      locale: 'en-US',
    })
    expect(readClaims(claims, {})).toEqual({})
    expect(readClaims(claims, { groups: 'roles', locale: 'lang' })).toEqual({})
  })

  it.each<[string, Record<string, unknown>, unknown]>([
    ['no list is no empty list', {}, {}],
    ['an empty list is one', { groups: [] }, { groups: [] }],
    ['one text is a list of one', { groups: 'Data' }, { groups: ['Data'] }],
    ['each once, and only texts', { groups: ['A', 'A', 7, null, ' ', {}] }, { groups: ['A'] }],
    [
      'too long or unseen names are left out',
      { groups: ['x'.repeat(81), 'a\u202Eb', 'B'] },
      { groups: ['B'] },
    ],
    ['too many say nothing', { groups: Array.from({ length: 201 }, (_, i) => `g${i}`) }, {}],
    ['an object is no list', { groups: { a: 1 } }, {}],
    ['a manager without an address', { manager: 'Ben' }, {}],
    ['a zone and a locale that are none', { zoneinfo: 'Mars/Base', locale: '!!' }, {}],
    ['a zone with more in it', { zoneinfo: 'UTC;en-US' }, {}],
  ])('%s', (_, claims, expected) => expect(said(claims)).toEqual(expected))

  it('are found in an ID token, and in nothing else', () => {
    const token = `x.${Buffer.from(JSON.stringify({ groups: ['A'] })).toString('base64url')}.y`
    expect(idTokenClaims(token)).toEqual({ groups: ['A'] })
    for (const none of [undefined, null, '', 'a.b', 'a.WzFd.c']) expect(idTokenClaims(none)).toEqual({})
  })
})
