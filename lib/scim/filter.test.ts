import { describe, expect, it } from 'vitest'
import { type Filter, fits, parseFilter } from './filter'

const eq = (path: string, value: string | number | boolean | null): Filter => ({
  kind: 'compare',
  path,
  op: 'eq',
  value,
})
const a = eq('a', 1)
const b = eq('b', true)
const c: Filter = { kind: 'present', path: 'c' }

describe('a filter is read', () => {
  it.each<[string, Filter]>([
    ['userName eq "ana@halden.example"', eq('username', 'ana@halden.example')],
    ['USERNAME Eq "ana"', eq('username', 'ana')],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ana"', eq('username', 'ana')],
    [
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Ops"',
      eq('enterprise:department', 'Ops'),
    ],
    ['name.familyName eq "O\\"Neill \\u00e9"', eq('name.familyname', 'O"Neill é')],
    ['a eq 1 or b eq true and c pr', { kind: 'or', of: [a, { kind: 'and', of: [b, c] }] }],
    ['(a eq 1 or b eq True) and c pr', { kind: 'and', of: [{ kind: 'or', of: [a, b] }, c] }],
    ['not (a eq 1) and c pr', { kind: 'and', of: [{ kind: 'not', of: a }, c] }],
    [
      'emails[type eq "work" and primary eq true]',
      { kind: 'and', of: [eq('emails.type', 'work'), eq('emails.primary', true)] },
    ],
    [
      'emails[type eq "work"].value eq "a@b.c"',
      { kind: 'and', of: [eq('emails.type', 'work'), eq('emails.value', 'a@b.c')] },
    ],
    ['title eq null', eq('title', null)],
  ])('%s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter)
  })

  it.each([
    '',
    '  ',
    'userName',
    'userName eq',
    'userName eq ana',
    "userName eq 'ana'",
    'userName is "ana"',
    'userName eq "ana" and',
    'userName eq "ana" userName eq "ben"',
    '(userName eq "ana"',
    'emails[type eq "work"',
    'userName eq "ana") or (1 eq 1',
    'userName eq "ana"; drop table person',
    'userName eq "\\u0000"',
    `userName eq "${'x'.repeat(1_000)}"`,
    `${'('.repeat(12)}a eq 1${')'.repeat(12)}`,
    Array.from({ length: 31 }, () => 'a eq 1').join(' or '),
  ])('and refused: %s', (text) => {
    expect(() => parseFilter(text)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidFilter' }),
    )
  })
})

it.each([
  ['members[value eq "A1"]', true],
  ['members[value ne "a1"]', false],
  ['members[value sw "a" and not (type eq "Group")]', true],
  ['members[display co "liv"]', true],
  ['members[nothing pr or value ew "2"]', false],
])('an element of a list fits %s: %s', (text, expected) => {
  const element = { value: 'a1', type: 'User', display: 'Olivia' }
  expect(fits(parseFilter(text), 'members', element)).toBe(expected)
})
