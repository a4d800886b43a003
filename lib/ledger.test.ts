import { describe, expect, it } from 'vitest'
import { HOUR } from './domain/duration'
import { at } from './domain/grant.fixtures'
import { type Ledger, type LedgerGrant, violations } from './ledger'

type Entries = [verb: Ledger['timeline'][number]['verb'], seconds: number][]
const timeline = (subjectId: string, entries: Entries): Ledger['timeline'] =>
  entries.map(([verb, seconds], i) => ({ subjectId, version: i + 1, verb, at: at(seconds) }))

const lived: Entries = [
  ['scheduled', 0],
  ['started', 1],
  ['giving', 2],
  ['given', 3],
]
const over: Entries = [...lived, ['ending', 6 * HOUR], ['seen_absent', 6 * HOUR + 2]]

const access = { entitlement: 'prod_read', account: 'ana@target' }
const given = { ...access, at: at(2.5), act: 'given', grant: 'g1' } as const
const taken = { ...access, at: at(6 * HOUR + 1), act: 'taken', grant: 'g1' } as const

const active: LedgerGrant = {
  ...access,
  id: 'g1',
  version: 4,
  state: 'active',
  mode: 'just-in-time',
  preexisting: false,
  firstGiveAt: at(2),
  grantedAt: at(3),
  endsAt: at(6 * HOUR),
  rightOverAt: null,
  overdueSince: null,
  target: { effectDelaySeconds: 10, taskSeconds: null },
}
const ended: LedgerGrant = { ...active, state: 'ended', version: 6, rightOverAt: at(6 * HOUR) }
const revoking: LedgerGrant = { ...ended, state: 'revoking', version: 5 }
const approved: Ledger['requests'][number] = {
  id: 'r1',
  grantId: 'g1',
  state: 'approved',
  version: 2,
  decidedAt: at(0),
  askerId: 'ana',
  personId: 'ana',
  approval: 'people',
  round: 1,
  steps: [{ quorum: 1 }],
}
const yes = (personId: string, more: Partial<Ledger['decisions'][number]> = {}) => ({
  requestId: 'r1',
  round: 1,
  step: 0,
  personId,
  forId: null,
  verdict: 'approve' as const,
  ...more,
})
const asked = timeline('r1', [
  ['asked', -60],
  ['approved', 0],
])
const alarm = { kind: 'alarm', subjectId: 'g1', dueAt: at(6 * HOUR + 70) } as const
const take = (seconds: number) => ({ kind: 'take', subjectId: 'g1', dueAt: at(seconds) }) as const
const notice: Ledger['mails'][number] = {
  occasion: 'expiry-notice:g1',
  recipient: 'ana@halden.example',
  kind: 'expiry-notice',
  grantId: 'g1',
  sentAt: at(5 * HOUR),
  endsAt: at(6 * HOUR),
}

/** Eve, who has no grant, is taken out; a removal was ordered then, of her or of whoever is said. */
const removal = (who: { account?: string }, seconds: number): Ledger => {
  const order = { findingId: 'f1', entitlement: 'prod_read', account: 'eve@target', ...who }
  const entry = { subjectId: 'a1', version: 1, verb: 'removing' as const, at: at(seconds) }
  return {
    ...done,
    effects: [given, taken, { ...taken, account: 'eve@target', grant: 'f1' }],
    timeline: [...done.timeline, { ...entry, data: { removals: [order] } }],
  }
}

const running: Ledger = {
  now: at(HOUR),
  effects: [given],
  held: [access],
  grants: [active],
  requests: [approved],
  decisions: [yes('ben')],
  timeline: [...asked, ...timeline('g1', lived)],
  mails: [],
  work: [take(6 * HOUR), alarm],
  findings: [],
}
const done: Ledger = {
  ...running,
  now: at(7 * HOUR),
  effects: [given, taken],
  held: [],
  grants: [ended],
  timeline: [...asked, ...timeline('g1', over)],
  mails: [notice],
  work: [],
}
const taking: Ledger = {
  ...running,
  now: at(6 * HOUR + 5),
  grants: [revoking],
  timeline: [...asked, ...timeline('g1', over.slice(0, 5))],
  work: [take(6 * HOUR), alarm],
}
const late: Ledger = {
  ...done,
  effects: [given, { ...taken, at: at(6 * HOUR + 600) }],
  grants: [{ ...ended, version: 7, overdueSince: at(6 * HOUR + 70) }],
  timeline: [
    ...asked,
    ...timeline('g1', [...over.slice(0, 5), ['overdue', 6 * HOUR + 70], ['seen_absent', 6 * HOUR + 601]]),
  ],
  mails: [{ ...notice, occasion: 'could-not-remove:g1', kind: 'could-not-remove', endsAt: null }],
}
const standing: Ledger = {
  ...running,
  effects: [],
  grants: [{ ...active, preexisting: true, firstGiveAt: null, version: 3 }],
  timeline: [
    ...asked,
    ...timeline('g1', [
      ['scheduled', 0],
      ['started', 1],
      ['found_standing', 2],
    ]),
  ],
}

/** Nobody voted, and it began on what was held. */
const converted = (baseline: string): Ledger => ({
  ...running,
  effects: [],
  decisions: [],
  grants: [{ ...active, converts: true }],
  requests: [{ ...approved, approval: 'conversion', steps: [] }],
  timeline: running.timeline.map((e) => (e.verb === 'giving' ? { ...e, data: { baseline } } : e)),
})
/** A drill gives and takes beside a lease; `account` is set aside for it. */
const drilled = (account: string): Ledger => {
  const drill = { entitlement: 'canary', account: 'drill@target', grant: 'd1' }
  return {
    ...running,
    effects: [given, { ...drill, at: at(60), act: 'given' }, { ...drill, at: at(61), act: 'taken' }],
    drills: [{ id: 'd1', entitlement: 'canary', account }],
  }
}

describe('a sound record', () => {
  it.each<[string, Ledger]>([
    ['of nothing', { ...running, effects: [], held: [], grants: [], requests: [], timeline: [], work: [] }],
    [
      'of one that a rule agreed to',
      { ...running, decisions: [], requests: [{ ...approved, approval: 'automatic' }] },
    ],
    ['of an access that is held', running],
    ['of one that is being taken back', taking],
    ['of one that ended', done],
    ['of one that ended late, with an alarm', late],
    [
      'of one that ended late, before the alarm could go off',
      {
        ...done,
        effects: [given, { ...taken, at: at(6 * HOUR + 600) }],
        timeline: done.timeline.map((e) =>
          e.verb === 'seen_absent' ? { ...e, data: { wasOverdue: true } } : e,
        ),
      },
    ],
    ['of one that was held before', standing],
    ['of standing access that became a lease', converted('direct')],
    ['of a removal drill on what is set aside for it', drilled('drill@target')],
    [
      'of one that is not told which grant it is for',
      {
        ...done,
        effects: [
          { ...given, grant: undefined },
          { ...taken, grant: undefined },
        ],
      },
    ],
    [
      'of one that came back and is being looked for',
      {
        ...done,
        effects: [given, taken, { ...given, at: at(6 * HOUR + 5) }],
        held: [access],
        now: at(6 * HOUR + 9),
        work: [{ ...alarm, kind: 'look' }],
      },
    ],
    [
      'of one that came back as a finding',
      {
        ...done,
        effects: [given, taken, { ...given, at: at(6 * HOUR + 5) }],
        held: [access],
        now: at(6 * HOUR + 9),
        findings: [{ grantId: 'g1' }],
      },
    ],
    ['of one that somebody else took', { ...running, held: [] }],
    [
      'of a permanent one',
      { ...running, grants: [{ ...active, mode: 'permanent', endsAt: null }], work: [] },
    ],
  ])('%s', (_name, ledger) => {
    expect(violations(ledger)).toEqual([])
  })
})

const entry = (ledger: Ledger, verb: string) => ledger.timeline.filter((e) => e.verb !== verb)
const renumbered = (ledger: Ledger, verb: string) => {
  const kept = entry(ledger, verb)
  const mine = kept.filter((e) => e.subjectId === 'g1').map((e, i) => ({ ...e, version: i + 1 }))
  return { timeline: [...asked, ...mine], grants: ledger.grants.map((g) => ({ ...g, version: mine.length })) }
}

describe('a broken record is found:', () => {
  it.each<[string, Ledger, string[]]>([
    [
      'I1, held past the end and the record does not say so',
      { ...done, effects: [given, { ...taken, at: at(6 * HOUR + 100) }] },
      [
        'I1: grant g1 was held until 2026-11-12T15:01:40.000Z, 100 s after its right was over, and the record does not say so',
      ],
    ],
    [
      'I1, still held past a revocation',
      {
        ...taking,
        now: at(2 * HOUR),
        grants: [{ ...revoking, rightOverAt: at(HOUR) }],
        work: [take(HOUR), { ...alarm, dueAt: at(HOUR + 70) }],
      },
      [
        'I1: grant g1 was held until 2026-11-12T11:00:00.000Z, 3600 s after its right was over, and the record does not say so',
      ],
    ],
    [
      'I1, held before the first give',
      { ...running, grants: [{ ...active, firstGiveAt: at(9) }] },
      ['I1: grant g1 was held before its first give'],
    ],
    [
      'I1, no take armed',
      { ...running, work: [alarm] },
      ['I1: grant g1 is active and nothing is armed to take it back'],
    ],
    [
      'I1, no take armed while revoking',
      { ...taking, work: [alarm] },
      ['I1: grant g1 is revoking and nothing is armed to take it back'],
    ],
    [
      'I1, no take armed for a standing access',
      { ...standing, work: [] },
      ['I1: grant g1 is active and nothing is armed to take it back'],
    ],
    [
      'I1, a take armed after the end',
      { ...running, work: [take(7 * HOUR), alarm] },
      [
        'I1: the take of grant g1 is armed for 2026-11-12T16:00:00.000Z, after its end 2026-11-12T15:00:00.000Z',
      ],
    ],
    [
      'I2, given without a grant',
      { ...running, effects: [given, { ...given, entitlement: 'admin', grant: undefined }] },
      ['I2: admin was given to ana@target at 2026-11-12T09:00:02.500Z without any grant of it'],
    ],
    [
      'I2, given while the request was pending',
      { ...running, requests: [{ ...approved, state: 'pending', decidedAt: null }] },
      [
        'I2: prod_read was given to ana@target at 2026-11-12T09:00:02.500Z under grant g1, which nobody had approved',
      ],
    ],
    [
      'I2, given before it was approved',
      { ...running, requests: [{ ...approved, decidedAt: at(3) }] },
      [
        'I2: prod_read was given to ana@target at 2026-11-12T09:00:02.500Z under grant g1, which nobody had approved',
      ],
    ],
    [
      'I3, nobody agreed',
      { ...running, decisions: [] },
      ['I3: request r1 is approved, and step 1 has 0 of 1'],
    ],
    [
      'I3, what was agreed to before a change',
      { ...running, requests: [{ ...approved, round: 2 }] },
      ['I3: request r1 is approved, and step 1 has 0 of 1'],
    ],
    [
      'I3, one of two',
      { ...running, requests: [{ ...approved, steps: [{ quorum: 2 }] }] },
      ['I3: request r1 is approved, and step 1 has 1 of 2'],
    ],
    [
      'I3, one who stood in for the other',
      {
        ...running,
        requests: [{ ...approved, steps: [{ quorum: 2 }] }],
        decisions: [yes('ben'), yes('carl', { forId: 'ben' })],
      },
      ['I3: somebody counts twice on request r1'],
    ],
    [
      'I3, their own',
      { ...running, decisions: [yes('ana')] },
      ['I3: somebody decided on request r1, which is their own'],
    ],
    [
      'I3, in the place of whom it is for',
      { ...running, decisions: [yes('ben', { forId: 'ana' })] },
      ['I3: somebody decided on request r1, which is their own'],
    ],
    [
      'I4, a gap',
      { ...running, timeline: running.timeline.filter((e) => e.verb !== 'started') },
      ['I4: grant g1 is at version 4 and has entries 1, 3, 4'],
    ],
    [
      'I4, an entry twice',
      { ...running, timeline: [...running.timeline, running.timeline.at(-1)!] },
      ['I4: grant g1 is at version 4 and has entries 1, 2, 3, 4, 4'],
    ],
    [
      'I4, a request that changed in silence',
      { ...running, requests: [{ ...approved, version: 3 }] },
      ['I4: request r1 is at version 3 and has entries 1, 2'],
    ],
    [
      'I4, a state without its transition',
      { ...running, grants: [{ ...active, state: 'scheduled' }] },
      ['I4: grant g1 is scheduled, and its timeline ends with given'],
    ],
    [
      'I6, ended and still there',
      {
        ...done,
        effects: [given, taken, { ...given, at: at(6 * HOUR + 20) }],
        held: [access],
        now: at(6 * HOUR + 60),
      },
      ['I6: grant g1 is ended and ana@target still holds prod_read'],
    ],
    [
      'I7, overdue without an entry',
      { ...late, ...renumbered(late, 'overdue') },
      [
        'I1: grant g1 was held until 2026-11-12T15:10:00.000Z, 600 s after its right was over, and the record does not say so',
        'I7: grant g1 is overdue and its timeline does not say so',
      ],
    ],
    [
      'I7, overdue without a mail',
      { ...late, mails: [] },
      ['I7: grant g1 is overdue and nobody was written to'],
    ],
    [
      'I7, taking back without an alarm armed',
      { ...taking, work: [take(6 * HOUR)] },
      ['I7: grant g1 is revoking and no alarm is armed for 2026-11-12T15:01:10.000Z'],
    ],
    [
      'I7, an end that is known without an alarm beside its take',
      { ...running, work: [take(6 * HOUR)] },
      ['I7: grant g1 is active and no alarm is armed for 2026-11-12T15:01:10.000Z'],
    ],
    [
      'I7, an alarm armed too late',
      { ...taking, work: [take(6 * HOUR), { ...alarm, dueAt: at(7 * HOUR) }] },
      ['I7: grant g1 is revoking and no alarm is armed for 2026-11-12T15:01:10.000Z'],
    ],
    [
      'I9, given before the intent',
      {
        ...running,
        timeline: running.timeline.map((e) => (e.verb === 'giving' ? { ...e, at: at(2.6) } : e)),
      },
      [
        'I9: prod_read was given to ana@target at 2026-11-12T09:00:02.500Z before grant g1 had the intent to give on record',
      ],
    ],
    [
      'I9, taken before the end was on record',
      { ...done, effects: [given, { ...taken, at: at(6 * HOUR - 1) }] },
      [
        'I9: prod_read was taken from ana@target at 2026-11-12T14:59:59.000Z before grant g1 had its end on record',
      ],
    ],
    [
      'I10, two mails for one occasion',
      { ...done, mails: [notice, { ...notice, kind: 'access-ended', endsAt: null }] },
      ['I10: more than one mail for the occasion expiry-notice:g1 to ana@halden.example'],
    ],
    [
      'I10, two notices for one end',
      { ...done, mails: [notice, { ...notice, occasion: 'another' }] },
      ['I10: more than one mail for the end 2026-11-12T15:00:00.000Z of grant g1 to ana@halden.example'],
    ],
    [
      'I10, a notice after the end',
      { ...done, mails: [{ ...notice, sentAt: at(6 * HOUR) }] },
      ['I10: the notice of grant g1 went out after its end'],
    ],
    [
      'I11, taken though it was there before us',
      { ...done, effects: [taken], grants: [{ ...ended, preexisting: true, firstGiveAt: null }] },
      [
        'I11: prod_read was taken from ana@target at 2026-11-12T15:00:01.000Z under grant g1, though it was not given by us',
      ],
    ],
    [
      'I3, a conversion of what was not held',
      converted('absent'),
      ['I3: conversion g1 began on what was not held directly'],
    ],
    [
      'I3, a conversion that its request does not know of',
      { ...converted('direct'), requests: [{ ...approved, approval: 'automatic' }] },
      ['I3: grant g1 is a conversion on one side only'],
    ],
    [
      'I2 and I11, a drill on an account that is not set aside for it',
      drilled('ana@target'),
      [
        'I2: canary was given to drill@target at 2026-11-12T09:01:00.000Z by a removal drill, for which it is not set aside',
        'I11: canary was taken from drill@target at 2026-11-12T09:01:01.000Z by a removal drill, for which it is not set aside',
      ],
    ],
    [
      'I11, taken from somebody who has no grant',
      { ...done, effects: [given, taken, { ...taken, account: 'eve@target', grant: undefined }] },
      ['I11: prod_read was taken from eve@target at 2026-11-12T15:00:01.000Z without any grant of it'],
    ],
    ['nothing where that removal was ordered by name before it was made', removal({}, 5 * HOUR), []],
    [
      'I11, ordered only afterwards',
      removal({}, 7 * HOUR),
      ['I11: prod_read was taken from eve@target at 2026-11-12T15:00:01.000Z without any grant of it'],
    ],
    [
      'I11, ordered of somebody else',
      removal({ account: 'mo@target' }, 5 * HOUR),
      ['I11: prod_read was taken from eve@target at 2026-11-12T15:00:01.000Z without any grant of it'],
    ],
  ])('%s', (_name, ledger, found) => {
    expect(violations(ledger)).toEqual(found)
  })
})

it('finds the one that is wrong among ten thousand, within a test’s five seconds', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => `g${i}`)
  const account = (id: string) => ({ account: `${id}@target` })
  const many: Ledger = {
    ...done,
    effects: ids.flatMap((id) => [
      { ...given, ...account(id), grant: id },
      { ...taken, ...account(id), grant: id },
    ]),
    grants: ids.map((id) => ({ ...ended, ...account(id), id })),
    requests: ids.map((id) => ({ ...approved, id: `r-${id}`, grantId: id })),
    decisions: ids.map((id) => yes('ben', { requestId: `r-${id}` })),
    timeline: ids.flatMap((id) => [
      ...timeline(`r-${id}`, [
        ['asked', -60],
        ['approved', 0],
      ]),
      ...timeline(id, id === 'g7000' ? lived : over),
    ]),
    mails: [],
  }
  expect(violations(many)).toEqual([
    'I9: prod_read was taken from g7000@target at 2026-11-12T15:00:01.000Z before grant g7000 had its end on record',
    'I4: grant g7000 is ended, and its timeline ends with given',
    'I4: grant g7000 is at version 6 and has entries 1, 2, 3, 4',
  ])
})
