import { describe, expect, it } from 'vitest'
import { type AccountFacts, type AccountVerdict, judgeAccount } from './account'

const a = { id: 'a', name: 'ana', email: 'ana@halden.example' }
const b = { id: 'b', name: 'ana.admin', email: 'ana@halden.example' }
const pinned = { ...a, emailThen: 'ana@halden.example', said: false }
const plain: AccountFacts = {
  email: 'ana@halden.example',
  pinned,
  answer: { kind: 'found', account: a },
  taken: new Set(),
  passedOver: new Set(),
}
const nobody = { pinned: null } as const
const missing = { kind: 'missing' } as const
const both = { kind: 'ambiguous', candidates: [a, b] } as const
const other = { kind: 'found', account: b } as const

const stories: [story: string, facts: Partial<AccountFacts>, verdict: AccountVerdict][] = [
  ['the first time, one fits: it is pinned', nobody, { use: 'pin', account: a }],
  [
    'the first time, none fits: people are asked',
    { ...nobody, answer: missing },
    { ask: 'missing', candidates: [] },
  ],
  ['two fit: never the first hit', { ...nobody, answer: both }, { ask: 'ambiguous', candidates: [a, b] }],
  [
    'the one that fits is another person’s',
    { ...nobody, taken: new Set(['a']) },
    { ask: 'taken', candidates: [a] },
  ],
  ['pinned, and found again', {}, { use: 'pinned', readdressed: false }],
  [
    'pinned, and the address is spelled in capitals',
    { email: 'Ana@Halden.example' },
    { use: 'pinned', readdressed: false },
  ],
  [
    'a new address, and the same account answers to it',
    { email: 'ana.neu@halden.example' },
    { use: 'pinned', readdressed: true },
  ],
  [
    'a new address that nobody answers to',
    { email: 'ana.neu@halden.example', answer: missing },
    { ask: 'address_changed', candidates: [a] },
  ],
  [
    'a new address that another account answers to',
    { email: 'ana.neu@halden.example', answer: other },
    { ask: 'address_changed', candidates: [a, b] },
  ],
  ['the address went to another account', { answer: other }, { ask: 'recycled', candidates: [a, b] }],
  [
    'the same, though people said so once: the other one is new',
    { pinned: { ...pinned, said: true }, answer: other },
    { ask: 'recycled', candidates: [a, b] },
  ],
  [
    'the other one was passed over when people were asked',
    { pinned: { ...pinned, said: true }, answer: other, passedOver: new Set(['b']) },
    { use: 'pinned', readdressed: false },
  ],
  [
    'a second account fits, and the pinned one still does',
    { answer: both },
    { use: 'pinned', readdressed: false },
  ],
  [
    'it was found by its address, which nobody answers to any more',
    { answer: missing },
    { ask: 'address_changed', candidates: [a] },
  ],
  [
    'people said so, and the target finds nobody by address',
    { pinned: { ...pinned, said: true }, answer: missing },
    { use: 'pinned', readdressed: false },
  ],
]

describe('whose account a give goes to', () => {
  it.each(stories)('%s', (_, facts, verdict) => {
    expect(judgeAccount({ ...plain, ...facts })).toEqual(verdict)
  })
})
