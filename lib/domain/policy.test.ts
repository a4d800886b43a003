import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, HOUR, LONGEST, MINUTE } from './duration'
import { extensionRoom } from './extension'
import {
  type ApprovalStep,
  type ApproverDirectory,
  approversOf,
  blankPolicy,
  blockedStep,
  isEligible,
  type PolicyDefinition,
  pickPreset,
  policyProblems,
  type Requesters,
  votesNeeded,
} from './policy'

const FLOOR = 6 * HOUR
const good: PolicyDefinition = { ...blankPolicy, entitlementIds: ['prod_read'] }
const step = (quorum: ApprovalStep['quorum'] = 1): ApprovalStep => ({
  approvers: [{ kind: 'owners' }],
  quorum,
})
const preset = (seconds: number, noticeSeconds: number) => ({ seconds, noticeSeconds })
const many = (n: number) => Array.from({ length: n }, (_, i) => `e${i}`)
const extension = (maxCount: number, maxTotalSeconds: number) => ({
  allowed: true,
  maxCount,
  maxTotalSeconds,
})
const some = (groupIds: string[], personIds: string[] = []): Requesters => ({
  kind: 'some',
  groupIds,
  personIds,
})

describe('problems of a definition, each at its field', () => {
  const cases: [string, Partial<PolicyDefinition>, Record<string, string>][] = [
    ['a complete one has none', {}, {}],
    ['nothing to give', { entitlementIds: [] }, { entitlementIds: 'Choose at least one entitlement' }],
    [
      'too much to give',
      { entitlementIds: many(201) },
      { entitlementIds: 'A policy covers at most 200 entitlements' },
    ],
    [
      'nobody may ask',
      { requesters: some([]) },
      { requesters: 'Choose at least one group or person, or let anyone ask' },
    ],
    ['one group may ask', { requesters: some(['engineering']) }, {}],
    ['one person may ask', { requesters: some([], ['ana']) }, {}],
    ['no step', { steps: [] }, { steps: 'Add a step: somebody has to agree' }],
    ['too many steps', { steps: Array.from({ length: 6 }, () => step()) }, { steps: 'At most 5 steps' }],
    [
      'an empty second step',
      { steps: [step(), { approvers: [], quorum: 1 }] },
      { 'steps.1.approvers': 'Choose who is asked; an empty step means nobody can agree' },
    ],
    [
      'a crowd in one step',
      { steps: [{ approvers: many(51).map((id) => ({ kind: 'person', id })), quorum: 1 }] },
      { 'steps.0.approvers': 'At most 50 in one step' },
    ],
    ['a quorum of none', { steps: [step(0)] }, { 'steps.0.quorum': 'At least one has to agree' }],
    ['half a person', { steps: [step(1.5)] }, { 'steps.0.quorum': 'At least one has to agree' }],
    ['all of them', { steps: [step('all')] }, {}],
    [
      'no time to decide',
      { decideWithinSeconds: 15 * MINUTE - 1 },
      { decideWithinSeconds: 'Between 15 minutes and 60 days' },
    ],
    [
      'for ever to decide',
      { decideWithinSeconds: 60 * DAY + 1 },
      { decideWithinSeconds: 'Between 15 minutes and 60 days' },
    ],
    ['no time to give', { startWithinSeconds: 0 }, { startWithinSeconds: 'Between 15 minutes and 60 days' }],
    [
      'a maximum under the floor',
      { maxSeconds: HOUR, presets: [] },
      { maxSeconds: 'Between 6 hours and 366 days', presets: 'Add at least one length' },
    ],
    ['a maximum over a year', { maxSeconds: LONGEST + 1 }, { maxSeconds: 'Between 6 hours and 366 days' }],
    ['no length', { presets: [] }, { presets: 'Add at least one length' }],
    [
      'too many lengths',
      { presets: Array.from({ length: 13 }, (_, i) => preset((6 + i) * HOUR, HOUR)) },
      { presets: 'At most 12 lengths' },
    ],
    [
      'a length under the floor',
      { presets: [preset(6 * HOUR, HOUR), preset(2 * HOUR, HOUR)] },
      { 'presets.1.seconds': 'The minimum is 6 hours' },
    ],
    [
      'a length over the maximum',
      { presets: [preset(4 * DAY, HOUR)] },
      { 'presets.0.seconds': 'The maximum of this policy is 3 days' },
    ],
    [
      'the same length twice',
      { presets: [preset(DAY, HOUR), preset(DAY, 2 * HOUR)] },
      { 'presets.1.seconds': 'This length is there already' },
    ],
    [
      'a notice at the start',
      { presets: [preset(6 * HOUR, 6 * HOUR)] },
      { 'presets.0.noticeSeconds': 'The notice must come before the end' },
    ],
    [
      'no notice',
      { presets: [preset(6 * HOUR, 0)] },
      { 'presets.0.noticeSeconds': 'Say how long before the end the notice goes out' },
    ],
    [
      'everything wrong in one length, said at once',
      { presets: [preset(HOUR, 2 * HOUR)] },
      {
        'presets.0.seconds': 'The minimum is 6 hours',
        'presets.0.noticeSeconds': 'The notice must come before the end',
      },
    ],
    [
      'no extensions in number',
      { extension: extension(0, 5 * DAY) },
      { 'extension.maxCount': 'Between 1 and 100' },
    ],
    [
      'extensions over a year',
      { extension: extension(2, LONGEST + 1) },
      { 'extension.maxTotalSeconds': 'At most 366 days' },
    ],
    [
      'extensions that never fit',
      { extension: extension(2, 11 * HOUR) },
      { 'extension.maxTotalSeconds': 'No extension would fit: the shortest length twice is 12 hours' },
    ],
    ['extensions that just fit', { extension: extension(2, 12 * HOUR) }, {}],
    [
      'extensions switched off are not judged',
      { extension: { allowed: false, maxCount: 0, maxTotalSeconds: 0 } },
      {},
    ],
    ['a permanent one needs no lengths', { mode: 'permanent', presets: [], maxSeconds: 0 }, {}],
    [
      'a permanent one still needs somebody',
      { mode: 'permanent', steps: [] },
      { steps: 'Add a step: somebody has to agree' },
    ],
  ]
  it.each(cases)('%s', (_name, change, problems) => {
    expect(policyProblems({ ...good, ...change }, FLOOR)).toEqual(problems)
  })

  it('are judged by the floor of the organisation', () => {
    const short = { ...good, presets: [preset(15 * MINUTE, 5 * MINUTE)] }
    expect(policyProblems(short, 15 * MINUTE)).toEqual({})
    expect(policyProblems(short, FLOOR)).toEqual({ 'presets.0.seconds': 'The minimum is 6 hours' })
  })
})

describe('who may ask', () => {
  const ana = { id: 'ana', active: true, groupIds: ['engineering'] }
  it.each<[string, Requesters, typeof ana, boolean]>([
    ['anyone', { kind: 'anyone' }, ana, true],
    ['a member of the group', some(['sales', 'engineering']), ana, true],
    ['a named person', some([], ['ana']), ana, true],
    ['somebody else', some(['sales'], ['ben']), ana, false],
    ['nobody is named', some([]), ana, false],
    ['a deactivated person, where anyone may', { kind: 'anyone' }, { ...ana, active: false }, false],
    ['a deactivated person by name', some([], ['ana']), { ...ana, active: false }, false],
  ])('%s', (_name, requesters, person, eligible) => expect(isEligible(requesters, person)).toBe(eligible))
})

describe('who may decide on a step', () => {
  const directory: ApproverDirectory = {
    managerId: 'mia',
    ownerIds: ['ben', 'ola'],
    groups: new Map([['security', ['sam', 'ben']]]),
    isActive: (id) => id !== 'gone',
  }
  const of = (...approvers: ApprovalStep['approvers']) => ({ approvers, quorum: 1 })
  const group = (id: string) => ({ kind: 'group', id }) as const
  const person = (id: string) => ({ kind: 'person', id }) as const
  it.each<[string, ApprovalStep, string[], string[]]>([
    ['the manager', of({ kind: 'manager' }), [], ['mia']],
    ['the owners', of({ kind: 'owners' }), [], ['ben', 'ola']],
    [
      'a group and an owner in it, once',
      of(group('security'), { kind: 'owners' }),
      [],
      ['ben', 'ola', 'sam'],
    ],
    ['never who asks', of({ kind: 'owners' }), ['ben'], ['ola']],
    ['never whom it is for', of({ kind: 'manager' }, { kind: 'owners' }), ['mia', 'ben'], ['ola']],
    ['never the deactivated', of(person('gone'), person('sam')), [], ['sam']],
    ['nobody, for a group that is gone', of(group('former')), [], []],
    ['nobody, if only the asker is left', of(person('ana')), ['ana'], []],
  ])('%s', (_name, asked, excluded, ids) => expect(approversOf(asked, directory, excluded)).toEqual(ids))

  it('is nobody where there is no manager', () => {
    expect(approversOf(of({ kind: 'manager' }), { ...directory, managerId: null }, [])).toEqual([])
  })
})

describe('votesNeeded', () => {
  it.each<[ApprovalStep['quorum'], number, number]>([
    [1, 5, 1],
    [3, 2, 3],
    ['all', 4, 4],
    ['all', 0, 1],
  ])('%s of %d is %d', (quorum, count, needed) => expect(votesNeeded(step(quorum), count)).toBe(needed))
})

describe('a step that nobody could agree to', () => {
  it.each<[string, ApprovalStep['quorum'][], string[][], number | null]>([
    ['one of one', [1], [['a']], null],
    ['an empty set means nobody', [1], [[]], 0],
    ['"all" of nobody is nobody', ['all'], [[]], 0],
    ['two of one', [2], [['a']], 0],
    ['two of two', [2], [['a', 'b']], null],
    ['the same person on both steps', [1, 1], [['a'], ['a']], 1],
    ['the second step takes whom the first can spare', [1, 1], [['a', 'b'], ['a']], null],
    ['a chain of sparing', [1, 1, 1], [['a', 'b'], ['b', 'c'], ['a']], null],
    ['"all" of two, one of whom is needed before', [1, 'all'], [['a'], ['a', 'b']], 1],
    [
      '"all" of two after somebody else',
      [1, 'all'],
      [
        ['c', 'a'],
        ['a', 'b'],
      ],
      null,
    ],
    [
      'three steps for two people',
      [1, 1, 1],
      [
        ['a', 'b'],
        ['a', 'b'],
        ['a', 'b'],
      ],
      2,
    ],
    ['no steps at all', [], [], 0],
  ])('%s', (_name, quorums, approvers, blocked) => {
    expect(
      blockedStep(
        quorums.map((q) => step(q)),
        approvers,
      ),
    ).toBe(blocked)
  })

  it('agrees with trying every choice of people', () => {
    const people = ['a', 'b', 'c', 'd']
    const asked = fc.record({
      quorum: fc.constantFrom<ApprovalStep['quorum']>(1, 2, 3, 'all'),
      approvers: fc.subarray(people),
    })
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 4 }), (steps) => {
        const quorums = steps.map((s) => step(s.quorum))
        const sets = steps.map((s) => s.approvers)
        const votes = quorums.map((q, i) => Array.from({ length: votesNeeded(q, sets[i]!.length) }, () => i))
        const first = votes.findIndex((_, i) => !assignable(votes.slice(0, i + 1).flat(), sets, new Set()))
        expect(blockedStep(quorums, sets)).toBe(first === -1 ? null : first)
      }),
      { numRuns: 2000 },
    )
  })
})

/** Whether every vote finds somebody of its step's set who is not taken, by trying all. */
function assignable(votes: number[], sets: string[][], taken: Set<string>): boolean {
  const [first, ...rest] = votes
  if (first === undefined) return true
  return (sets[first] ?? []).some((id) => !taken.has(id) && assignable(rest, sets, new Set([...taken, id])))
}

describe('the length a requester picks', () => {
  it('is one of the presets', () => {
    expect(pickPreset(good, 6 * HOUR)).toEqual({ seconds: 6 * HOUR, noticeSeconds: HOUR })
  })
  it.each([7 * HOUR, null])('is refused at its field otherwise: %s', (seconds) => {
    expect(pickPreset(good, seconds)).toEqual({
      ok: false,
      code: 'invalid',
      message: 'Choose one of: 6 hours, 1 day',
      field: 'seconds',
    })
  })
  it('is none for a permanent access', () => {
    expect(pickPreset({ ...good, mode: 'permanent' }, null)).toBeNull()
  })
})

describe('room for an extension', () => {
  const grantedAt = new Date('2026-11-12T09:00:00Z')
  const later = (seconds: number) => new Date(grantedAt.getTime() + seconds * 1000)
  const held = (endsAfter: number, extensions: number) => ({
    grantedAt,
    endsAt: later(endsAfter),
    extensions,
  })
  it.each<[string, PolicyDefinition['extension'], ReturnType<typeof held>, [number, string | null]]>([
    ['all of it', extension(2, DAY), held(6 * HOUR, 0), [2, null]],
    ['one left', extension(2, DAY), held(12 * HOUR, 1), [1, null]],
    [
      'switched off',
      { allowed: false, maxCount: 2, maxTotalSeconds: DAY },
      held(6 * HOUR, 0),
      [2, 'This policy does not allow extensions; ask anew after the end'],
    ],
    [
      'used up once',
      extension(1, DAY),
      held(12 * HOUR, 1),
      [0, 'It was extended once already, which is the most this policy allows'],
    ],
    [
      'used up',
      extension(2, DAY),
      held(12 * HOUR, 2),
      [0, 'It was extended 2 times already, which is the most this policy allows'],
    ],
    [
      'used more than a newer version allows',
      extension(1, DAY),
      held(12 * HOUR, 3),
      [0, 'It was extended 3 times already, which is the most this policy allows'],
    ],
    [
      'the total is reached',
      extension(5, DAY),
      held(DAY, 1),
      [4, 'It already runs to the longest total this policy allows, 1 day'],
    ],
    ['the total is a second away', extension(5, DAY), held(DAY - 1, 1), [4, null]],
  ])('%s', (_name, rules, grant, [left, why]) => {
    expect(extensionRoom(rules, grant)).toEqual({
      allowed: why === null,
      left,
      latestEnd: later(rules.maxTotalSeconds),
      why,
    })
  })
})
