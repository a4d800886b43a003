import { describe, expect, it } from 'vitest'
import {
  type Conflict,
  extraSteps,
  giveApart,
  type HowHeld,
  type OtherGrant,
  refusedTogether,
  type SeparationRule,
  separationProblems,
} from './separation'

const rule: SeparationRule = {
  name: 'Pay or check',
  reason: 'Nobody checks their own payments.',
  entitlementIds: ['pay', 'check'],
  effect: 'refuse',
  approvers: [],
}
const many = (count: number) => Array.from({ length: count }, (_, i) => `e${i}`)
const owners = { kind: 'owners' } as const

describe('a rule', () => {
  it.each<[string, Partial<SeparationRule>, string[]]>([
    ['that refuses needs no approvers', {}, []],
    ['with an extra step and approvers', { effect: 'extra_step', approvers: [owners] }, []],
    ['of twenty entitlements', { entitlementIds: many(20) }, []],
    ['without a name', { name: '' }, ['name']],
    ['without a reason', { reason: '' }, ['reason']],
    ['of one entitlement', { entitlementIds: ['pay'] }, ['entitlementIds']],
    ['of one entitlement twice', { entitlementIds: ['pay', 'pay'] }, ['entitlementIds']],
    ['of twenty-one entitlements', { entitlementIds: many(21) }, ['entitlementIds']],
    ['with an extra step that nobody is asked on', { effect: 'extra_step' }, ['approvers']],
    [
      'with too many on the extra step',
      { effect: 'extra_step', approvers: Array.from({ length: 51 }, () => owners) },
      ['approvers'],
    ],
    [
      'that says nothing at all: everything at once',
      { name: '', reason: '', entitlementIds: [], effect: 'extra_step' },
      ['name', 'reason', 'entitlementIds', 'approvers'],
    ],
  ])('%s', (_name, more, fields) => {
    expect(Object.keys(separationProblems({ ...rule, ...more }))).toEqual(fields)
  })
})

const conflict = (more: Partial<Conflict> = {}): Conflict => ({
  ruleId: 'r1',
  rule: 'Pay or check',
  reason: 'Nobody checks their own payments.',
  effect: 'refuse',
  approvers: [owners],
  other: { id: 'pay', name: 'pay', application: 'Bank' },
  how: 'held',
  grant: null,
  ...more,
})

describe('a rule that refuses', () => {
  it.each<[HowHeld, boolean, boolean, boolean]>([
    ['held', true, true, true],
    ['agreed', true, true, false],
    ['asked', true, false, false],
  ])(
    'counts what is %s when asking %s, when deciding %s, for more time %s',
    (how, asking, deciding, more) => {
      const refused = (counts?: HowHeld[]) => refusedTogether([conflict({ how })], 'check', counts) !== null
      expect(refused(['held', 'agreed', 'asked'])).toBe(asking)
      expect(refused()).toBe(deciding)
      expect(refused(['held'])).toBe(more)
    },
  )

  it('says both, how the other is held, and why', () => {
    expect(refusedTogether([conflict({ how: 'agreed' })], 'check')).toEqual({
      ok: false,
      code: 'not_eligible',
      message:
        'check and pay on Bank, which is agreed for later, may not be held together: Nobody checks their own payments.',
    })
  })

  it('is not what a rule with an extra step does', () => {
    expect(refusedTogether([conflict({ effect: 'extra_step' })], 'check')).toBeNull()
  })
})

describe('a rule with an extra step', () => {
  const extra = conflict({ effect: 'extra_step' })
  const step = { approvers: [owners], quorum: 1, separationId: 'r1' }

  it.each<
    [string, Conflict[], Parameters<typeof extraSteps>[1], Parameters<typeof extraSteps>[2], unknown[]]
  >([
    ['adds one', [extra], undefined, [], [step]],
    ['adds one for all its pairs', [extra, { ...extra, how: 'asked' }], undefined, [], [step]],
    ['adds none where its own is there', [extra], undefined, [step], []],
    ['adds one beside the policy’s', [extra], undefined, [{ approvers: [owners], quorum: 1 }], [step]],
    [
      'adds none for what is only asked for, when deciding',
      [{ ...extra, how: 'asked' }],
      ['held', 'agreed'],
      [],
      [],
    ],
    [
      'and another one add two',
      [extra, { ...extra, ruleId: 'r2' }],
      undefined,
      [],
      [step, { ...step, separationId: 'r2' }],
    ],
    ['adds none where it refuses', [conflict()], undefined, [], []],
  ])('%s', (_name, conflicts, counts, steps, expected) => {
    expect(extraSteps(conflicts, counts, steps)).toEqual(expected)
  })
})

describe('before the first give', () => {
  const mine = { id: 'b', createdAt: new Date('2026-11-12T12:00:00Z'), name: 'check' }
  const at = (time: string, more: Partial<OtherGrant> = {}): OtherGrant => ({
    id: 'a',
    createdAt: new Date(`2026-11-12T${time}Z`),
    begun: false,
    ...more,
  })
  const words =
    'check and pay on Bank, which is held, may not be held together: Nobody checks their own payments.'

  it.each<[string, Conflict[], string | null]>([
    ['nothing stands against it', [], null],
    ['what is held gives it up', [conflict({ grant: at('11:00:00', { begun: true }) })], words],
    [
      'what was agreed to later but is held, too',
      [conflict({ grant: at('13:00:00', { begun: true }) })],
      words,
    ],
    ['what is about to be given and was made before', [conflict({ grant: at('11:00:00') })], words],
    ['what was made in the same moment, by its id', [conflict({ grant: at('12:00:00') })], words],
    ['what was made after it gives way, and is waited for', [conflict({ grant: at('13:00:00') })], 'wait'],
    ['the same moment the other way round', [conflict({ grant: at('12:00:00', { id: 'c' }) })], 'wait'],
    [
      'one that stays is stronger than one that gives way',
      [conflict({ grant: at('13:00:00') }), conflict({ grant: at('11:00:00') })],
      words,
    ],
    ['what starts later does not count', [conflict({ how: 'agreed', grant: at('11:00:00') })], null],
    ['what is only asked for does not count', [conflict({ how: 'asked' })], null],
    [
      'an extra step was decided on and does not count',
      [conflict({ effect: 'extra_step', grant: at('11:00:00') })],
      null,
    ],
  ])('%s', (_name, conflicts, expected) => {
    expect(giveApart(conflicts, mine)).toBe(expected)
  })
})
