import { expect, it } from 'vitest'
import { playing, settingGroups } from './setting-fields'

const fields = [
  { name: 'host' },
  { name: 'auth', group: 'Credential' },
  { name: 'token', group: 'Credential', when: { field: 'auth', is: ['token'] } },
  { name: 'signed', group: 'Credential', when: { field: 'auth', is: ['oauth'] } },
  { name: 'key', when: { field: 'signed', is: ['true'] } },
  { name: 'lost', when: { field: 'nothing', is: [''] } },
]

it('a field plays a part while what it depends on plays one and has its value', () => {
  const names = (values: Record<string, unknown>) => [...playing(fields, values)]
  expect(names({ auth: 'token', signed: true })).toEqual(['host', 'auth', 'token'])
  expect(names({ auth: 'oauth', signed: true })).toEqual(['host', 'auth', 'signed', 'key'])
  expect(names({ auth: 'oauth', signed: false })).toEqual(['host', 'auth', 'signed'])
  expect(names({})).toEqual(['host', 'auth'])
})

it('fields that wait for each other play none', () => {
  const ring = [
    { name: 'a', when: { field: 'b', is: ['1'] } },
    { name: 'b', when: { field: 'a', is: ['1'] } },
  ]
  expect([...playing(ring, { a: '1', b: '1' })]).toEqual([])
})

it('a long form is parted where the heading changes', () => {
  expect(settingGroups(fields).map((group) => [group.title, group.fields.length])).toEqual([
    [null, 1],
    ['Credential', 3],
    [null, 2],
  ])
})
