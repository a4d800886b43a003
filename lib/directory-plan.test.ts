import { describe, expect, it } from 'vitest'
import { readDirectoryFile } from './directory-file'
import { type KnownPerson, planPeople } from './directory-plan'
import { planGroups } from './group-plan'

const person = (name: string, more: Partial<KnownPerson> = {}): KnownPerson => ({
  id: name,
  version: 3,
  name,
  email: `${name.toLowerCase()}@halden.example`,
  title: null,
  team: null,
  managerId: null,
  timeZone: null,
  locale: null,
  active: true,
  ...more,
})
const [ana, ben, gone] = [
  person('Ana', { team: 'Data', managerId: 'Ben' }),
  person('Ben'),
  person('Gone', { active: false }),
]
const lines = (kind: 'people' | 'groups', text: string) => {
  const file = readDirectoryFile(kind, text)
  if (!file.ok) throw new Error(file.message)
  return file.lines
}
const plan = (text: string) => planPeople(lines('people', text), [ana, ben, gone])
const said = (text: string) => plan(text).lines.map((l) => `${l.line} ${l.outcome}: ${l.what}`)

describe('a file', () => {
  it.each([
    ['', 'This file is empty'],
    ['email,name', 'This file has a head and no lines'],
    [
      'name,team\nAna,Data',
      'No column is called “email”. The first line names the columns, and this one is needed',
    ],
    ['email,mail\na@b.example,a@b.example', 'Two columns say the email: keep one'],
    ['email\n"a', 'Line 2 cannot be read: a quotation mark is opened and never closed'],
    [`email\n${'a@b.example\n'.repeat(2_001)}`, 'This file has 2001 lines, and 2000 are the most. Split it'],
  ])('is refused as a whole: %j', (text, message) => {
    expect(readDirectoryFile('people', text)).toEqual({ ok: false, message })
  })

  it('says which columns nobody reads', () => {
    expect(readDirectoryFile('people', 'E-Mail; Department ;Shoe size\na@b.example;Data;43')).toMatchObject({
      known: ['email', 'team'],
      unknown: ['Shoe size'],
    })
  })
})

describe('people in a file', () => {
  it('are new, changed or unchanged, and the file says what moves', () => {
    const text = [
      'email,name,team,manager',
      'new.person@halden.example,,Ops,ana@halden.example',
      'ANA@halden.example,Ana,Platform,',
      'ben@halden.example,Ben,,',
    ].join('\n')
    expect(said(text)).toEqual([
      '2 new: Ops, answers to ana@halden.example',
      '3 changed: Team: Data → Platform. Manager: ben@halden.example → nobody',
      '4 unchanged: ',
    ])
    expect(plan(text).changes.map((c) => c.values.name)).toEqual(['New Person', 'Ana'])
  })

  it('keep what the file has no column for, and lose what its cell is empty for, never the name', () => {
    expect(said('email\nana@halden.example')).toEqual(['2 unchanged: '])
    expect(said('email,team,name\nana@halden.example,,')).toEqual(['2 changed: Team: Data → none'])
  })

  it.each<[string, string, string]>([
    ['no address', 'email,name\n,Ana', 'E-mail address: This is not an e-mail address'],
    ['an address that is none', 'email\nana at halden', 'E-mail address: This is not an e-mail address'],
    [
      'a formula',
      'email,name\nx@h.example,=HYPERLINK("http://evil.example")',
      '“=HYPERLINK("http://evil.example")” looks like a formula: save the file with values',
    ],
    [
      'a command as a formula',
      "email,team\nx@h.example,+cmd|' /C calc'!A0",
      "“+cmd|' /C calc'!A0” looks like a formula: save the file with values",
    ],
    [
      'text that turns around',
      'email,name\nx@h.example,Ana\u202Exe',
      'Name: This holds characters that cannot be seen',
    ],
    ['too long a name', `email,name\nx@h.example,${'x'.repeat(121)}`, 'Name: At most 120 characters'],
    [
      'a zone that is none',
      'email,time zone\nx@h.example,Mars/Base',
      'Time zone: This time zone is not known',
    ],
    ['more cells than the head', 'email,name\nx@h.example,X,Y', 'It has 3 cells, and the first line names 2'],
    [
      'who is deactivated',
      'email\ngone@halden.example',
      'They are deactivated. Reactivate them on their page first',
    ],
    [
      'a manager nobody knows',
      'email,manager\nana@halden.example,who@h.example',
      'Nobody has the address who@h.example, neither here nor in this file',
    ],
    [
      'a manager who left',
      'email,manager\nana@halden.example,gone@halden.example',
      'Gone, who would be their manager, is deactivated',
    ],
    ['oneself', 'email,manager\nana@halden.example,ana@halden.example', 'Nobody manages themself'],
    [
      'a circle',
      'email,manager\nben@halden.example,ana@halden.example',
      'Their manager answers to them, so it would go round in a circle',
    ],
  ])('are an error with its reason: %s', (_, text, what) => {
    expect(plan(text).lines).toMatchObject([{ line: 2, outcome: 'error', what }])
    expect(plan(text).changes).toEqual([])
  })

  it('stand in it once', () => {
    expect(said('email,team\nben@halden.example,A\nBEN@halden.example,B')).toEqual([
      '2 changed: Team: none → A',
      '3 error: Line 2 is about the same address',
    ])
  })

  it('are missing where they are here, active and not in it, also when their line is wrong', () => {
    const names = (text: string) => plan(text).missing.map((p) => p.name)
    expect(names('email\nnew@halden.example')).toEqual(['Ana', 'Ben'])
    expect(names('email,time zone\nana@halden.example,nowhere')).toEqual(['Ben'])
  })
})

describe('groups in a file', () => {
  const data = { id: 'g1', name: 'Data', active: true, managed: false, memberIds: ['Ana'] }
  const kept = { ...data, id: 'g2', name: 'Kept', managed: true }
  const off = { ...data, id: 'g3', name: 'Off', active: false }
  const groups = (text: string) => planGroups(lines('groups', text), [data, kept, off], [ana, ben, gone])

  it('are new or joined, and keep who is there', () => {
    const planned = groups(
      'group,email\ndata,ben@halden.example\nData,ana@halden.example\nNew,ana@halden.example',
    )
    expect(planned.lines.map((l) => `${l.outcome}: ${l.what}`)).toEqual([
      'changed: Ben joins',
      'unchanged: ',
      'new: A new group, with Ana',
    ])
    expect(planned.changes.map((c) => [c.name, c.known?.id, c.joining.length])).toEqual([
      ['Data', 'g1', 1],
      ['New', undefined, 1],
    ])
    expect(planned.missing).toEqual([])
  })

  it('lose only who is left out of a group that the file names', () => {
    expect(groups('group,email\nData,ben@halden.example').missing.map((m) => m.person.name)).toEqual(['Ana'])
    expect(groups('group,email\nNew,ben@halden.example').missing).toEqual([])
  })

  it.each([
    [',ana@halden.example', 'It names no group'],
    ['Data,', 'It names nobody'],
    ['Data,who@h.example', 'Nobody here has the address who@h.example'],
    ['Data,gone@halden.example', 'Gone is deactivated'],
    ['Kept,ben@halden.example', 'The identity provider keeps this group: change it there'],
    ['Off,ben@halden.example', 'This group is deactivated'],
    [`${'x'.repeat(81)},ben@halden.example`, 'The name of a group has at most 80 characters'],
    ['D\u200Bata,ben@halden.example', 'The name of the group holds characters that cannot be seen'],
  ])('are an error with its reason: %j', (line, what) => {
    expect(groups(`group,email\n${line}`).lines).toMatchObject([{ outcome: 'error', what }])
  })
})
