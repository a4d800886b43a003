import { readFileSync } from 'node:fs'
import { InvalidCredentialsError, ResultCodeError, StatusCodeParser } from 'ldapts'
import { expect, test } from 'vitest'
import { rights } from '../../scripts/lib/slapd.mjs'
import { ldapConnector } from './ldap'
import type { Directory } from './ldap/client'
import type { LdapConfig } from './ldap/config'
import { escapeDnValue, firstValue, isDn, sameDn } from './ldap/dn'
import {
  guidBytes,
  guidText,
  isDisabled,
  isDistributionList,
  relativeId,
  unmanagedReason,
} from './ldap/entries'
import { readMembers } from './ldap/members'
import { adTime } from './ldap/test-connection'
import { troubleOf } from './ldap/trouble'

const values = {
  host: 'directory.example.com',
  bindDn: 'cn=leasehold,dc=example,dc=com',
  password: 'secret',
  peopleBase: 'ou=people,dc=example,dc=com',
  groupsBase: 'ou=groups,dc=example,dc=com',
}
const config = ldapConnector.configSchema.parse(values)
const ad: LdapConfig = { ...config, dialect: 'active-directory' }

const hostile = [
  'Doe, John',
  ' leading and trailing ',
  '#hash',
  'a+b=c',
  'quo"te',
  'back\\slash',
  '<x>;',
  'zoë 名前 🙂',
  '*)(objectClass=*',
  'nul\0l',
  '  ',
  'cn=a,ou=b\\,c',
  'line\nbreak',
]

test('hostile values survive a distinguished name and stay one part of it', () => {
  for (const value of hostile) {
    const dn = `cn=${escapeDnValue(value)},ou=people,dc=example,dc=com`
    expect(isDn(dn), dn).toBe(true)
    expect(firstValue(dn)).toBe(value)
    expect(sameDn(dn).endsWith(',ou=people,dc=example,dc=com'), dn).toBe(true)
  }
  expect(new Set(hostile.map((value) => sameDn(`cn=${escapeDnValue(`x${value}x`)}`))).size).toBe(
    hostile.length,
  )
})

test.each([
  ['CN=Ana Silva,OU=People,DC=Example', 'cn=ana silva, ou=people , dc=EXAMPLE'],
  ['cn=a\\2cb,dc=x', 'cn=a\\,b,dc=x'],
  ['cn=zo\\c3\\ab,dc=x', 'cn=ZOË,dc=x'],
  ['uid=a+cn=b,dc=x', 'CN=b + UID=a,dc=x'],
  ['cn="a,b",dc=x', 'cn=a\\,b;dc=x'],
  ['cn=two  spaces', 'cn=two spaces'],
])('%s and %s are one name', (one, other) => {
  expect(sameDn(one)).toBe(sameDn(other))
})

test.each([
  ['cn=a,ou=b', 'cn=a\\,ou=b'],
  ['cn=a+ou=b', 'cn=a,ou=b'],
  ['cn=a', 'sn=a'],
])('%s and %s are two names', (one, other) => {
  expect(sameDn(one)).not.toBe(sameDn(other))
})

test('what is no name is refused at its field', () => {
  for (const text of ['', 'people', '=x,dc=y', 'cn=a,,dc=b', 'cn=a\\', 'ou=people,dc'])
    expect(isDn(text)).toBe(false)
  const wrong = ldapConnector.configSchema.safeParse({
    ...values,
    host: 'ldaps://x',
    peopleBase: 'people',
    groupsFilter: '(cn=x',
    peopleFilter: 'cn=x',
    mailAttribute: 'mail)(uid=*',
    password: '',
  })
  expect(wrong.error?.issues.map((issue) => issue.path[0])).toEqual([
    ...['host', 'password', 'peopleBase', 'peopleFilter', 'mailAttribute', 'groupsFilter'],
  ])
  const uid = ldapConnector.configSchema.safeParse({
    ...values,
    dialect: 'active-directory',
    memberAttribute: 'memberUid',
  })
  expect(uid.error?.issues.map((issue) => issue.path[0])).toEqual(['memberAttribute'])
})

test('a GUID is written as Windows writes it', () => {
  const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  expect(guidText(bytes)).toBe('33221100-5544-7766-8899-aabbccddeeff')
  expect(guidBytes(guidText(bytes))).toEqual(bytes)
})

const codeOf = (status: number, changing = false) =>
  troubleOf(StatusCodeParser.parse({ status, errorMessage: 'words' } as never), config, { changing }).code

test('every result code has its word', () => {
  const table: Record<string, number[]> = {
    retryable: [1, 3, 11, 32, 51, 52, 80, 122],
    misconfigured: [2, 4, 7, 8, 10, 12, 13, 17, 71],
    auth: [48, 49, 50],
    rejected: [16, 18, 19, 20, 21, 34, 53, 64, 65, 67, 68, 69],
  }
  for (const [code, statuses] of Object.entries(table)) {
    for (const status of statuses) expect(codeOf(status), String(status)).toBe(code)
  }
  expect(codeOf(80, true)).toBe('unknown_outcome')
  expect(codeOf(52, true)).toBe('retryable')
  const lost = new Error('Connection closed before message response was received.')
  expect(troubleOf(lost, config, { changing: true }).code).toBe('unknown_outcome')
  expect(troubleOf(lost, config, { changing: false }).code).toBe('retryable')
  const readOnly = StatusCodeParser.parse({ status: 53, errorMessage: 'operation restricted' } as never)
  expect(troubleOf(readOnly, config, { changing: false })).toMatchObject({ code: 'misconfigured' })
})

test.each([
  ['52e', /the name or the password is wrong/],
  ['532', /its password has expired/],
  ['533', /the account is disabled/],
  ['701', /the account has expired/],
  ['773', /its password has to be changed first/],
  ['775', /the account is locked/],
])('Active Directory says why it refuses a sign-in (%s)', (data, words) => {
  const text = `80090308: LdapErr: DSID-0C090400, comment: AcceptSecurityContext error, data ${data}, v1db1\0`
  const error = troubleOf(new InvalidCredentialsError(text), ad, { changing: false })
  expect(error).toMatchObject({ code: 'auth', message: expect.stringMatching(words) })
  expect(error.message).toMatch(/\.$/)
})

test('a refusal for another reason is told in the directory’s words', () => {
  const error = troubleOf(new InvalidCredentialsError('something new'), ad, { changing: false })
  expect(error.message).toBe(
    'directory.example.com refuses the operator’s name or password. The directory says: something new (49).',
  )
})

test('what Active Directory says of groups and accounts', () => {
  const group = (attributes: object) => ({ dn: 'cn=g,dc=x', objectClass: ['top', 'group'], ...attributes })
  expect(unmanagedReason(group({ groupType: '-2147483646' }), ad)).toBeUndefined()
  expect(unmanagedReason(group({ groupType: '-2147483643' }), ad)).toMatch(/itself/)
  expect(unmanagedReason(group({ groupType: '-2147483646', isCriticalSystemObject: 'TRUE' }), ad)).toMatch(
    /itself/,
  )
  expect(unmanagedReason(group({ groupType: '-2147483632' }), ad)).toMatch(/rule/)
  expect(isDistributionList(group({ groupType: '2' }))).toBe(true)
  expect(isDistributionList(group({ groupType: '-2147483646' }))).toBe(false)
  const sid = Buffer.from('0105000000000005150000000102030405060708090a0b0c01020000', 'hex')
  expect(relativeId({ dn: 'cn=g', objectSid: sid })).toBe('513')
  expect(isDisabled({ dn: 'cn=a', userAccountControl: '514' })).toBe(true)
  expect(isDisabled({ dn: 'cn=a', userAccountControl: '512' })).toBe(false)
  expect(adTime('133000000000000000')).toEqual(new Date('2022-06-18T04:26:40Z'))
  for (const never of ['0', '9223372036854775807', '', undefined]) expect(adTime(never)).toBeUndefined()
})

test('a long list of members is read in the pieces it comes in', async () => {
  const asked: string[] = []
  const pieces: Record<string, object> = {
    member: { member: [], 'member;range=0-1': ['cn=a', 'cn=b'] },
    'member;range=2-*': { 'member;range=2-3': ['cn=c', 'cn=d'] },
    'member;range=4-*': { 'member;range=4-*': 'cn=e' },
  }
  const directory = {
    config: ad,
    entry: async (dn: string, { attributes: [wanted = ''] }: { attributes: string[] }) => {
      asked.push(wanted)
      return { dn, ...pieces[wanted] }
    },
  }
  const members = await readMembers(directory as unknown as Directory, 'cn=g')
  expect(members).toEqual(['cn=a', 'cn=b', 'cn=c', 'cn=d', 'cn=e'])
  expect(asked).toEqual(Object.keys(pieces))
})

test('an error of the driver is a result code and nothing else', () => {
  expect(StatusCodeParser.parse({ status: 4242, errorMessage: '' } as never)).toBeInstanceOf(ResultCodeError)
  expect(codeOf(4242)).toBe('rejected')
})

test('the rights in the documentation are those everything was run with', () => {
  const page = readFileSync(`${import.meta.dirname}/../../docs/connectors/ldap.md`, 'utf8')
  expect(page).toContain(rights)
})
