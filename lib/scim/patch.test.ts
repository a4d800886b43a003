import SCIMMY from 'scimmy'
import { describe, expect, it } from 'vitest'
import { ENTERPRISE, type Json, PATCH_OP, USER } from './attributes'
import { groupShape } from './group'
import { patched } from './patch'
import { userShape } from './user'

const user: Json = {
  schemas: [USER, ENTERPRISE],
  id: '1',
  userName: 'ana',
  name: { formatted: 'Ana Oliveira', givenName: 'Ana', familyName: 'Oliveira' },
  title: 'Analyst',
  emails: [{ value: 'ana@halden.example', type: 'work', primary: true }],
  active: true,
  [ENTERPRISE]: { department: 'Data', manager: { value: '7', displayName: 'Mira' } },
}
const group: Json = {
  id: '2',
  displayName: 'Ops',
  members: [
    { value: 'a', type: 'User' },
    { value: 'b', type: 'User' },
    { value: 'c', type: 'Group' },
  ],
}
const body = (...Operations: Json[]) => ({ schemas: [PATCH_OP], Operations })
const users = (...operations: Json[]) => patched(user, body(...operations), userShape)
const members = (...operations: Json[]) =>
  (patched(group, body(...operations), groupShape).members as Json[]).map((m) => m.value)
const refusal = (scimType: string) => expect.objectContaining({ status: 400, scimType })

describe('a user is changed', () => {
  it.each<[string, Json, Json]>([
    ['with a path', { op: 'replace', path: 'title', value: 'Lead' }, { title: 'Lead' }],
    ['in Okta’s way', { op: 'replace', value: { active: false } }, { active: false }],
    ['in Entra’s way', { op: 'Replace', path: 'active', value: 'False' }, { active: 'False' }],
    [
      'part by part, in a map of paths',
      { op: 'Add', value: { 'name.givenName': 'Anna', title: 'Lead' } },
      { name: { formatted: 'Ana Oliveira', givenName: 'Anna', familyName: 'Oliveira' }, title: 'Lead' },
    ],
    [
      'through a filter in the path',
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'a@b.example' },
      { emails: [{ value: 'a@b.example', type: 'work', primary: true }] },
    ],
    [
      'through a filter that nobody fits yet',
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'a@b.example' },
      { emails: [...(user.emails as Json[]), { type: 'home', value: 'a@b.example' }] },
    ],
    [
      'in the extension, by its URN',
      { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Ops' },
      { [ENTERPRISE]: { department: 'Ops', manager: { value: '7', displayName: 'Mira' } } },
    ],
    [
      'in the extension, in a map',
      {
        op: 'replace',
        value: { [ENTERPRISE]: { department: 'Ops' }, [`${ENTERPRISE}:manager`]: { value: '8' } },
      },
      { [ENTERPRISE]: { department: 'Ops', manager: { value: '8', displayName: 'Mira' } } },
    ],
    [
      'in a part that is written with a capital',
      { op: 'replace', path: `${ENTERPRISE}:manager`, value: { Value: '8' } },
      { [ENTERPRISE]: { department: 'Data', manager: { Value: '8', displayName: 'Mira' } } },
    ],
    [
      'in a list through a part that is written with a capital',
      { op: 'replace', path: 'emails[type eq "work"]', value: { Value: 'a@b.example' } },
      { emails: [{ Value: 'a@b.example', type: 'work', primary: true }] },
    ],
    [
      'in the extension, behind a dot where a colon belongs',
      { op: 'replace', path: `${ENTERPRISE}.department`, value: 'Ops' },
      { [ENTERPRISE]: { department: 'Ops', manager: { value: '7', displayName: 'Mira' } } },
    ],
    ['by taking away', { op: 'Remove', path: 'title' }, { title: undefined }],
    ['by an empty value', { op: 'replace', path: 'title', value: '' }, { title: undefined }],
    [
      'by taking a part away',
      { op: 'remove', path: `${ENTERPRISE}:manager` },
      { [ENTERPRISE]: { department: 'Data' } },
    ],
    ['never in its id by a map', { op: 'replace', value: { id: '9', title: 'Lead' } }, { title: 'Lead' }],
    ['not in what is not kept', { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '1' }, {}],
    ['not by what nobody knows, in a map', { op: 'replace', value: { shoeSize: 42 } }, {}],
  ])('%s', (_, operation, expected) => {
    expect(users(operation)).toEqual({ ...user, ...expected })
    expect(user.title).toBe('Analyst')
  })

  it.each<[string, unknown]>([
    ['mutability', body({ op: 'replace', path: 'id', value: '9' })],
    ['invalidPath', body({ op: 'replace', path: 'shoeSize', value: 42 })],
    ['invalidPath', body({ op: 'replace', path: 'constructor', value: 42 })],
    ['invalidPath', body({ op: 'replace', path: '__proto__.admin', value: true })],
    ['invalidPath', body({ op: 'replace', path: 'title[type eq "work"]', value: 'x' })],
    ['invalidPath', body({ op: 'replace', path: 'title.part', value: 'x' })],
    ['invalidFilter', body({ op: 'remove', path: 'emails[type eq]' })],
    ['noTarget', body({ op: 'remove' })],
    ['invalidValue', body({ op: 'replace', value: 'x' })],
    ['invalidSyntax', body({ op: 'move', path: 'title' })],
    ['invalidSyntax', body()],
    ['invalidSyntax', 'x'],
    ['tooMany', body(...Array.from({ length: 1_001 }, () => ({ op: 'remove', path: 'title' })))],
  ])('or refused as %s, and then in nothing', (scimType, given) => {
    expect(() => patched(user, given, userShape)).toThrow(refusal(scimType))
  })
})

describe('members of a group', () => {
  it.each<[string, Json[], string[]]>([
    [
      'are added, nobody twice',
      [{ op: 'add', path: 'members', value: [{ value: 'b' }, { value: 'd' }] }],
      ['a', 'b', 'c', 'd'],
    ],
    ['are added one by one', [{ op: 'Add', path: 'members', value: { value: 'd' } }], ['a', 'b', 'c', 'd']],
    ['are removed by a filter', [{ op: 'remove', path: 'members[value eq "b"]' }], ['a', 'c']],
    [
      'are removed by a list',
      [{ op: 'Remove', path: 'members', value: [{ value: 'b' }, { value: 'x' }] }],
      ['a', 'c'],
    ],
    ['are all removed', [{ op: 'remove', path: 'members' }], []],
    ['are replaced', [{ op: 'replace', path: 'members', value: [{ value: 'z' }] }], ['z']],
    [
      'are replaced in a map',
      [{ op: 'replace', value: { displayName: 'X', members: [{ value: 'z' }] } }],
      ['z'],
    ],
    [
      'are changed by one after the other',
      [
        { op: 'remove', path: 'members[value eq "a" or type eq "Group"]' },
        { op: 'add', path: 'members', value: [{ value: 'd' }] },
      ],
      ['b', 'd'],
    ],
  ])('%s', (_, operations, expected) => {
    expect(members(...operations)).toEqual(expected)
  })
})

/** An implementation of somebody else, for the standard's own dialect. */
describe('scimmy comes to the same', () => {
  const { User, Group } = SCIMMY.Schemas
  User.definition.extend(SCIMMY.Schemas.EnterpriseUser.definition, false)
  const plain = (resource: unknown) => JSON.parse(JSON.stringify(resource)) as Json

  it.each<[string, Json]>([
    ['replace', { op: 'replace', path: 'title', value: 'Lead' }],
    ['replace in a map', { op: 'replace', value: { title: 'Lead', active: false } }],
    ['a part', { op: 'replace', path: 'name.givenName', value: 'Anna' }],
    ['a filter', { op: 'replace', path: 'emails[type eq "work"].value', value: 'a@b.example' }],
    ['remove', { op: 'remove', path: 'title' }],
    ['the extension', { op: 'replace', path: `${ENTERPRISE}:department`, value: 'Ops' }],
  ])('for a user: %s', async (_, operation) => {
    const before = new User(plain(user) as never, 'both')
    const theirs = await new SCIMMY.Messages.PatchOp(body(operation) as never).apply(before)
    const ours = plain(users(operation))
    for (const key of ['userName', 'name', 'title', 'emails', 'active', ENTERPRISE])
      expect(plain(theirs)[key], key).toEqual(ours[key])
  })

  it.each<[string, Json]>([
    ['add', { op: 'add', path: 'members', value: [{ value: 'd' }] }],
    ['remove by filter', { op: 'remove', path: 'members[value eq "b"]' }],
    ['replace', { op: 'replace', path: 'members', value: [{ value: 'z' }] }],
  ])('for members: %s', async (_, operation) => {
    const before = new Group(plain(group) as never, 'both')
    const theirs = plain(await new SCIMMY.Messages.PatchOp(body(operation) as never).apply(before))
    expect(((theirs.members as Json[]) ?? []).map((m) => m.value)).toEqual(members(operation))
  })
})
