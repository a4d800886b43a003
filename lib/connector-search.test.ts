import { expect, it } from 'vitest'
import { byHand, type WayChoice, waysFound } from './connector-search'

const choices: WayChoice[] = [
  { id: 'github', name: 'GitHub teams', description: 'Teams.', category: 'code', searchWords: ['git'] },
  {
    id: 'entra',
    name: 'Microsoft Entra',
    description: 'Groups of a tenant.',
    category: 'directory',
    searchWords: ['azure ad'],
  },
  { id: 'webhook', name: 'Signed webhook', description: 'Your own.', category: 'other', searchWords: [] },
  byHand,
]
const found = (typed: string) =>
  waysFound(choices, typed).flatMap(({ title, ways }) => ways.map((way) => `${title}: ${way.id}`))

it('all of them stand under their headings, people last', () => {
  expect(found(' ')).toEqual([
    'Directories and identity providers: entra',
    'Code: github',
    'Anything else: webhook',
    'Anything else: by-hand',
  ])
})

it('one is found by its name, its former name, or what it does, in any order of words', () => {
  expect(found('azure')).toEqual(['Directories and identity providers: entra'])
  expect(found('tenant MICRO')).toEqual(['Directories and identity providers: entra'])
  expect(found('manual')).toEqual(['Anything else: by-hand'])
  expect(found('webhook')).toEqual(['Anything else: webhook'])
  expect(found('nothing like it')).toEqual([])
})
