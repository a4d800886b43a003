import { expect, it } from 'vitest'
import { absenceLines, type Leaving } from './absence-words'
import type { AbsenceEffect } from './people-views'

const nothing: AbsenceEffect = {
  ending: 0,
  staying: 0,
  waiting: 0,
  stuck: [],
  policies: [],
  unowned: [],
  own: 0,
  delegations: 0,
  asks: [],
  fulfils: [],
}
const stuck = (lapses = false) => ({
  id: 'r',
  person: 'Ana',
  entitlement: 'prod_read',
  application: 'Data warehouse',
  lapses,
})
const place = (name: string) => ({ id: name, name })

const cases: [string, Leaving, Partial<AbsenceEffect>, string[]][] = [
  [
    'nothing lost',
    'person',
    {},
    [
      'They hold nothing that would have to be taken.',
      'No request waits for them, and no access policy loses whoever could agree.',
    ],
  ],
  [
    'what is held',
    'person',
    { ending: 3, staying: 1, waiting: 1 },
    [
      '2 accesses are taken now. 1 access held before our first give stays where it is.',
      '1 request that waits for them goes on without them.',
    ],
  ],
  [
    'who has to be asked instead',
    'group',
    { waiting: 4, stuck: [stuck(), stuck(true)] },
    [
      '2 requests that wait for this group go on without it.',
      '1 request is left with too few who could agree: the application’s owners, or the admins, are asked at once.',
      '1 request lapses at once, because nobody is left who could agree. Whoever asked is told.',
    ],
  ],
  [
    'policies',
    'group',
    {
      policies: [
        { ...place('Production read'), blocked: 2, eligible: 9 },
        { ...place('Staging write'), blocked: 4, eligible: 4 },
      ],
      asks: [place('A'), place('B'), place('C')],
      fulfils: [place('Wiki')],
    },
    [
      'Under Production read nobody could then agree to 2 of 9 people who may ask.',
      'Under Staging write nobody could then agree to anyone who may ask.',
      'Being in it no longer lets anybody ask under A, B and C.',
      'Giving and taking by hand on Wiki is left to owners and admins.',
    ],
  ],
  [
    'owners',
    'person',
    { ending: 1, waiting: 1, stuck: [stuck()], unowned: [place('Wiki')] },
    [
      '1 access is taken now.',
      '1 request is left with too few who could agree: the application’s owners, or the admins, are asked at once.',
      'Wiki is left without an owner: the admins own it then, and are told.',
    ],
  ],
  [
    'what they asked for, and who decides in whose place',
    'person',
    { own: 2, delegations: 1 },
    [
      'They hold nothing that would have to be taken.',
      '2 requests for them lapse.',
      '1 arrangement of who decides in whose place ends.',
      'No request waits for them, and no access policy loses whoever could agree.',
    ],
  ],
]

it.each(cases)('says %s (%s)', (_, leaving, effect, lines) => {
  expect(absenceLines({ ...nothing, ...effect }, leaving).map((line) => line.text)).toEqual(lines)
})
