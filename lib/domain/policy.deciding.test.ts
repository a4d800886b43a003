import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from './duration'
import { isExtensionAutomatic } from './extension'
import { at } from './grant.fixtures'
import {
  type AutomaticFacts,
  type AutomaticRule,
  blankPolicy,
  completeDefinition,
  isAutomatic,
  nextReminder,
  type PolicyDefinition,
  policyProblems,
  standingStep,
  stepsFor,
} from './policy'

const rule = (more: Partial<AutomaticRule> = {}): AutomaticRule => ({
  groupIds: [],
  maxSeconds: null,
  maxRisk: null,
  heldWithinDays: null,
  ...more,
})
const facts = (more: Partial<AutomaticFacts> = {}): AutomaticFacts => ({
  groupIds: ['data'],
  seconds: 6 * HOUR,
  risk: 'medium',
  lastHeldAt: at(-3 * DAY),
  published: false,
  ...more,
})

describe('agreed to by a rule', () => {
  const all = rule({ groupIds: ['data', 'ops'], maxSeconds: 6 * HOUR, maxRisk: 'medium', heldWithinDays: 3 })
  const table: [string, AutomaticRule | null, AutomaticFacts, boolean][] = [
    ['no rule', null, facts(), false],
    ['a rule without a condition', rule(), facts(), false],
    ['a member', rule({ groupIds: ['data'] }), facts(), true],
    ['nobody of the group', rule({ groupIds: ['ops'] }), facts(), false],
    ['just as long', rule({ maxSeconds: 6 * HOUR }), facts(), true],
    ['a second longer', rule({ maxSeconds: 6 * HOUR - 1 }), facts(), false],
    ['without an end', rule({ maxSeconds: 366 * DAY }), facts({ seconds: null }), false],
    ['the same risk', rule({ maxRisk: 'medium' }), facts(), true],
    ['less risk', rule({ maxRisk: 'high' }), facts(), true],
    ['more risk', rule({ maxRisk: 'low' }), facts(), false],
    ['held just so long ago', rule({ heldWithinDays: 3 }), facts(), true],
    ['held a day too long ago', rule({ heldWithinDays: 2 }), facts(), false],
    ['never held', rule({ heldWithinDays: 366 }), facts({ lastHeldAt: null }), false],
    ['all conditions', all, facts(), true],
    ['all but the group', all, facts({ groupIds: [] }), false],
    ['all but the length', all, facts({ seconds: DAY }), false],
    ['all but the risk', all, facts({ risk: 'high' }), false],
    ['all but the last time', all, facts({ lastHeldAt: at(-4 * DAY) }), false],
    ['who published the rule', all, facts({ published: true }), false],
  ]
  it.each(table)('%s', (_name, said, known, expected) => {
    expect(isAutomatic(said, known, at(0))).toBe(expected)
  })
})

describe('more time', () => {
  const policy = (how: PolicyDefinition['extensionApproval']['how']) => ({
    ...blankPolicy,
    steps: [...blankPolicy.steps, { approvers: [{ kind: 'manager' as const }], quorum: 1 }],
    extensionApproval: { how, automaticSeconds: 6 * HOUR },
  })
  const table: [Parameters<typeof policy>[0], number, boolean, boolean, number][] = [
    ['same', 6 * HOUR, false, false, 2],
    ['first', 6 * HOUR, false, false, 1],
    ['automatic', 6 * HOUR, false, true, 2],
    ['automatic', 6 * HOUR + 1, false, false, 2],
    ['automatic', 6 * HOUR, true, false, 2],
  ]
  it.each(table)('%s, %i s, published %s', (how, seconds, published, automatic, steps) => {
    expect(isExtensionAutomatic(policy(how), { seconds, published })).toBe(automatic)
    expect(stepsFor(policy(how), 'extension')).toHaveLength(steps)
    expect(stepsFor(policy(how), 'grant')).toHaveLength(2)
  })
})

describe('reminders', () => {
  const clock = { from: at(0), until: at(10 * HOUR) }
  const table: [string, number[], Date, Date | null][] = [
    ['the first', [50, 80], at(0), at(5 * HOUR)],
    ['in whatever order they are said', [80, 50], at(0), at(5 * HOUR)],
    ['the next one', [50, 80], at(5 * HOUR), at(8 * HOUR)],
    ['none after the last', [50, 80], at(8 * HOUR), null],
    ['none at all', [], at(0), null],
  ]
  it.each(table)('%s', (_name, percents, after, expected) => {
    expect(nextReminder(percents, clock, after)).toEqual(expected)
  })
})

describe('a step as it stands', () => {
  const two = { approvers: [{ kind: 'owners' as const }], quorum: 2 }
  const all = { ...two, quorum: 'all' as const }
  const none = { fallback: null, reassigned: null, spent: [] }
  const to = (owners: string[], admins: string[]) => ({ ...none, fallback: { owners, admins, all: false } })
  const table: [string, Parameters<typeof standingStep>, { quorum: number | 'all'; approvers: string[] }][] =
    [
      ['as it is', [two, ['a', 'b'], none], { quorum: 2, approvers: ['a', 'b'] }],
      ['owners join', [two, ['a'], to(['o'], ['x'])], { quorum: 2, approvers: ['a', 'o'] }],
      [
        'admins join where owners are too few',
        [two, [], to(['o'], ['x'])],
        { quorum: 2, approvers: ['o', 'x'] },
      ],
      [
        'admins join where there is no owner',
        [two, ['a', 'b'], to([], ['x'])],
        { quorum: 2, approvers: ['a', 'b', 'x'] },
      ],
      [
        'admins join where the owner has decided before',
        [{ ...two, quorum: 1 }, [], { ...to(['o'], ['x']), spent: ['o'] }],
        { quorum: 1, approvers: ['o', 'x'] },
      ],
      [
        '"all" asks for as many as it would have',
        [all, ['a', 'b'], to(['o'], [])],
        { quorum: 2, approvers: ['a', 'b', 'o'] },
      ],
      ['"all" of nobody asks for one', [all, [], to(['o', 'p'], [])], { quorum: 1, approvers: ['o', 'p'] }],
      [
        'reassigned: those, and nobody who was asked before',
        [two, ['a', 'b'], { ...none, reassigned: ['z', 'y'] }],
        { quorum: 2, approvers: ['y', 'z'] },
      ],
      [
        'reassigned and escalated since: those and the fallback',
        [two, ['a', 'b'], { ...to(['o'], ['x']), reassigned: ['z'] }],
        { quorum: 2, approvers: ['o', 'z'] },
      ],
      [
        'reassigned to somebody who left: the fallback',
        [{ ...two, quorum: 'all' as const }, ['a', 'b'], { ...to(['o'], ['x']), reassigned: [] }],
        { quorum: 1, approvers: ['o'] },
      ],
    ]
  it.each(table)('%s', (_name, args, { quorum, approvers }) => {
    const standing = standingStep(...args)
    expect(standing.step.quorum).toBe(quorum)
    expect(standing.approvers).toEqual(approvers)
  })
})

describe('what a policy may not say', () => {
  const problems = (more: Partial<PolicyDefinition>) =>
    policyProblems({ ...blankPolicy, entitlementIds: ['e'], ...more }, 6 * HOUR)
  const step = blankPolicy.steps[0]!
  const extension = { ...blankPolicy.extension, allowed: true }
  const table: [string, Partial<PolicyDefinition>, Record<string, string>][] = [
    ['nothing wrong with the defaults', {}, {}],
    [
      'an escalation after the lapse',
      { steps: [{ ...step, escalateSeconds: DAY }] },
      {
        'steps.0.escalateSeconds': 'At least 15 minutes, and before the request lapses after 1 day',
      },
    ],
    ['an escalation in time', { steps: [{ ...step, escalateSeconds: DAY - 1 }] }, {}],
    [
      'an escalation at once',
      { steps: [{ ...step, escalateSeconds: MINUTE }] },
      { 'steps.0.escalateSeconds': 'At least 15 minutes, and before the request lapses after 1 day' },
    ],
    [
      'a rule for everybody',
      { automatic: rule() },
      { automatic: 'Choose at least one condition, or have everybody asked for' },
    ],
    [
      'a rule that looks back for ever',
      { automatic: rule({ heldWithinDays: 367 }) },
      { 'automatic.heldWithinDays': 'Between 1 and 366 days' },
    ],
    [
      'a reminder at the end',
      { reminders: [100] },
      { reminders: 'Between 1 and 99 percent of the time to decide' },
    ],
    ['the same reminder twice', { reminders: [50, 50] }, { reminders: 'Each reminder once' }],
    ['six reminders', { reminders: [1, 2, 3, 4, 5, 6] }, { reminders: 'At most 5 reminders' }],
    [
      'more time by a rule that no length meets',
      { extension, extensionApproval: { how: 'automatic', automaticSeconds: HOUR } },
      { 'extensionApproval.automaticSeconds': 'No length is this short: the shortest is 6 hours' },
    ],
    ['a grace of days', { extension, graceSeconds: DAY }, { graceSeconds: 'Between 15 minutes and 6 hours' }],
    [
      'an emergency shorter than the floor',
      { emergency: { allowed: true, seconds: HOUR } },
      { 'emergency.seconds': 'Between 6 hours and 1 day' },
    ],
    [
      'an emergency of two days, also where access is permanent',
      { mode: 'permanent', emergency: { allowed: true, seconds: 2 * DAY } },
      { 'emergency.seconds': 'Between 6 hours and 1 day' },
    ],
    ['what is switched off', { emergency: { allowed: false, seconds: 0 }, graceSeconds: DAY }, {}],
  ]
  it.each(table)('%s', (_name, more, expected) => {
    expect(problems(more)).toEqual(expected)
  })

  it('and what was stored before something could be said is read as not saying it', () => {
    const { reminders: _, automatic: __, emergency: ___, ...old } = { ...blankPolicy, entitlementIds: ['e'] }
    expect(completeDefinition(old)).toEqual({ ...blankPolicy, entitlementIds: ['e'], reminders: [] })
  })
})
