import { describe, expect, it } from 'vitest'
import {
  askedTogether,
  becameWords,
  byAsk,
  consequenceWords,
  narrowedWords,
  startOf,
  stepWords,
} from './deciding-words'
import type { DecisionView, Progress, StepView, ToDecide } from './views'

const now = new Date('2026-11-12T13:00:00Z')
const tomorrow = new Date('2026-11-13T08:00:00Z')
const zone = 'UTC'

const decision = (more: Partial<DecisionView>): DecisionView => ({
  requestId: 'r',
  step: 0,
  personId: 'ben',
  personName: 'Ben Okafor',
  verdict: 'approve',
  note: null,
  seconds: null,
  startAt: null,
  forName: null,
  decidedAt: now,
  ...more,
})
const step = (more: Partial<StepView> = {}): StepView => ({
  quorum: 1,
  needed: 1,
  approvers: [],
  decisions: [],
  open: false,
  separation: null,
  escalated: null,
  reassigned: null,
  ...more,
})
const progress = (more: Partial<Progress> = {}): Progress => ({
  step: 0,
  steps: 1,
  agreed: 0,
  needed: 1,
  missing: 1,
  ...more,
})

describe('which step it is', () => {
  it.each<[string, Progress, StepView[], string]>([
    ['one step needs no words', progress(), [step()], ''],
    ['the first of two', progress({ steps: 2 }), [step(), step()], 'This is step 1 of 2.'],
    [
      'the second of three, with who agreed before',
      progress({ step: 1, steps: 3 }),
      [step({ decisions: [decision({})] }), step(), step()],
      'This is step 2 of 3. Ben Okafor agreed on step 1.',
    ],
    [
      'a substitute’s yes says for whom',
      progress({ step: 1, steps: 2 }),
      [step({ decisions: [decision({ personName: 'Jun Sato', forName: 'Ben Okafor' })] }), step()],
      'This is step 2 of 2. Jun Sato in place of Ben Okafor agreed on step 1.',
    ],
  ])('%s', (_name, progress, steps, words) => {
    expect(stepWords({ progress, steps })).toBe(words)
  })
})

function request(more: Partial<ToDecide> = {}): ToDecide {
  const base = {
    kind: 'grant',
    entitlement: { name: 'prod_read' },
    application: { byHand: false },
    person: { name: 'Ana Oliveira' },
    seconds: 3_600,
    startAt: null,
    progress: progress(),
    steps: [step()],
    grant: null,
  }
  return { ...base, ...more } as ToDecide
}

describe('what a yes does', () => {
  it.each<[string, ToDecide, Date | null, string]>([
    ['the last yes', request(), null, 'Once approved, Ana gets prod_read within seconds. It ends by itself.'],
    [
      'with a start that was asked for',
      request({ startAt: tomorrow }),
      null,
      'Once approved, Ana gets prod_read tomorrow 08:00. It ends by itself.',
    ],
    [
      'with a later start that the approver sets',
      request(),
      tomorrow,
      'Once approved, Ana gets prod_read tomorrow 08:00. It ends by itself.',
    ],
    [
      'without an end',
      request({ seconds: null }),
      null,
      'Once approved, Ana gets prod_read within seconds. It has no end.',
    ],
    [
      'one of two, with a step to follow',
      request({ progress: progress({ steps: 2, needed: 2, missing: 3 }), steps: [step(), step()] }),
      null,
      'This is step 1 of 2. Your yes counts as one of those needed: 1 more has to agree on it, and one step follows. Ana gets prod_read once all of them agreed.',
    ],
  ])('%s', (_name, asked, later, words) => {
    expect(consequenceWords(asked, { later }, now, zone)).toBe(words)
  })

  it('counts from the later of the two starts, and an extension from its present end', () => {
    const early = new Date('2026-11-12T18:00:00Z')
    expect(startOf(request({ startAt: tomorrow }), early, now)).toEqual(tomorrow)
    expect(startOf(request({ startAt: early }), tomorrow, now)).toEqual(tomorrow)
    expect(startOf(request({ startAt: new Date('2026-11-12T12:00:00Z') }), null, now)).toEqual(now)
    const grant = { times: { endsAt: tomorrow } } as ToDecide['grant']
    expect(startOf(request({ kind: 'extension', grant }), null, now)).toEqual(tomorrow)
  })
})

it('moves what was asked in one go together, to where its first one stands', () => {
  const items = ['a1', 'b1', 'a2', 'c1', 'b2'].map((id) => ({ id, askId: id.slice(0, 1) }))
  expect(byAsk(items).map((g) => g.map((i) => i.id))).toEqual([['a1', 'a2'], ['b1', 'b2'], ['c1']])
  expect(askedTogether(3, 'Ana Oliveira')).toBe('3 from Ana, asked in one go')
})

it('says what a yes narrowed', () => {
  expect(narrowedWords({ seconds: 3_600, startAt: tomorrow }, zone, now)).toBe(
    'shortened to 1 hour, to start tomorrow 08:00',
  )
  expect(narrowedWords({ seconds: null, startAt: null }, zone, now)).toBe('')
})

it.each([
  ['approved', ['Mira'], 'Mira approved it'],
  ['denied', [], 'Somebody denied it'],
  ['withdrawn', ['Ana'], 'Ana withdrew it'],
  ['lapsed', [], 'It lapsed'],
  ['pending', [], 'It does not wait for you any more'],
] as const)('says what became of it: %s', (state, byNames, words) => {
  expect(becameWords({ id: 'r', state, at: null, byNames })).toBe(words)
})
